/** The bookings of an event, in a table that can be searched. */

import { $, briefTime, element, page, text } from "./page.js";

/** How many rows are shown at most. The search finds the others. */
const MOST_ROWS = 200;
/** How many are fetched at a time: at first, and of those that are new. */
const FIRST = 1000;
const NEXT = 100;

/** Events: "change" when others are known; "open" with a booking that is to be seen. */
export class Bookings extends EventTarget {
  #call;
  #names;
  /** By reference, in the order in which they were made. */
  #all = /** @type {Map<string, BookingDocument>} */ (new Map());
  #cursor = 0;
  #page = FIRST;

  /**
   * @param {import("./organiser-event.js").Desk} desk
   * @param {(ids: string[]) => string[]} names
   */
  constructor(desk, names) {
    super();
    this.#call = desk.call;
    this.#names = names;
    $("#search").addEventListener("input", () => this.show());
  }

  /** @param {string} reference */
  find(reference) {
    return this.#all.get(reference);
  }

  /**
   * The booking that has a seat.
   * @param {string} id
   */
  ofSeat(id) {
    return [...this.#all.values()].find((booking) => !booking.cancelled_at && booking.seats.includes(id));
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
    this.dispatchEvent(new Event("change"));
  }

  /**
   * Forget what was fetched, if bookings changed: the history does not say how.
   * @param {HistoryEntry[]} history
   */
  forgetIfChanged(history) {
    if (history.some(({ change }) => ["cancelled", "changed", "moved"].includes(change))) this.forget();
  }

  forget() {
    this.#all.clear();
    [this.#cursor, this.#page] = [0, FIRST];
  }

  /** Show those that match what is searched for, the latest first. */
  show() {
    const wanted = this.#upper($("#search").value.trim());
    const bare = wanted.replaceAll("-", "");
    const found = [...this.#all.values()]
      .reverse()
      .filter(
        ({ reference, seats, details = {} }) =>
          !wanted ||
          reference.replaceAll("-", "").includes(bare) ||
          Object.values(details).some((answer) => this.#upper(answer).includes(wanted)) ||
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

  /** @param {unknown} words */
  #upper(words) {
    return String(words).toLocaleUpperCase(page.language);
  }

  /**
   * Whether people find a seat by these words: "row 3 seat 3" is not row 3 seat 31.
   * @param {string} id
   * @param {string} wanted
   */
  #reads(id, wanted) {
    const words = (/** @type {string} */ said) => ` ${this.#upper(said).replaceAll(",", "")} `;
    return words(this.#names([id])[0]).includes(words(wanted));
  }

  /** @param {BookingDocument} booking */
  #row(booking) {
    const { reference, seats, details = {}, booked_at: bookedAt, cancelled_at: cancelledAt } = booking;
    const cell = (/** @type {string} */ words) => element("td", { textContent: words, dir: "auto" });
    const open = element("button", { type: "button", className: "link reference", textContent: reference });
    open.addEventListener("click", () => this.dispatchEvent(new CustomEvent("open", { detail: booking })));
    return element(
      "tr",
      { className: cancelledAt ? "cancelled" : "" },
      element("td", {}, open),
      cell(String(details.name ?? "")),
      cell(this.#names(seats).join(", ")),
      cell(briefTime(bookedAt)),
      cell(text(cancelledAt ? "cancelled_status" : "in_force")),
    );
  }
}
