/** The bookings of an event, in a table that can be searched. */

import { ask } from "./ask.js";
import { $, briefTime, element, enumerate, page, tell, text } from "./page.js";

/** How many rows are shown at most. The search finds the others. */
const MOST_ROWS = 200;
/** How many are fetched at a time: at first, and of those that are new. */
const FIRST = 1000;
const NEXT = 100;

export class Bookings {
  #desk;
  #call;
  #names;
  /** By reference, in the order in which they were made. */
  #all = /** @type {Map<string, BookingDocument>} */ (new Map());
  #cursor = 0;
  #page = FIRST;

  /** @param {import("./organiser-event.js").Desk & {names: (ids: string[]) => string[]}} desk */
  constructor(desk) {
    this.#desk = desk;
    this.#call = desk.call;
    this.#names = desk.names;
  }

  /** Fetch those that are new. */
  async follow() {
    for (let more = true; more; ) {
      const { document } = await this.#call("GET", `bookings?limit=${this.#page}&cursor=${this.#cursor}`);
      for (const booking of document.bookings) this.#all.set(booking.reference, booking);
      more = document.next_cursor !== null;
      // The last page is asked for again: it may have grown.
      if (more) this.#cursor = document.next_cursor;
      else if (this.#page === FIRST) [this.#page, more] = [NEXT, document.bookings.length > NEXT];
    }
    this.show();
  }

  /**
   * Forget what was fetched, if bookings changed: the history does not say how.
   * @param {HistoryEntry[]} history
   */
  forgetIfChanged(history) {
    if (!history.some(({ change }) => ["cancelled", "changed", "moved"].includes(change))) return;
    this.#all.clear();
    [this.#cursor, this.#page] = [0, FIRST];
  }

  /** Show those that match what is searched for, the latest first. */
  show() {
    const wanted = $("#search").value.trim().toLocaleUpperCase(page.language);
    const bare = wanted.replaceAll("-", "");
    const found = [...this.#all.values()]
      .reverse()
      .filter(
        ({ reference, seats }) =>
          !wanted ||
          reference.replaceAll("-", "").includes(bare) ||
          seats.some((id) => id.toUpperCase() === wanted || this.#reads(id, wanted)),
      );
    $("#found").replaceChildren(...found.slice(0, MOST_ROWS).map((booking) => this.#row(booking)));
    const more = found.length - MOST_ROWS;
    $("#found-note").textContent = !this.#all.size
      ? text("no_bookings")
      : !found.length
        ? text("none_found")
        : more > 0
          ? text("more_bookings", { count: more })
          : "";
  }

  /**
   * Whether people find a seat by these words: "row 3 seat 3" is not row 3 seat 31.
   * @param {string} id
   * @param {string} wanted
   */
  #reads(id, wanted) {
    const words = (/** @type {string} */ said) => ` ${said.toLocaleUpperCase(page.language).replaceAll(",", "")} `;
    return words(this.#names([id])[0]).includes(words(wanted));
  }

  /** @param {BookingDocument} booking */
  #row({ reference, seats, booked_at: bookedAt, cancelled_at: cancelledAt }) {
    const cell = (/** @type {string} */ words, className = "") =>
      element("td", { textContent: words, className, dir: "auto" });
    return element(
      "tr",
      { className: cancelledAt ? "cancelled" : "" },
      cell(reference, "reference"),
      cell(this.#names(seats).join(", ")),
      cell(briefTime(bookedAt)),
      cancelledAt
        ? cell(text("cancelled_status"))
        : element("td", {}, text("in_force"), this.#cancel(reference, seats)),
    );
  }

  /**
   * @param {string} reference
   * @param {string[]} seats
   */
  #cancel(reference, seats) {
    const button = element("button", {
      type: "button",
      className: "secondary small",
      textContent: text("organising.cancel"),
    });
    button.addEventListener("click", () =>
      this.#desk.attempt(async () => {
        const question = text("cancel_question", { reference, seats: enumerate(this.#names(seats)) });
        if (!(await ask(question, text("cancel_yes")))) return;
        await this.#call("POST", `bookings/${encodeURIComponent(reference)}/cancel`);
        tell(text("cancelled", { reference }));
      }),
    );
    return button;
  }
}
