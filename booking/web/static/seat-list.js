/** The seats as a list, row by row: for whoever would rather read than point. */

import { element, text } from "./page.js";

export class SeatList {
  #plan;
  #looks;
  #press;
  #rows = [];
  #buttons = new Map();
  #rowOf = new Map();
  #stale = new Set();

  /** `looks` tells of a seat how it is, in words, and whether it is the buyer's; `press` is told when
   * one is pressed. */
  constructor(root, plan, looks, press) {
    [this.#plan, this.#looks, this.#press] = [plan, looks, press];
    this.#rows = plan.rows.map((row) => this.#row(row));
    root.replaceChildren(...this.#rows.map(({ details }) => details));
    this.update(plan.seats.keys());
  }

  /** Seats have become others. */
  update(ids) {
    for (const id of ids) {
      if (this.#buttons.has(id)) this.#name(id);
      this.#stale.add(this.#rowOf.get(id));
    }
    for (const row of this.#stale) row && this.#count(row);
    this.#stale.clear();
  }

  #row({ label, name, zone, seats }) {
    const counts = element("span", { className: "quiet" });
    const title = seats[0].row ? `${zone ? `${zone}, ` : ""}${name || text("row", { row: label })}` : text("seats");
    const summary = element("summary", {}, element("span", { textContent: title }), counts);
    const details = element("details", { className: "row" }, summary);
    const row = { details, counts, seats };
    for (const seat of seats) this.#rowOf.set(seat.id, row);
    details.addEventListener("toggle", () => this.#fill(row), { once: true });
    return row;
  }

  #fill({ details, seats }) {
    const list = element("ul");
    for (const { id } of seats) {
      const button = element("button", { type: "button", className: "seat" });
      button.addEventListener("click", () => this.#press(id));
      this.#buttons.set(id, button);
      list.append(element("li", {}, button));
      this.#name(id);
    }
    details.append(list);
  }

  #name(id) {
    const { look, words, mine } = this.#looks(id);
    const button = this.#buttons.get(id);
    button.textContent = this.#plan.seats.get(id).number;
    button.dataset.look = look;
    button.setAttribute("aria-label", this.#plan.describe(id, words));
    button.setAttribute("aria-pressed", String(Boolean(mine)));
  }

  #count({ counts, seats }) {
    const free = seats.filter(({ id }) => this.#looks(id).look === "available").length;
    counts.textContent = text("row_summary", { count: free, free, total: seats.length });
  }
}
