/** The seats as the organiser sees them: the map, and what is chosen in it. */

import { connectTools, showLegend } from "./legend.js";
import { $, on, text, withoutDoubles } from "./page.js";
import { Plan } from "./plan.js";
import "./seat-map.js";

/** Events: "choose" when others are chosen, or have become others; "booked" with a booked seat that was
 * pressed: of the booking that is shown or, if none is, of any. */
export class Seats extends EventTarget {
  map = $("seat-map");
  plan = /** @type {Plan | null} */ (null);
  statuses = /** @type {Map<string, SeatStatus>} */ (new Map());
  chosen = /** @type {Set<string>} */ (new Set());
  /** Those of the booking that is shown, and which of them are ticked. */
  #booking = /** @type {Set<string>} */ (new Set());
  #isTicked = (/** @type {string} */ _) => false;

  constructor() {
    super();
    this.map.setAttribute("areas", "");
    on(
      this.map,
      "press",
      withoutDoubles((id) => this.#press(id)),
    );
    on(this.map, "area", (ids) => this.choose(ids, true));
    connectTools(this.map);
    $("#unchoose").addEventListener("click", () => this.clear());
  }

  /**
   * Show a house, once all its statuses are known.
   * @param {PlanDocument} document
   */
  async show(document) {
    const plan = await Plan.read(document);
    this.plan = plan;
    for (const id of this.chosen) if (!plan.seats.has(id)) this.chosen.delete(id);
    this.map.show(plan, (id) => this.#looks(id));
    showLegend(plan, ["chosen", "locked", "booked", "blocked"]);
    this.#tell();
  }

  /**
   * Take what the service tells of seats.
   * @param {SeatDocument[]} seats
   * @param {boolean} [full] whether these are all, of a house that is shown next
   */
  update(seats, full = false) {
    if (full) this.statuses.clear();
    for (const { id, status } of seats) this.statuses.set(id, status);
    if (full) return;
    this.map.update(seats.map(({ id }) => id));
    if (seats.some(({ id }) => this.chosen.has(id))) this.#tell();
  }

  /** @param {string[]} ids */
  names(ids) {
    return this.plan?.names(ids) ?? ids;
  }

  /**
   * @param {string[]} ids
   * @param {boolean} on
   */
  choose(ids, on) {
    for (const id of ids) {
      if (on && !this.#booking.has(id)) this.chosen.add(id);
      else this.chosen.delete(id);
    }
    this.map.update(ids);
    this.#tell();
  }

  clear() {
    this.choose([...this.chosen], false);
  }

  /**
   * Mark the seats of the booking that is shown.
   * @param {string[]} ids none if there is no such booking
   * @param {(id: string) => boolean} [isTicked]
   */
  markBooking(ids, isTicked = () => false) {
    const before = this.#booking;
    [this.#booking, this.#isTicked] = [new Set(ids), isTicked];
    this.map.update([...before, ...ids]);
    this.choose(ids, false);
  }

  /** @param {string} id */
  #press(id) {
    const isAsked = this.#booking.size ? this.#booking.has(id) : this.statuses.get(id) === "booked";
    if (isAsked) this.dispatchEvent(new CustomEvent("booked", { detail: id }));
    else this.choose([id], !this.chosen.has(id));
  }

  #tell() {
    $("#selected").textContent = text("seats_chosen", { count: this.chosen.size });
    $("#unchoose").disabled = !this.chosen.size;
    this.dispatchEvent(new Event("choose"));
  }

  /**
   * @param {string} id
   * @returns {Looks}
   */
  #looks(id) {
    const mine = this.chosen.has(id);
    const status = this.statuses.get(id) ?? "available";
    if (this.#booking.has(id)) {
      return { look: "yours_booked", words: text("organising.of_the_booking"), mine: this.#isTicked(id) };
    }
    return { look: mine ? "chosen" : status, words: mine ? `${text(status)}, ${text("chosen")}` : text(status), mine };
  }
}
