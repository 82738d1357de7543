/** The shapes that the scripts of the pages share, for `tsc`: what the service sends, and which
 * elements the templates have. */

type SeatStatus = "available" | "locked" | "booked" | "blocked";

interface SeatDocument {
  id: string;
  status: SeatStatus;
  /** Of a locked one. */
  locked_at?: string;
}

interface SeatsDocument {
  version: number;
  seats: SeatDocument[];
  full?: boolean;
}

interface LockedSeatDocument extends SeatDocument {
  locked_at: string;
  expires_at: string;
}

interface LockedDocument {
  seat?: LockedSeatDocument;
  seats?: LockedSeatDocument[];
  expires_in: number;
  leaves_single?: string[];
}

interface BookingDocument {
  reference: string;
  event: string;
  seats: string[];
  booked_at: string;
  cancelled_at?: string;
  details?: { [question: string]: string | boolean };
  /** What the box office wrote down. */
  note?: string;
}

interface BasketDocument {
  seats: (LockedSeatDocument & { expires_in: number })[];
  bookings: BookingDocument[];
  leaves_single?: string[];
}

interface EventDocument {
  event: string;
  name: string;
  starts_at: string | null;
  time_zone: string | null;
  on_sale_from: string | null;
  on_sale_until: string | null;
  visibility: "public" | "unlisted" | "draft";
  policy: {
    lock_seconds: number;
    max_lock_seconds: number;
    max_seats_per_holder: number;
    forbid_single_seats: boolean;
    cancel_until: string | null;
    best_available_excludes: string[];
    ask: QuestionDocument[];
  };
  front: FrontDocument;
}

/** What an organiser asks. A name, an e-mail address and a phone number have neither type nor words. */
interface QuestionDocument {
  id: string;
  type?: "text" | "choice" | "yes_no";
  question?: string;
  required: boolean;
  choices?: string[];
}

interface Guest {
  digest: string;
  reference: string;
  seat: string;
  section: string;
  row: string;
  number: string;
  name: string;
  checked_in_at?: string;
  door?: string;
}

interface GuestsDocument {
  version: number;
  full: boolean;
  guests: Guest[];
  gone: string[];
}

interface CountedSeats {
  total: number;
  available: number;
  locked: number;
  booked: number;
  blocked: number;
  checked_in: number;
}

interface ReportDocument {
  seats: CountedSeats;
  sections: (CountedSeats & { section: string })[];
  days: { day: string; booked: number; cancelled: number; checked_in: number; checked_out: number }[];
  locks: { locked: number; booked: number; share: number | null };
  complete: boolean;
}

/** RFC 9457, with the members that the pages read. */
interface ProblemDocument {
  code: string;
  status: number;
  detail: string;
  seats?: string[];
  unavailable?: SeatDocument[];
  reason?: string;
  mistakes?: string[];
  mistake_count?: number;
  largest_block?: number;
  on_sale_until?: string | null;
  held_by_you?: boolean;
  booked_by_you?: boolean;
  outcome_unknown?: boolean;
  fields?: { [id: string]: string };
  checked_in_at?: string;
  door?: string;
}

/** Where the front of a house is, why there, and what is written there. */
interface FrontDocument extends Point {
  reason: string;
  text?: string;
}

interface Point {
  x: number;
  y: number;
}

interface Bounds {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** A plan as the seating plan editor of pretix writes it. */
interface PlanDocument {
  categories: { name: string; color?: string; label?: string }[];
  zones: ZoneDocument[];
  focal_point?: Point;
}

interface ZoneDocument {
  name?: string;
  position: Point;
  rows: RowDocument[];
  areas?: AreaDocument[];
}

interface RowDocument {
  row_number: string;
  /** "start", "end" or "both", as without it; null for no label. */
  row_number_position?: string | null;
  /** Patterns of names, in which "%s" is the number. */
  row_label?: string | null;
  seat_label?: string | null;
  position?: Point;
  seats: { seat_guid: string; seat_number: string; category: string; radius?: number; position: Point }[];
}

interface AreaDocument {
  shape?: string;
  position?: Point;
  rotation?: number;
  color?: string;
  border_color?: string;
  text?: { text?: string; position?: Point; size?: number; color?: string } | null;
  rectangle?: { width: number; height: number };
  circle?: { radius: number };
  ellipse?: { radius: Point };
  polygon?: { points: Point[] };
  width?: number;
  height?: number;
}

type Change = "locked" | "released" | "expired" | "booked" | "cancelled" | "blocked" | "unblocked" | "extended";

interface HistoryEntry {
  version: number;
  at: string;
  seat: string;
  change: Change;
}

/** A text, its forms by plural category, or texts of one kind by name. */
type Texts = string | { [name: string]: Texts };

/** How a seat looks: its status, or what it is to whoever looks. */
type Look = SeatStatus | "asking" | "mine" | "yours_booked" | "chosen";

/** How a seat looks, the same in words, and whether it is pressed, as a button says it. */
interface Looks {
  look: Look;
  words: string;
  mine: boolean;
}

interface PlannedSeat {
  id: string;
  /** The centre and the radius, in the unit of the plan. */
  x: number;
  y: number;
  r: number;
  /** The label of the row; "" if there is but one. */
  row: string;
  /** What the plan calls the row, and the seat; "" if it leaves that to us. */
  rowName: string;
  name: string;
  /** The label of the seat in its row. */
  number: string;
  /** "" if there is but one. */
  zone: string;
  category: string;
  /** Which row it is in, counted through the house. */
  line: number;
  /** Which seat it is, in the order of the plan, and as one walks along its row. */
  place: number;
  along: number;
}

interface PlannedRow {
  label: string;
  /** What the plan calls it; "" if it leaves that to us. */
  name: string;
  zone: string;
  /** As one walks past them. */
  seats: PlannedSeat[];
  /** At which ends the plan wants its label. */
  labelled: string | null;
  labels: RowLabel[];
}

/** Where the label of a row is drawn. */
interface RowLabel {
  x: number;
  y: number;
  /** To which side of the seats: -1 is left, 1 is right, 0 is above or below. */
  side: number;
  /** The radius of the seat beside it. */
  r: number;
}

/** What is drawn of a house besides its seats: a stage, a bar, a table, or merely a text. */
interface PlannedArea {
  /** Where it is in the plan: the corner of a rectangle, the centre of what is round. */
  x: number;
  y: number;
  /** By how much it is turned around that, in radians. */
  turn: number;
  shape: "rectangle" | "ellipse" | "polygon" | "text";
  /** From x and y, as are the points of a polygon and the middle of the text. */
  box: Bounds;
  points: Point[];
  color: string;
  border: string;
  /** Its text. */
  lines: string[];
  caption: Point;
  /** Of its text, in the unit of the plan; 0 is one that fits. */
  size: number;
  ink: string;
}

interface Window {
  /** Not in every browser yet. */
  scheduler?: { yield?(): Promise<void> };
}

/** Those elements of the templates that are more than an HTMLElement. */
interface PageElements {
  "seat-map": import("./static/seat-map.js").SeatMap;
  "#basket-actions": HTMLFormElement;
  "#camera": HTMLVideoElement;
  "#query": HTMLInputElement;
  "[name=way]:checked": HTMLInputElement;
  "#best": HTMLFormElement;
  "#best-category": HTMLSelectElement;
  "#best-count": HTMLInputElement;
  "#best-split": HTMLInputElement;
  "#best-submit": HTMLButtonElement;
  "#block": HTMLButtonElement;
  "#block-name": HTMLInputElement;
  "#block-note": HTMLInputElement;
  "#confirm": HTMLButtonElement;
  "#copy": HTMLFormElement;
  "#event": HTMLFormElement;
  "#extend": HTMLButtonElement;
  "#find": HTMLFormElement;
  "#found-cancel": HTMLButtonElement;
  "#key": HTMLFormElement;
  "#list": HTMLDetailsElement;
  "#lost-email": HTMLInputElement;
  "#open": HTMLFormElement;
  "#open-plan": HTMLInputElement;
  "#page": HTMLScriptElement;
  "#question": HTMLDialogElement;
  "#reference": HTMLInputElement;
  "#booking-cancel": HTMLButtonElement;
  "#booking-move": HTMLButtonElement;
  "#found-move": HTMLButtonElement;
  "#move-yes": HTMLButtonElement;
  "#sell": HTMLFormElement;
  "#sell-dialog": HTMLDialogElement;
  "#sell-note": HTMLInputElement;
  "#sell-open": HTMLButtonElement;
  "#sell-submit": HTMLButtonElement;
  "#search": HTMLInputElement;
  "#ticket": HTMLDialogElement;
  "#token": HTMLInputElement;
  "#unblock": HTMLButtonElement;
  "#unchoose": HTMLButtonElement;
}

interface HTMLElementTagNameMap {
  "seat-map": import("./static/seat-map.js").SeatMap;
}
