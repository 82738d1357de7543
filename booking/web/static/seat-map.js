/** <seat-map>: the house, drawn on a canvas, to look at, to move around in, and to press seats in.
 *
 * A canvas, because a house may have 50,000 seats; but the seat that the keyboard is at is a button,
 * with a name for screen readers. A large house begins with its sections. Events: "press" with the id of a seat, "area" with those in a
 * rectangle that was drawn with Shift; "leave" when the keyboard is to go on to what was chosen; "place"
 * with a point of the plan, while one is to be picked.
 */

import { MapContents } from "./map-contents.js";
import { MapCursor } from "./map-cursor.js";
import { MapDrawing } from "./map-drawing.js";
import { Gestures } from "./map-gestures.js";
import { Frame, Mark, Tip } from "./map-overlays.js";
import { element, text } from "./page.js";
import { middleSeat } from "./sections.js";
import { View } from "./view.js";

/** @typedef {import("./plan.js").Plan} Plan */
/** @typedef {import("./map-gestures.js").Spot} Spot */
/** @typedef {import("./sections.js").Section} Section */

/** Below this radius on the screen, in pixels, a finger or a mouse cannot tell seats apart: to press
 * there is to come closer. */
const FINGER = 16;
const MOUSE = 3;
const CLOSER_RADIUS = 18;
/** From this radius on, seats are seen well. */
const CLEAR = 9;
/** From this radius on, the keyboard is at a seat that one can see. */
const VISIBLE = 5;
const MARGIN = 20;
const HINT_MS = 2500;
const ZOOM_KEYS = /** @type {{[key: string]: string}} */ ({ "+": "in", "=": "in", "-": "out", 0: "fit" });

export class SeatMap extends HTMLElement {
  #tip = new Tip();
  #rubber = new Frame();
  #mark = new Mark();
  #cursor = new MapCursor("map-keys");
  #view = new View();
  #drawing = new MapDrawing(this.#view);
  #contents = /** @type {MapContents | null} */ (null);
  #hint = 0;

  connectedCallback() {
    const keys = element("p", { className: "spoken", id: "map-keys", textContent: this.getAttribute("keys") ?? "" });
    this.append(
      this.#drawing.canvas,
      this.#drawing.overview.element,
      ...this.#cursor.buttons,
      this.#tip.element,
      this.#rubber.element,
      this.#mark.element,
      keys,
    );
    this.role = "application";
    this.ariaLabel = this.getAttribute("label");
    this.#listen();
  }

  /**
   * Show a house. `looks` tells of a seat how it is.
   * @param {Plan} plan
   * @param {(id: string) => Looks} looks
   */
  show(plan, looks) {
    const contents = new MapContents(plan, looks);
    this.#contents = contents;
    this.#drawing.show(contents);
    this.#view.show(plan.bounds, plan.radius);
    this.#viewChanged();
    this.#cursor.show(plan, looks, contents.sections);
  }

  /**
   * Seats have become others: draw them, and nothing else.
   * @param {string[]} ids
   */
  update(ids) {
    if (this.#cursor.section || ids.includes(this.#cursor.seat?.id ?? "")) this.#cursor.rename();
    this.#drawing.update(ids);
  }

  /**
   * Mark a point of the plan.
   * @param {Point} point
   * @param {string} words what is there
   */
  mark(point, words) {
    this.#mark.set(point, words);
    this.#mark.place(this.#view);
  }

  /** Whether the next press is to pick a point of the plan, not a seat. */
  get picking() {
    return this.classList.contains("picking");
  }

  set picking(on) {
    this.classList.toggle("picking", on);
  }

  /** How many seats are shown; for tests, as is `locate()`. */
  get seatCount() {
    return this.#contents?.plan.seats.size ?? 0;
  }

  /**
   * Zoom "in" or "out", or until everything "fit"s.
   * @param {string} direction
   */
  zoom(direction) {
    if (direction === "fit") this.#view.fit();
    else this.#view.zoomBy(direction === "in" ? 1.6 : 1 / 1.6, this.clientWidth / 2, this.clientHeight / 2);
    this.#viewChanged();
  }

  /**
   * Bring seats into view, near enough to see them well.
   * @param {string[]} ids
   */
  lookAt(ids) {
    const middle = this.#contents?.plan.middle(ids);
    if (!middle) return;
    this.#view.lookAt(middle.x, middle.y, CLEAR, CLOSER_RADIUS);
    this.#viewChanged();
  }

  /**
   * A seat in words.
   * @param {string} id
   */
  describe(id) {
    return this.#contents?.describe(id) ?? "";
  }

  /**
   * Where a seat is in the window, in pixels.
   * @param {string} id
   */
  locate(id) {
    const seat = this.#contents?.plan.seats.get(id);
    if (!seat) return null;
    const [x, y] = this.#view.toScreen(seat.x, seat.y);
    const { left, top } = this.getBoundingClientRect();
    return { x: left + x, y: top + y, radius: seat.r * this.#view.scale };
  }

  // What is drawn

  /** The radius of a seat on the screen. */
  get #shownRadius() {
    return (this.#contents?.plan.radius ?? 0) * this.#view.scale;
  }

  /** Whether sections are shown instead of seats. */
  get #showsSections() {
    return this.#contents?.showsSections(this.#view) ?? false;
  }

  #viewChanged() {
    // At first, a finger on the map scrolls the page; from closer, it moves the house.
    this.style.touchAction = this.#view.fits ? "pan-y" : "none";
    this.toggleAttribute("data-near", !this.#view.fits);
    this.#tip.hide();
    this.#cursor.goInSections(this.#showsSections);
    this.#cursor.place(this.#view);
    this.#mark.place(this.#view);
    this.#drawing.moved();
  }

  #resize() {
    if (!this.clientWidth) return;
    this.#view.resize(this.clientWidth, this.clientHeight);
    this.#viewChanged();
    this.#drawing.resize(this.clientWidth, this.clientHeight);
  }

  // What people do

  #listen() {
    this.addEventListener("keydown", (event) => this.#key(event));
    this.#cursor.addEventListener("press", () => {
      if (this.#cursor.section) this.#goIn(this.#cursor.section);
      else this.#press(this.#cursor.seat);
    });
    this.#cursor.addEventListener("focus", () => this.#bringIntoView());
    this.#cursor.addEventListener("turn", () => this.#cursor.place(this.#view));
    new Gestures(this.#drawing.canvas, {
      press: (at, pointerType) => this.#pressAt(at, pointerType === "mouse" ? MOUSE : FINGER),
      drag: (dx, dy) => this.#drag(dx, dy),
      zoom: (factor, at) => this.#zoomBy(factor, at),
      hover: (at) => this.#hover(at),
      leave: () => this.#tip.hide(),
      stretch: (from, to) => this.#rubber.stretch(from, to),
      frame: (from, to) => this.#selectArea(from, to),
      drawsFrames: () => this.hasAttribute("areas"),
      wheelAlone: () => this.#hintAtZoom(),
    });
    new ResizeObserver(() => this.#resize()).observe(this);
    for (const query of ["(prefers-color-scheme: dark)", "(forced-colors: active)"]) {
      matchMedia(query).addEventListener("change", () => this.#drawing.recolor());
    }
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape" && !this.#view.fits) this.zoom("fit");
    else if (event.key === "b") this.dispatchEvent(new Event("leave"));
    else if (event.key in ZOOM_KEYS) this.zoom(ZOOM_KEYS[event.key]);
    else if (!this.#cursor.follow(event.key)) return;
    event.preventDefault();
  }

  #bringIntoView() {
    const seat = this.#cursor.seat;
    if (!seat || this.#cursor.section) return;
    const [x, y] = this.#view.toScreen(seat.x, seat.y);
    const inside = x > MARGIN && y > MARGIN && x < this.clientWidth - MARGIN && y < this.clientHeight - MARGIN;
    if (!inside || this.#shownRadius < VISIBLE) this.lookAt([seat.id]);
  }

  /** @param {PlannedSeat | null} seat */
  #press(seat) {
    if (seat && this.picking) this.#pick(seat.x, seat.y);
    else if (seat) this.dispatchEvent(new CustomEvent("press", { detail: seat.id }));
  }

  /**
   * @param {number} x
   * @param {number} y
   */
  #pick(x, y) {
    // No more digits than one sees.
    const [shortX, shortY] = [x, y].map((each) => Number(each.toPrecision(6)));
    this.dispatchEvent(new CustomEvent("place", { detail: { x: shortX, y: shortY } }));
  }

  /**
   * @param {Spot} at
   * @param {number} least the radius from which on seats can be told apart
   */
  #pressAt(at, least) {
    if (this.picking) return this.#pick(...this.#view.toPlan(...at));
    if (this.#showsSections) {
      const section = this.#contents?.sectionAt(this.#view, at);
      if (section) this.#goIn(section);
      return;
    }
    if (this.#shownRadius < least) return this.#zoomBy(CLOSER_RADIUS / this.#shownRadius, at);
    const seat = this.#contents?.seatAt(this.#view, at);
    if (!seat) return;
    this.#cursor.goTo(seat);
    this.#press(seat);
  }

  /** @param {Section} section */
  #goIn(section) {
    const focus = this.contains(document.activeElement);
    this.#view.showPart(section.bounds);
    this.#viewChanged();
    this.#cursor.goTo(middleSeat(section), { focus });
  }

  /** The page scrolls: say how one zooms. */
  #hintAtZoom() {
    this.#tip.show(text("zoom_hint"), [this.clientWidth / 2, this.clientHeight / 2], 0);
    clearTimeout(this.#hint);
    this.#hint = setTimeout(() => this.#tip.hide(), HINT_MS);
  }

  /**
   * @param {number} factor
   * @param {Spot} at
   */
  #zoomBy(factor, [x, y]) {
    this.#view.zoomBy(factor, x, y);
    this.#viewChanged();
  }

  /**
   * @param {number} dx
   * @param {number} dy
   */
  #drag(dx, dy) {
    if (this.#view.fits) return;
    this.#view.moveBy(dx, dy);
    this.#viewChanged();
  }

  /** @param {Spot} at */
  #hover(at) {
    const sections = this.#showsSections;
    const seat = sections || this.#shownRadius < MOUSE ? null : this.#contents?.seatAt(this.#view, at);
    this.classList.toggle("pointing", Boolean(seat ?? (sections && this.#contents?.sectionAt(this.#view, at))));
    if (seat) this.#tip.show(this.describe(seat.id), this.#view.toScreen(seat.x, seat.y), seat.r * this.#view.scale);
    else this.#tip.hide();
  }

  /**
   * @param {Spot} from
   * @param {Spot} to
   */
  #selectArea(from, to) {
    this.#rubber.hide();
    this.dispatchEvent(new CustomEvent("area", { detail: this.#contents?.inFrame(this.#view, from, to) ?? [] }));
  }
}

customElements.define("seat-map", SeatMap);
