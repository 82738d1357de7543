/** The seat that the keyboard is at: a button, with a name for screen readers. */

import { element } from "./page.js";

/** @typedef {import("./plan.js").Plan} Plan */

const DIRECTIONS = /** @type {{[key: string]: import("./plan.js").Direction}} */ ({
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

  /**
   * Go to a house: to the same seat as before, if it has it.
   * @param {Plan} plan
   * @param {(id: string) => Looks} looks
   */
  show(plan, looks) {
    this.#looks = looks;
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
    const { seats } = this.#plan.rows[this.#seat.line];
    if (key in DIRECTIONS) this.goTo(this.#plan.next(this.#seat, DIRECTIONS[key]) ?? this.#seat, { focus: true });
    else if (key === "Home") this.goTo(seats[0], { focus: true });
    else if (key === "End") this.goTo(seats[seats.length - 1], { focus: true });
    else return false;
    return true;
  }

  /** Its seat has become another: say how it is now. */
  rename() {
    this.#name(this.buttons[0]);
  }

  /** @param {import("./view.js").View} view */
  place(view) {
    if (!this.#seat) return;
    const [x, y] = view.toScreen(this.#seat.x, this.#seat.y);
    const size = Math.max(this.#seat.r * view.scale, 4) * 2 + 6;
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
    if (focus) now.focus({ preventScroll: true });
    before.hidden = true;
  }

  /** @param {HTMLButtonElement} button */
  #name(button) {
    if (!this.#plan || !this.#seat) return;
    const { words, mine } = this.#looks(this.#seat.id);
    button.setAttribute("aria-label", this.#plan.describe(this.#seat.id, words));
    button.setAttribute("aria-pressed", String(mine));
    button.dataset.seat = this.#seat.id;
  }
}
