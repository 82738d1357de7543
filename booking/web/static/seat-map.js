/** <seat-map>: the house, drawn on a canvas, to look at, to move around in, and to press seats in.
 *
 * A canvas, because a house may have 50,000 seats; but the seat that the keyboard is at is a button,
 * with a name for screen readers. Events: "press" with the id of a seat, "area" with those in a
 * rectangle that was drawn with Shift.
 */

import { element } from "./page.js";
import { Painter } from "./painter.js";
import { View } from "./view.js";

/** Below this radius on the screen, in pixels, a finger or a mouse cannot tell seats apart: to press
 * there is to come closer. */
const FINGER = 9, MOUSE = 3;
const CLOSER_RADIUS = 15;
const DRAG = 6;

class SeatMap extends HTMLElement {
  #plan = null;
  #looks = () => ({ look: "available", words: "" });
  #painter;
  #view = new View();
  #pointers = new Map();
  #gesture = null;
  #cursors = [];
  #at = null;
  #changed = new Set();
  #frame = null;
  #whole = false;

  connectedCallback() {
    const canvas = element("canvas");
    this.#painter = new Painter(canvas);
    this.tip = element("p", { className: "tip", hidden: true });
    this.box = element("div", { className: "rubber", hidden: true });
    const keys = element("p", { className: "spoken", id: "map-keys", textContent: this.getAttribute("keys") });
    // Two, that take turns: a screen reader reads a button when it is given the focus, not when it is
    // renamed.
    this.#cursors = [0, 1].map(() => element("button", { type: "button", className: "cursor", hidden: true }));
    for (const cursor of this.#cursors) {
      cursor.setAttribute("aria-describedby", "map-keys");
      cursor.addEventListener("click", () => this.#press(this.#at));
      cursor.addEventListener("focus", () => this.#bringIntoView());
    }
    this.append(canvas, ...this.#cursors, this.tip, this.box, keys);
    this.setAttribute("role", "application");
    this.setAttribute("aria-label", this.getAttribute("label"));
    this.#listen(canvas);
    new ResizeObserver(() => this.#resize()).observe(this);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.redraw());
    matchMedia("(forced-colors: active)").addEventListener("change", () => this.redraw());
  }

  /** Show a plan. `looks` tells of a seat how it looks, and in words how it is. */
  show(plan, looks) {
    this.#plan = plan;
    this.#looks = looks;
    this.#painter.show(plan, (id) => looks(id).look);
    this.#at = plan.seats.has(this.#at?.id) ? plan.seats.get(this.#at.id) : plan.rows[0]?.seats[0];
    this.#view.show(plan.bounds, this.#radius);
    this.#resize();
    this.#moveCursor();
  }

  /** Seats have become others: draw them, and nothing else. */
  update(ids) {
    for (const id of ids) this.#changed.add(id);
    if (this.#at && this.#changed.has(this.#at.id)) this.#name(this.#cursor);
    this.#schedule();
  }

  /** Draw everything anew: the colours are others. */
  redraw() {
    this.#painter.forget();
    this.#draw();
  }

  /** How many seats are shown; for tests, as is `locate()`. */
  get seatCount() {
    return this.#plan?.seats.size ?? 0;
  }

  /** Zoom "in" or "out", or until everything "fit"s. */
  zoom(direction) {
    if (!this.#plan) return;
    if (direction === "fit") this.#view.fit();
    else this.#view.zoomBy(direction === "in" ? 1.6 : 1 / 1.6, this.clientWidth / 2, this.clientHeight / 2);
    this.#viewChanged();
  }

  /** Bring seats into view, near enough to see them well. */
  lookAt(ids) {
    const seats = ids.map((id) => this.#plan.seats.get(id)).filter(Boolean);
    if (!seats.length) return;
    const x = seats.reduce((sum, seat) => sum + seat.x, 0) / seats.length;
    const y = seats.reduce((sum, seat) => sum + seat.y, 0) / seats.length;
    this.#view.lookAt(x, y, FINGER, CLOSER_RADIUS);
    this.#viewChanged();
  }

  /** A seat in words. */
  describe(id) {
    return this.#plan.describe(id, this.#looks(id).words);
  }

  /** Where a seat is in the window, in pixels. */
  locate(id) {
    const seat = this.#plan.seats.get(id);
    const [x, y] = this.#view.toScreen(seat.x, seat.y);
    const { left, top } = this.getBoundingClientRect();
    return { x: left + x, y: top + y, radius: seat.r * this.#view.scale };
  }

  // What is drawn

  get #radius() {
    return this.#plan.rows[0]?.seats[0].r ?? 10;
  }

  /** The radius of a seat on the screen. */
  get #shownRadius() {
    return this.#radius * this.#view.scale;
  }

  #viewChanged() {
    // At first, a finger on the map scrolls the page; from closer, it moves the house.
    this.style.touchAction = this.#view.fits ? "pan-y" : "none";
    this.toggleAttribute("data-near", !this.#view.fits);
    this.tip.hidden = true;
    this.#whole = true;
    this.#placeCursor();
    this.#schedule();
  }

  #resize() {
    if (!this.#plan || !this.clientWidth) return;
    this.#painter.resize(this.clientWidth, this.clientHeight);
    this.#view.resize(this.clientWidth, this.clientHeight);
    this.#viewChanged();
    // Now, or the canvas is empty until the next frame.
    this.#draw();
  }

  #schedule() {
    this.#frame ??= requestAnimationFrame(() => {
      // To draw 200 seats one by one takes as long as to draw the whole house.
      if (this.#whole || this.#changed.size > 200) this.#draw();
      else this.#painter.drawSeats(this.#changed);
      this.#changed.clear();
      this.#frame = null;
    });
  }

  #draw() {
    this.#whole = false;
    this.#painter.draw(this.#view);
  }

  // The keyboard

  get #cursor() {
    return this.#cursors[0];
  }

  #moveCursor(focus = false) {
    if (!this.#at) return;
    this.#cursors.reverse();
    const [now, before] = this.#cursors;
    now.hidden = false;
    now.tabIndex = 0;
    this.#name(now);
    this.#placeCursor();
    if (focus) now.focus({ preventScroll: true });
    before.hidden = true;
  }

  #name(cursor) {
    const { mine } = this.#looks(this.#at.id);
    cursor.setAttribute("aria-label", this.describe(this.#at.id));
    cursor.setAttribute("aria-pressed", String(Boolean(mine)));
    cursor.dataset.seat = this.#at.id;
  }

  #placeCursor() {
    if (!this.#at) return;
    const [x, y] = this.#view.toScreen(this.#at.x, this.#at.y);
    const size = Math.max(this.#at.r * this.#view.scale, 4) * 2 + 6;
    Object.assign(this.#cursor.style, {
      width: `${size}px`, height: `${size}px`, transform: `translate(${x - size / 2}px, ${y - size / 2}px)`,
    });
  }

  #bringIntoView() {
    const [x, y] = this.#view.toScreen(this.#at.x, this.#at.y);
    const [w, h] = [this.clientWidth, this.clientHeight];
    if (this.#shownRadius < 5 || x < 20 || y < 20 || x > w - 20 || y > h - 20) this.lookAt([this.#at.id]);
  }

  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const direction = { ArrowLeft: "left", ArrowRight: "right", ArrowUp: "up", ArrowDown: "down" }[event.key];
    const zoom = { "+": "in", "=": "in", "-": "out", 0: "fit" }[event.key];
    if (!this.#at) return;
    if (direction) {
      this.#at = this.#plan.next(this.#at.id, direction) ?? this.#at;
      this.#moveCursor(true);
    } else if (event.key === "Home" || event.key === "End") {
      this.#at = this.#plan.rows[this.#at.line].seats.at(event.key === "Home" ? 0 : -1);
      this.#moveCursor(true);
    } else if (zoom) this.zoom(zoom);
    else return;
    event.preventDefault();
  }

  #press(seat) {
    if (seat) this.dispatchEvent(new CustomEvent("press", { detail: seat.id }));
  }

  // Mouse and touch

  #listen(canvas) {
    this.addEventListener("keydown", (event) => this.#key(event));
    canvas.addEventListener("pointerdown", (event) => this.#down(event, canvas));
    canvas.addEventListener("pointermove", (event) => this.#move(event));
    for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, (event) => this.#up(event));
    canvas.addEventListener("pointerleave", () => (this.tip.hidden = true));
    canvas.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
  }

  #point(event) {
    const { left, top } = this.getBoundingClientRect();
    return [event.clientX - left, event.clientY - top];
  }

  #seatAt(x, y) {
    const [px, py] = this.#view.toPlan(x, y);
    return this.#plan.at(px, py, Math.max(1.25 * this.#radius, 5 / this.#view.scale));
  }

  #down(event, canvas) {
    if (!this.#plan || event.button !== 0) return;
    canvas.setPointerCapture(event.pointerId);
    const [x, y] = this.#point(event);
    this.#pointers.set(event.pointerId, [x, y]);
    const area = event.shiftKey && this.hasAttribute("areas");
    this.#gesture = { from: [x, y], moved: this.#pointers.size > 1, area };
    this.tip.hidden = true;
  }

  #move(event) {
    if (!this.#plan) return;
    const [x, y] = this.#point(event);
    const before = this.#pointers.get(event.pointerId);
    if (!before) return this.#hover(event, x, y);
    const gesture = this.#gesture;
    if (Math.hypot(x - gesture.from[0], y - gesture.from[1]) > DRAG) gesture.moved = true;
    if (this.#pointers.size === 2) {
      const [other] = [...this.#pointers].filter(([id]) => id !== event.pointerId).map(([, at]) => at);
      const spread = (a, b) => Math.hypot(a[0] - b[0], a[1] - b[1]);
      const factor = spread([x, y], other) / Math.max(1, spread(before, other));
      this.#zoomBy(factor, (x + other[0]) / 2, (y + other[1]) / 2);
    } else if (gesture.area) {
      this.#stretch(gesture.from, [x, y]);
    } else if (gesture.moved && !this.#view.fits) {
      this.#view.moveBy(x - before[0], y - before[1]);
      this.#viewChanged();
    }
    this.#pointers.set(event.pointerId, [x, y]);
  }

  #up(event) {
    const at = this.#pointers.get(event.pointerId);
    if (!this.#pointers.delete(event.pointerId) || event.type === "pointercancel") return;
    const { moved, area, from } = this.#gesture;
    this.box.hidden = true;
    if (area && moved) return this.#selectArea(from, at);
    if (moved || this.#pointers.size) return;
    const least = event.pointerType === "mouse" ? MOUSE : FINGER;
    const [x, y] = at;
    if (this.#shownRadius < least) return this.#zoomBy(CLOSER_RADIUS / this.#shownRadius, x, y);
    const seat = this.#seatAt(x, y);
    if (!seat) return;
    this.#at = seat;
    this.#moveCursor();
    this.#press(seat);
  }

  #wheel(event) {
    if (!this.#plan) return;
    const out = event.deltaY > 0;
    // There is nothing more to see: the page scrolls.
    if (out && this.#view.fits && !event.ctrlKey) return;
    event.preventDefault();
    const [x, y] = this.#point(event);
    this.#zoomBy(Math.exp(-Math.max(-60, Math.min(60, event.deltaY)) * 0.006), x, y);
  }

  #zoomBy(factor, x, y) {
    this.#view.zoomBy(factor, x, y);
    this.#viewChanged();
  }

  #hover(event, x, y) {
    if (event.pointerType !== "mouse") return;
    const seat = this.#shownRadius < MOUSE ? null : this.#seatAt(x, y);
    this.classList.toggle("pointing", Boolean(seat));
    this.tip.hidden = !seat;
    if (!seat) return;
    this.tip.textContent = this.describe(seat.id);
    const [sx, sy] = this.#view.toScreen(seat.x, seat.y);
    const half = this.tip.offsetWidth / 2;
    const left = Math.min(Math.max(sx, half + 4), this.clientWidth - half - 4);
    const above = sy - seat.r * this.#view.scale - 8;
    const top = above > 36 ? above - this.tip.offsetHeight : sy + seat.r * this.#view.scale + 8;
    this.tip.style.transform = `translate(${left - half}px, ${top}px)`;
  }

  #stretch([x0, y0], [x1, y1]) {
    this.box.hidden = false;
    Object.assign(this.box.style, {
      left: `${Math.min(x0, x1)}px`, top: `${Math.min(y0, y1)}px`,
      width: `${Math.abs(x1 - x0)}px`, height: `${Math.abs(y1 - y0)}px`,
    });
  }

  #selectArea(from, to) {
    const [left, top] = this.#view.toPlan(Math.min(from[0], to[0]), Math.min(from[1], to[1]));
    const [right, bottom] = this.#view.toPlan(Math.max(from[0], to[0]), Math.max(from[1], to[1]));
    const ids = [];
    for (const { id, x, y } of this.#plan.inside(left, top, right, bottom)) {
      if (x >= left && x <= right && y >= top && y <= bottom) ids.push(id);
    }
    this.dispatchEvent(new CustomEvent("area", { detail: ids }));
  }
}

customElements.define("seat-map", SeatMap);
