/** <seat-map>: the house, drawn on a canvas, to look at, to move around in, and to press seats in.
 *
 * A canvas, because a house may have 50,000 seats; but the seat that the keyboard is at is a button,
 * with a name for screen readers. Events: "press" with the id of a seat, "area" with those in a
 * rectangle that was drawn with Shift.
 */

import { MapCursor } from "./map-cursor.js";
import { Gestures } from "./map-gestures.js";
import { Frame, Tip } from "./map-overlays.js";
import { element } from "./page.js";
import { Painter } from "./painter.js";
import { View } from "./view.js";

/** @typedef {import("./plan.js").Plan} Plan */
/** @typedef {import("./map-gestures.js").Spot} Spot */

/** Below this radius on the screen, in pixels, a finger or a mouse cannot tell seats apart: to press
 * there is to come closer. */
const FINGER = 9;
const MOUSE = 3;
const CLOSER_RADIUS = 15;
/** From this radius on, the keyboard is at a seat that one can see. */
const VISIBLE = 5;
const MARGIN = 20;
/** To draw so many seats one by one takes as long as to draw the whole house. */
const MANY = 200;
const ZOOM_KEYS = /** @type {{[key: string]: string}} */ ({ "+": "in", "=": "in", "-": "out", 0: "fit" });

export class SeatMap extends HTMLElement {
  #canvas = element("canvas");
  #tip = new Tip();
  #rubber = new Frame();
  #cursor = new MapCursor("map-keys");
  #view = new View();
  #plan = /** @type {Plan | null} */ (null);
  #painter = /** @type {Painter | null} */ (null);
  #looks = /** @type {(id: string) => Looks} */ (() => ({ look: "available", words: "", mine: false }));
  #changed = /** @type {Set<string>} */ (new Set());
  #frame = 0;
  #whole = false;

  connectedCallback() {
    const keys = element("p", { className: "spoken", id: "map-keys", textContent: this.getAttribute("keys") ?? "" });
    this.append(this.#canvas, ...this.#cursor.buttons, this.#tip.element, this.#rubber.element, keys);
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
    this.#plan = plan;
    this.#looks = looks;
    this.#painter = new Painter(this.#canvas, plan, (id) => looks(id).look);
    this.#view.show(plan.bounds, plan.radius);
    this.#resize();
    this.#cursor.show(plan, looks);
  }

  /**
   * Seats have become others: draw them, and nothing else.
   * @param {string[]} ids
   */
  update(ids) {
    for (const id of ids) this.#changed.add(id);
    if (this.#cursor.seat && this.#changed.has(this.#cursor.seat.id)) this.#cursor.rename();
    this.#schedule();
  }

  /** How many seats are shown; for tests, as is `locate()`. */
  get seatCount() {
    return this.#plan?.seats.size ?? 0;
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
    const middle = this.#plan?.middle(ids);
    if (!middle) return;
    this.#view.lookAt(middle.x, middle.y, FINGER, CLOSER_RADIUS);
    this.#viewChanged();
  }

  /**
   * A seat in words.
   * @param {string} id
   */
  describe(id) {
    return this.#plan?.describe(id, this.#looks(id).words) ?? "";
  }

  /**
   * Where a seat is in the window, in pixels.
   * @param {string} id
   */
  locate(id) {
    const seat = this.#plan?.seats.get(id);
    if (!seat) return null;
    const [x, y] = this.#view.toScreen(seat.x, seat.y);
    const { left, top } = this.getBoundingClientRect();
    return { x: left + x, y: top + y, radius: seat.r * this.#view.scale };
  }

  // What is drawn

  /** The radius of a seat on the screen. */
  get #shownRadius() {
    return (this.#plan?.radius ?? 0) * this.#view.scale;
  }

  #viewChanged() {
    // At first, a finger on the map scrolls the page; from closer, it moves the house.
    this.style.touchAction = this.#view.fits ? "pan-y" : "none";
    this.toggleAttribute("data-near", !this.#view.fits);
    this.#tip.hide();
    this.#whole = true;
    this.#cursor.place(this.#view);
    this.#schedule();
  }

  #resize() {
    if (!this.clientWidth) return;
    this.#painter?.resize(this.clientWidth, this.clientHeight);
    this.#view.resize(this.clientWidth, this.clientHeight);
    this.#viewChanged();
    // Now, or the canvas is empty until the next frame.
    this.#draw();
  }

  /** Draw everything anew: the colours are others. */
  #recolor() {
    this.#painter?.forget();
    this.#draw();
  }

  #schedule() {
    this.#frame ||= requestAnimationFrame(() => {
      if (this.#whole || this.#changed.size > MANY) this.#draw();
      else this.#painter?.drawSeats(this.#changed);
      this.#changed.clear();
      this.#frame = 0;
    });
  }

  #draw() {
    this.#whole = false;
    this.#painter?.draw(this.#view);
  }

  // What people do

  #listen() {
    this.addEventListener("keydown", (event) => this.#key(event));
    this.#cursor.addEventListener("press", () => this.#press(this.#cursor.seat));
    this.#cursor.addEventListener("focus", () => this.#bringIntoView());
    this.#cursor.addEventListener("turn", () => this.#cursor.place(this.#view));
    new Gestures(this.#canvas, {
      press: (at, pointerType) => this.#pressAt(at, pointerType === "mouse" ? MOUSE : FINGER),
      drag: (dx, dy) => this.#drag(dx, dy),
      zoom: (factor, at) => this.#zoomBy(factor, at),
      hover: (at) => this.#hover(at),
      leave: () => this.#tip.hide(),
      stretch: (from, to) => this.#rubber.stretch(from, to),
      frame: (from, to) => this.#selectArea(from, to),
      drawsFrames: () => this.hasAttribute("areas"),
      takesWheel: () => !this.#view.fits,
    });
    new ResizeObserver(() => this.#resize()).observe(this);
    for (const query of ["(prefers-color-scheme: dark)", "(forced-colors: active)"]) {
      matchMedia(query).addEventListener("change", () => this.#recolor());
    }
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key in ZOOM_KEYS) this.zoom(ZOOM_KEYS[event.key]);
    else if (!this.#cursor.follow(event.key)) return;
    event.preventDefault();
  }

  #bringIntoView() {
    const seat = this.#cursor.seat;
    if (!seat) return;
    const [x, y] = this.#view.toScreen(seat.x, seat.y);
    const inside = x > MARGIN && y > MARGIN && x < this.clientWidth - MARGIN && y < this.clientHeight - MARGIN;
    if (!inside || this.#shownRadius < VISIBLE) this.lookAt([seat.id]);
  }

  /** @param {PlannedSeat | null} seat */
  #press(seat) {
    if (seat) this.dispatchEvent(new CustomEvent("press", { detail: seat.id }));
  }

  /**
   * @param {Spot} at
   * @param {number} least the radius from which on seats can be told apart
   */
  #pressAt(at, least) {
    if (this.#shownRadius < least) return this.#zoomBy(CLOSER_RADIUS / this.#shownRadius, at);
    const seat = this.#seatAt(at);
    if (!seat) return;
    this.#cursor.goTo(seat);
    this.#press(seat);
  }

  /** @param {Spot} at */
  #seatAt([x, y]) {
    const [px, py] = this.#view.toPlan(x, y);
    return this.#plan?.at(px, py, Math.max(1.25 * this.#plan.radius, 5 / this.#view.scale)) ?? null;
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
    const seat = this.#shownRadius < MOUSE ? null : this.#seatAt(at);
    this.classList.toggle("pointing", Boolean(seat));
    if (seat) this.#tip.show(this.describe(seat.id), this.#view.toScreen(seat.x, seat.y), seat.r * this.#view.scale);
    else this.#tip.hide();
  }

  /**
   * @param {Spot} from
   * @param {Spot} to
   */
  #selectArea(from, to) {
    this.#rubber.hide();
    const [left, top] = this.#view.toPlan(Math.min(from[0], to[0]), Math.min(from[1], to[1]));
    const [right, bottom] = this.#view.toPlan(Math.max(from[0], to[0]), Math.max(from[1], to[1]));
    const ids = [];
    for (const { id, x, y } of this.#plan?.inside(left, top, right, bottom) ?? []) {
      if (x >= left && x <= right && y >= top && y <= bottom) ids.push(id);
    }
    this.dispatchEvent(new CustomEvent("area", { detail: ids }));
  }
}

customElements.define("seat-map", SeatMap);
