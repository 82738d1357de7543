/** The seats as a list, by section and row: for whoever would rather read than point. */

import { element, text } from "./page.js";

/** @typedef {{details: HTMLDetailsElement, counts: HTMLElement, seats: PlannedSeat[]}} Group */

export class SeatList {
  #plan;
  #looks;
  #press;
  #buttons = /** @type {Map<string, HTMLButtonElement>} */ (new Map());
  /** The groups that count a seat: its row, and its section. */
  #groupsOf = /** @type {Map<string, Group[]>} */ (new Map());

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
    const rowsOf = (/** @type {string} */ zone) => plan.rows.filter((row) => row.zone === zone);
    const zones = [...new Set(plan.rows.map((row) => row.zone))];
    root.replaceChildren(
      ...(zones.length > 1
        ? zones.map((zone) => this.#section(zone, rowsOf(zone)))
        : plan.rows.map((row) => this.#row(row, "h2"))),
    );
  }

  /**
   * Seats have become others.
   * @param {Iterable<string>} ids
   */
  update(ids) {
    /** @type {Set<Group>} */
    const stale = new Set();
    for (const id of ids) {
      this.#name(id);
      for (const group of this.#groupsOf.get(id) ?? []) stale.add(group);
    }
    for (const group of stale) this.#count(group);
  }

  /**
   * @param {string} name
   * @param {PlannedRow[]} rows
   */
  #section(name, rows) {
    const seats = rows.flatMap((row) => row.seats);
    return this.#group("section", "h2", name || text("seats"), seats, (details) => {
      details.append(...rows.map((row) => this.#row(row, "h3")));
    });
  }

  /**
   * @param {PlannedRow} row
   * @param {"h2" | "h3"} heading
   */
  #row({ label, name, seats }, heading) {
    const title = seats[0].row ? name || text("row", { row: label }) : text("seats");
    return this.#group("row", heading, title, seats, (details) => this.#fill(details, seats));
  }

  /**
   * Seats under a heading. They are filled in when somebody opens it.
   * @param {"section" | "row"} className
   * @param {"h2" | "h3"} heading
   * @param {string} title
   * @param {PlannedSeat[]} seats
   * @param {(details: HTMLDetailsElement) => void} fill
   */
  #group(className, heading, title, seats, fill) {
    const counts = element("span", { className: "quiet" });
    const summary = element("summary", {}, element(heading, { textContent: title, dir: "auto" }), counts);
    const details = element("details", { className }, summary);
    const group = { details, counts, seats };
    for (const { id } of seats) this.#groupsOf.set(id, [...(this.#groupsOf.get(id) ?? []), group]);
    details.addEventListener("toggle", () => fill(details), { once: true });
    this.#count(group);
    return details;
  }

  /**
   * @param {HTMLDetailsElement} details
   * @param {PlannedSeat[]} seats
   */
  #fill(details, seats) {
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

  /** @param {Group} group */
  #count({ counts, seats }) {
    const free = seats.filter(({ id }) => this.#looks(id).look === "available").length;
    counts.textContent = text("row_summary", { count: free, free, total: seats.length });
  }
}
