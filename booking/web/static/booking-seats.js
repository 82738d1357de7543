/** The seats of a booking, to change all of them or some. */

import { element, text } from "./page.js";

/** Events: "change" when others are ticked. */
export class BookingSeats extends EventTarget {
  #box;
  #seats = /** @type {string[]} */ ([]);
  #ticked = /** @type {Set<string>} */ (new Set());

  /** @param {HTMLElement} box a fieldset, which is hidden while there is nothing to choose from */
  constructor(box) {
    super();
    this.#box = box;
  }

  /** The seats that are to be changed: those that are ticked or, without a tick, all. */
  get concerned() {
    return this.#ticked.size ? this.#seats.filter((id) => this.#ticked.has(id)) : this.#seats;
  }

  /** Whether that is the whole booking. */
  get areAll() {
    return this.concerned.length === this.#seats.length;
  }

  /** @param {string} id */
  isTicked(id) {
    return this.#ticked.has(id);
  }

  /** Tick none. */
  forget() {
    this.#ticked.clear();
  }

  /**
   * Show the seats of a booking. Those that were ticked stay so.
   * @param {string[]} ids
   * @param {import("./plan.js").Plan} plan
   */
  show(ids, plan) {
    this.#seats = inOrder(ids, plan);
    this.#ticked = new Set(ids.filter((id) => this.#ticked.has(id)));
    const boxes = this.#seats.map((id) => {
      const box = element("input", { type: "checkbox", value: id, checked: this.#ticked.has(id) });
      box.addEventListener("change", () => this.#tick(id, box.checked));
      return element(
        "label",
        { className: "check" },
        box,
        element("span", { dir: "auto", textContent: plan.name(id) }),
      );
    });
    const hint = element("legend", { className: "quiet", textContent: text("changing.tick") });
    this.#box.replaceChildren(hint, ...boxes);
    this.#box.hidden = ids.length < 2;
  }

  /** @param {string} id */
  toggle(id) {
    const box = /** @type {HTMLInputElement | null} */ (this.#box.querySelector(`[value="${CSS.escape(id)}"]`));
    box?.click();
  }

  /**
   * @param {string} id
   * @param {boolean} on
   */
  #tick(id, on) {
    if (on) this.#ticked.add(id);
    else this.#ticked.delete(id);
    this.dispatchEvent(new Event("change"));
  }
}

/**
 * Seats row by row, as the plan has them.
 * @param {Iterable<string>} ids
 * @param {import("./plan.js").Plan} plan
 */
export function inOrder(ids, plan) {
  const place = (/** @type {string} */ id) => plan.seats.get(id)?.place ?? Infinity;
  return [...ids].sort((one, other) => place(one) - place(other));
}

/**
 * Say which seat becomes which.
 * @param {HTMLElement} list
 * @param {string[]} from
 * @param {string[]} to as many
 * @param {(ids: string[]) => string[]} names
 */
export function showPairs(list, from, to, names) {
  const pairs = from.map((id, at) => text("changing.pair", { from: names([id])[0], to: names([to[at]])[0] }));
  list.replaceChildren(...pairs.map((words) => element("li", { textContent: words, dir: "auto" })));
}
