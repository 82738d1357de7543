/** The seat that the keyboard is at, or the section: a button, with a name for screen readers. */

import { element, text } from "./page.js";
import { middleSeat } from "./sections.js";
import { nearest, step } from "./steps.js";

/** @typedef {import("./plan.js").Plan} Plan */
/** @typedef {import("./sections.js").Section} Section */

const SECTION_SIZE = 56;

const DIRECTIONS = /** @type {{[key: string]: import("./steps.js").Direction}} */ ({
  ArrowLeft: "left",
  ArrowRight: "right",
  ArrowUp: "up",
  ArrowDown: "down",
});

/**
 * Events: "press" when its seat is pressed, "focus" when it is given the focus.
 */
export class MapCursor extends EventTarget {
  /** Two, that take turns: a screen reader reads a button when it is given the focus, not when it is
   * renamed. */
  buttons;
  #looks = /** @type {(id: string) => Looks} */ (() => ({ look: "available", words: "", mine: false }));
  #plan = /** @type {Plan | null} */ (null);
  #seat = /** @type {PlannedSeat | null} */ (null);
  #sections = /** @type {Section[]} */ ([]);
  #inSections = false;

  /** @param {string} describedBy the id of what says which keys there are */
  constructor(describedBy) {
    super();
    this.buttons = [0, 1].map(() => element("button", { type: "button", className: "cursor", hidden: true }));
    for (const button of this.buttons) {
      button.setAttribute("aria-describedby", describedBy);
      button.addEventListener("click", () => this.dispatchEvent(new Event("press")));
      button.addEventListener("focus", () => this.dispatchEvent(new Event("focus")));
    }
  }

  /** The seat that it is at; null before there is a plan. */
  get seat() {
    return this.#seat;
  }

  /** The section that it is at; null if it goes from seat to seat. */
  get section() {
    return this.#inSections ? (this.#sections.find(({ name }) => name === this.#seat?.zone) ?? null) : null;
  }

  /** @param {boolean} inSections whether it goes from section to section */
  goInSections(inSections) {
    if (inSections === this.#inSections) return;
    this.#inSections = inSections;
    this.#turn(document.activeElement === this.buttons[0]);
  }

  /**
   * Go to a house: to the same seat as before, if it has it.
   * @param {Plan} plan
   * @param {(id: string) => Looks} looks
   * @param {Section[]} sections
   */
  show(plan, looks, sections) {
    this.#looks = looks;
    this.#sections = sections;
    this.#plan = plan;
    this.#seat = plan.seats.get(this.#seat?.id ?? "") ?? plan.rows[0]?.seats[0] ?? null;
    this.#turn();
  }

  /** @param {PlannedSeat} seat */
  goTo(seat, { focus = false } = {}) {
    this.#seat = seat;
    this.#turn(focus);
  }

  /**
   * Go where a key says. Returns whether it is a key for that.
   * @param {string} key
   */
  follow(key) {
    if (!this.#plan || !this.#seat) return false;
    if (this.section) return this.#followSection(this.section, key);
    const { seats } = this.#plan.rows[this.#seat.line];
    if (key in DIRECTIONS) this.goTo(step(this.#plan, this.#seat, DIRECTIONS[key]) ?? this.#seat, { focus: true });
    else if (key === "Home") this.goTo(seats[0], { focus: true });
    else if (key === "End") this.goTo(seats[seats.length - 1], { focus: true });
    else return false;
    return true;
  }

  /**
   * @param {Section} from
   * @param {string} key
   */
  #followSection(from, key) {
    const direction = DIRECTIONS[key];
    if (!direction) return false;
    const seats = this.#sections.filter((section) => section !== from).map(middleSeat);
    const axis = direction === "left" || direction === "right" ? "x" : "y";
    const seat = nearest(seats, middleSeat(from), axis, direction === "left" || direction === "up" ? -1 : 1);
    if (seat) this.goTo(seat, { focus: true });
    return true;
  }

  /** Its seat has become another: say how it is now. */
  rename() {
    this.#name(this.buttons[0]);
  }

  /** @param {import("./view.js").View} view */
  place(view) {
    if (!this.#seat) return;
    const { section } = this;
    const [x, y] = section ? view.toScreen(...section.middle) : view.toScreen(this.#seat.x, this.#seat.y);
    const size = section ? SECTION_SIZE : Math.max(this.#seat.r * view.scale, 4) * 2 + 6;
    Object.assign(this.buttons[0].style, {
      width: `${size}px`,
      height: `${size}px`,
      transform: `translate(${x - size / 2}px, ${y - size / 2}px)`,
    });
  }

  #turn(focus = false) {
    this.buttons.reverse();
    const [now, before] = this.buttons;
    now.hidden = this.#seat === null;
    this.#name(now);
    this.dispatchEvent(new Event("turn"));
    if (focus) {
      // The map moves by itself, the page only if the button is out of sight.
      now.focus({ preventScroll: true });
      now.scrollIntoView({ block: "nearest", inline: "nearest" });
    }
    before.hidden = true;
  }

  /** @param {HTMLButtonElement} button */
  #name(button) {
    if (!this.#plan || !this.#seat) return;
    if (this.section) return this.#nameSection(button, this.section);
    const { words, mine } = this.#looks(this.#seat.id);
    button.setAttribute("aria-label", this.#plan.describe(this.#seat.id, words));
    button.setAttribute("aria-pressed", String(mine));
    button.dataset.seat = this.#seat.id;
  }
  /**
   * @param {HTMLButtonElement} button
   * @param {Section} section
   */
  #nameSection(button, { name, seats }) {
    const free = seats.filter(({ id }) => this.#looks(id).look === "available").length;
    const left = text("row_summary", { count: free, free, total: seats.length });
    button.setAttribute("aria-label", `${name}, ${left}`);
    button.removeAttribute("aria-pressed");
    delete button.dataset.seat;
  }
}
