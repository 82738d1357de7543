/** One booking: whose it is, and what the box office can do with its seats. */

import { ask } from "./ask.js";
import { BookingSeats, inOrder, showPairs } from "./booking-seats.js";
import { download } from "./download.js";
import { overridesFor } from "./overrides.js";
import { $, briefTime, element, enumerate, page, tell, text, textIfAny } from "./page.js";

/** From the page of the organiser. */
const BOOKINGS = "../../bookings";

export class OpenBooking {
  #desk;
  #seats;
  #bookings;
  #booking = /** @type {BookingDocument | null} */ (null);
  #own = new BookingSeats($("#booking-seats"));

  /**
   * @param {import("./organiser-event.js").Desk} desk
   * @param {import("./organiser-seats.js").Seats} seats
   * @param {import("./bookings.js").Bookings} bookings
   */
  constructor(desk, seats, bookings) {
    this.#desk = desk;
    this.#seats = seats;
    this.#bookings = bookings;
    $("#booking-close").addEventListener("click", () => this.#close());
    for (const [id, act] of /** @type {const} */ ([
      ["move", () => this.#exchange()],
      ["cancel", () => this.#cancel()],
      ["tickets", () => this.#tickets()],
    ])) {
      $(`#booking-${id}`).addEventListener("click", () => desk.attempt(act));
    }
    this.#own.addEventListener("change", () => {
      seats.map.update(this.#booking?.seats ?? []);
      this.#showChange();
    });
    seats.addEventListener("choose", () => this.#showChange());
    bookings.addEventListener("change", () => this.#update());
  }

  /** @param {BookingDocument} booking */
  open(booking) {
    this.#booking = booking;
    this.#show();
    $("#booking").hidden = false;
    $("#booking-title").focus();
  }

  /**
   * A booked seat was pressed: open its booking or, if that is open, tick the seat.
   * @param {string} id
   */
  async press(id) {
    if (this.#booking) return this.#own.toggle(id);
    const found = this.#bookings.ofSeat(id);
    if (found) this.open(found);
    else this.#seats.choose([id], !this.#seats.chosen.has(id));
  }

  #close() {
    this.#booking = null;
    $("#booking").hidden = true;
    this.#seats.markBooking([]);
    this.#own.forget();
    $("#seats-title").focus();
  }

  #update() {
    const news = this.#booking && this.#bookings.find(this.#booking.reference);
    if (!news) return;
    this.#booking = news;
    this.#show();
  }

  #show() {
    if (!this.#booking || !this.#seats.plan) return;
    const { reference, seats, cancelled_at: cancelledAt } = this.#booking;
    $("#booking-title").textContent = text("organising.booking", { reference });
    $("#booking-facts").replaceChildren(...this.#facts(this.#booking));
    $("#booking-change").hidden = cancelledAt !== undefined;
    this.#own.show(cancelledAt ? [] : seats, this.#seats.plan);
    this.#seats.markBooking(cancelledAt ? [] : seats, (id) => this.#own.isTicked(id));
  }

  /** @param {BookingDocument} booking */
  #facts({ seats, details = {}, note, booked_at: bookedAt, cancelled_at: cancelledAt }) {
    const answers = Object.entries(details).map(([id, answer]) => {
      const question = page.event.policy.ask.find((asked) => asked.id === id)?.question;
      const words = typeof answer === "boolean" ? text(answer ? "yes" : "no") : answer;
      return [question ?? textIfAny(`questions.${id}`) ?? id, words];
    });
    const facts = [
      [text("seats"), enumerate(this.#seats.names(seats))],
      ...answers,
      [text("organising.block_note"), note],
      [text("booked_at"), briefTime(bookedAt)],
      [text("status"), text(cancelledAt ? "cancelled_status" : "in_force")],
    ];
    return facts
      .filter(([, words]) => words)
      .flatMap(([name, words]) => [
        element("dt", { textContent: name, dir: "auto" }),
        element("dd", { textContent: words, dir: "auto" }),
      ]);
  }

  // What can be done with its seats

  /** Where they would go: to seats that are free or off sale, or to those of one other booking.
   * @returns {{from: string[], to: string[], isPossible: boolean, partner?: BookingDocument}} */
  get #goal() {
    const { plan, chosen, statuses } = this.#seats;
    const [from, to] = [this.#own.concerned, plan ? inOrder(chosen, plan) : []];
    if (from.length !== to.length) return { from, to, isPossible: false };
    const found = new Set(to.map((id) => statuses.get(id) ?? "available"));
    if (!found.has("booked")) return { from, to, isPossible: !found.has("locked") };
    const [partner, ...others] = new Set(to.map((id) => this.#bookings.ofSeat(id)));
    return { from, to, partner, isPossible: partner !== undefined && !others.length };
  }

  #showChange() {
    if (!this.#booking) return;
    const { from, to, partner, isPossible } = this.#goal;
    showPairs($("#booking-pairs"), isPossible ? from : [], to, (ids) => this.#seats.names(ids));
    const isWrong = to.length === from.length && !isPossible;
    $("#booking-hint").textContent = isPossible
      ? ""
      : isWrong
        ? text("organising.wrong_goal")
        : text("changing.choose_in_map", { count: from.length });
    $("#booking-move").disabled = !isPossible;
    $("#booking-move").textContent = partner
      ? text("organising.swap", { reference: partner.reference })
      : text("changing.move", { count: from.length });
    $("#booking-cancel").textContent = this.#own.areAll
      ? text("cancel_booking")
      : text("changing.cancel", { count: from.length });
  }

  #exchange() {
    const { partner } = this.#goal;
    return partner ? this.#swap(partner) : this.#move();
  }

  async #move() {
    const { from, to } = this.#goal;
    /** @type {{document: EventDocument}} */
    const { document: event } = await this.#desk.call("GET", `../${encodeURIComponent(page.event.event)}`);
    const { rules, words } = overridesFor(event, to, this.#seats);
    const values = { count: from.length, ...this.#named({ from, to }) };
    const question = [text("changing.move_question", values), ...words].join(" ");
    const yes = rules.length ? "organising.move_anyway" : "changing.move";
    if (!(await ask(question, text(yes, values)))) return;
    await this.#change("move", { from, to, override: rules });
    tell(text("changing.moved", values));
  }

  /** @param {BookingDocument} partner */
  async #swap({ reference }) {
    const { from, to } = this.#goal;
    const values = { reference, count: from.length, ...this.#named({ from, to }) };
    if (!(await ask(text("organising.swap_question", values), text("organising.swap", values)))) return;
    await this.#change("swap", { seats: from, for: to, with: reference });
    tell(text("organising.swapped", values));
  }

  async #cancel() {
    const { reference = "" } = this.#booking ?? {};
    const [seats, areAll] = [this.#own.concerned, this.#own.areAll];
    const values = { reference, count: seats.length, seats: enumerate(this.#seats.names(seats)) };
    const question = text(areAll ? "changing.cancel_all_question" : "changing.cancel_question", values);
    if (!(await ask(question, areAll ? text("cancel_yes") : text("changing.cancel", values)))) return;
    await this.#change("cancel", { seats });
    tell(text(areAll ? "cancelled" : "changing.cancelled", values));
  }

  async #tickets() {
    const { reference = "" } = this.#booking ?? {};
    const address = `${BOOKINGS}/${encodeURIComponent(reference)}/tickets.pdf`;
    download((await this.#desk.call("GET", address, { type: "blob" })).document, `${reference}.pdf`);
  }

  /**
   * @param {"move" | "swap" | "cancel"} what
   * @param {{[member: string]: unknown}} body
   */
  async #change(what, body) {
    const reference = encodeURIComponent(this.#booking?.reference ?? "");
    const { document } = await this.#desk.call("POST", `${BOOKINGS}/${reference}/${what}`, { body });
    this.#seats.clear();
    this.#own.forget();
    const [booking] = document.bookings ?? [document.booking];
    // The answer does not tell whose it is.
    this.#booking = { ...this.#booking, ...booking };
    this.#show();
    $("#booking-title").focus();
    this.#desk.refresh();
  }

  /** @param {{[place: string]: string[]}} places */
  #named(places) {
    return Object.fromEntries(Object.entries(places).map(([name, ids]) => [name, enumerate(this.#seats.names(ids))]));
  }
}
