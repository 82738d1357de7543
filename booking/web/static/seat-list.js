/** The seats as a list, row by row: for whoever would rather read than point. */

import { element, text } from "./page.js";

/** @typedef {{details: HTMLDetailsElement, counts: HTMLElement, seats: PlannedSeat[]}} Row */

export class SeatList {
  #plan;
  #looks;
  #press;
  #rows = /** @type {Row[]} */ ([]);
  #buttons = /** @type {Map<string, HTMLButtonElement>} */ (new Map());
  #rowOf = /** @type {Map<string, Row>} */ (new Map());

  /**
   * @param {HTMLElement} root
   * @param {import("./plan.js").Plan} plan
   * @param {(id: string) => Looks} looks tells of a seat how it is
   * @param {(id: string) => void} press is told when one is pressed
   */
  constructor(root, plan, looks, press) {
    this.#plan = plan;
    this.#looks = looks;
    this.#press = press;
    this.#rows = plan.rows.map((row) => this.#row(row));
    root.replaceChildren(...this.#rows.map(({ details }) => details));
    this.update(plan.seats.keys());
  }

  /**
   * Seats have become others.
   * @param {Iterable<string>} ids
   */
  update(ids) {
    /** @type {Set<Row | undefined>} */
    const stale = new Set();
    for (const id of ids) {
      this.#name(id);
      stale.add(this.#rowOf.get(id));
    }
    for (const row of stale) if (row) this.#count(row);
  }

  /**
   * @param {PlannedRow} planned
   * @returns {Row}
   */
  #row({ label, zone, seats }) {
    const counts = element("span", { className: "quiet" });
    const title = seats[0].row ? `${zone ? `${zone}, ` : ""}${text("row", { row: label })}` : text("seats");
    const summary = element("summary", {}, element("span", { textContent: title }), counts);
    const details = element("details", { className: "row" }, summary);
    const row = { details, counts, seats };
    for (const seat of seats) this.#rowOf.set(seat.id, row);
    details.addEventListener("toggle", () => this.#fill(row), { once: true });
    return row;
  }

  /** @param {Row} row */
  #fill({ details, seats }) {
    const list = element("ul");
    for (const { id, number } of seats) {
      const button = element("button", { type: "button", className: "seat", textContent: number });
      button.addEventListener("click", () => this.#press(id));
      this.#buttons.set(id, button);
      list.append(element("li", {}, button));
      this.#name(id);
    }
    details.append(list);
  }

  /** @param {string} id */
  #name(id) {
    const button = this.#buttons.get(id);
    if (!button) return;
    const { look, words, mine } = this.#looks(id);
    button.dataset.look = look;
    button.setAttribute("aria-label", this.#plan.describe(id, words));
    button.setAttribute("aria-pressed", String(mine));
  }

  /** @param {Row} row */
  #count({ counts, seats }) {
    const free = seats.filter(({ id }) => this.#looks(id).look === "available").length;
    counts.textContent = text("row_summary", { count: free, free, total: seats.length });
  }
}
