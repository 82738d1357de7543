/** A map in which holders choose other seats for their booking. */

import { get, post } from "./api.js";
import { ask } from "./ask.js";
import { inOrder, showPairs } from "./booking-seats.js";
import { connectTools, showLegend } from "./legend.js";
import { $, enumerate, on, tell, text, withoutDoubles } from "./page.js";
import "./seat-map.js";

/**
 * @typedef {object} Found the booking that is shown
 * @property {BookingDocument} booking
 * @property {string} address of its event
 * @property {import("./plan.js").Plan} plan
 * @property {{[name: string]: string}} headers that it was found with
 */

export class Move {
  #own;
  #map = $("seat-map");
  #found = /** @type {Found | null} */ (null);
  #statuses = /** @type {Map<string, SeatStatus>} */ (new Map());
  #chosen = /** @type {Set<string>} */ (new Set());

  /**
   * @param {import("./booking-seats.js").BookingSeats} own the seats that are moved
   * @param {(task: () => Promise<void>) => Promise<void>} attempt
   * @param {() => Promise<void>} done shows the booking as it is now
   */
  constructor(own, attempt, done) {
    this.#own = own;
    connectTools(this.#map);
    on(
      this.#map,
      "press",
      withoutDoubles((id) => this.#press(id)),
    );
    own.addEventListener("change", () => {
      if (this.#isOpen) this.#map.update(this.#found?.booking.seats ?? []);
      this.#show();
    });
    $("#found-move").addEventListener("click", () => (this.#isOpen ? this.close() : attempt(() => this.#open())));
    $("#move-no").addEventListener("click", () => {
      this.close();
      $("#found-move").focus();
    });
    $("#move-yes").addEventListener("click", () =>
      attempt(async () => {
        try {
          if (!(await this.#move())) return;
        } catch (problem) {
          await this.#look();
          throw problem;
        }
        await done();
      }),
    );
  }

  /** @param {Found} found */
  of(found) {
    this.close();
    this.#found = found;
  }

  close() {
    $("#move").hidden = true;
    $("#found-move").setAttribute("aria-expanded", "false");
    this.#chosen.clear();
  }

  get #isOpen() {
    return !$("#move").hidden;
  }

  async #open() {
    if (!this.#found) return;
    const { plan } = this.#found;
    await this.#look();
    $("#move").hidden = false;
    $("#found-move").setAttribute("aria-expanded", "true");
    this.#map.show(plan, (id) => this.#looks(id));
    showLegend(plan, ["chosen", "yours_booked", "booked"]);
    this.#show();
    $("#move").scrollIntoView({ block: "nearest" });
  }

  /** See which seats are free. */
  async #look() {
    const { document } = await get(`${this.#found?.address}/seats`);
    this.#statuses = new Map(document.seats.map((/** @type {SeatDocument} */ { id, status }) => [id, status]));
    for (const id of this.#chosen) if (this.#statuses.get(id) !== "available") this.#chosen.delete(id);
    this.#map.update([...this.#statuses.keys()]);
    this.#show();
  }

  /** @param {string} id */
  #press(id) {
    if (this.#found?.booking.seats.includes(id)) return this.#own.toggle(id);
    const status = this.#statuses.get(id);
    if (status !== "available") return tell(text(`problems.seat_${status}`, { seats: this.#names([id])[0] }));
    if (!this.#chosen.delete(id)) this.#chosen.add(id);
    this.#map.update([id]);
    this.#show();
  }

  #show() {
    if (!this.#found) return;
    const [from, to] = [this.#own.concerned, inOrder(this.#chosen, this.#found.plan)];
    const isPossible = from.length === to.length;
    $("#move-hint").textContent = isPossible ? "" : text("changing.choose_in_map", { count: from.length });
    showPairs($("#move-pairs"), isPossible ? from : [], to, (ids) => this.#names(ids));
    $("#move-yes").textContent = text("changing.move", { count: from.length });
    $("#move-yes").disabled = !isPossible;
  }

  /** Move the seats, unless the holder thinks better of it. */
  async #move() {
    if (!this.#found) return false;
    const { booking, plan, headers } = this.#found;
    const [from, to] = [this.#own.concerned, inOrder(this.#chosen, plan)];
    const values = { count: from.length, from: enumerate(this.#names(from)), to: enumerate(this.#names(to)) };
    if (!(await ask(text("changing.move_question", values), text("changing.move", values)))) return false;
    await post(`${encodeURIComponent(booking.reference)}/move`, { from, to }, { headers });
    tell(text("changing.moved", values));
    return true;
  }

  /** @param {string[]} ids */
  #names(ids) {
    return this.#found?.plan.names(ids) ?? ids;
  }

  /**
   * @param {string} id
   * @returns {Looks}
   */
  #looks(id) {
    if (this.#found?.booking.seats.includes(id)) {
      return { look: "yours_booked", words: text("yours_booked"), mine: this.#own.isTicked(id) };
    }
    const mine = this.#chosen.has(id);
    const look = mine ? "chosen" : (this.#statuses.get(id) ?? "available");
    return { look, words: text(look), mine };
  }
}
