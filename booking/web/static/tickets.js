/** The bookings of this buyer: the list, the ticket of each, and how to cancel one. */

import { $, briefTime, element, page, serverTime, tell, text } from "./page.js";

export class Tickets {
  #shop;

  /** @param {import("./shop.js").Shop} shop */
  constructor(shop) {
    this.#shop = shop;
    $("#question-yes").addEventListener("click", () => $("#question").close("yes"));
    $("#question-no").addEventListener("click", () => $("#question").close("no"));
    $("#ticket-print").addEventListener("click", () => print());
    $("#ticket-close").addEventListener("click", () => $("#ticket").close());
    $("#ticket").addEventListener("close", () => $("#bookings-title").focus());
  }

  show() {
    const { bookings } = this.#shop.basket;
    if (!this.#shop.house.plan) return;
    $("#bookings").hidden = bookings.length === 0;
    $("#booked").replaceChildren(...bookings.map((booking) => this.#item(booking)).reverse());
  }

  /** @param {BookingDocument} booking */
  showTicket(booking) {
    $("#ticket-reference").textContent = booking.reference;
    $("#ticket-seats").textContent = this.#shop.house.names(booking.seats);
    $("#ticket-time").textContent = briefTime(booking.booked_at);
    const bookings = `${page.address}/../../bookings`;
    $("#ticket-tickets").setAttribute("href", `${bookings}/${booking.reference}/tickets/`);
    $("#ticket-change").setAttribute("href", `${bookings}/#${booking.reference}`);
    if (!$("#ticket").open) $("#ticket").showModal();
  }

  /** @param {BookingDocument} booking */
  #item(booking) {
    const seats = element("p", { className: "quiet", textContent: this.#shop.house.names(booking.seats) });
    const see = element("button", { type: "button", className: "link reference", textContent: booking.reference });
    see.addEventListener("click", () => this.showTicket(booking));
    const item = element("li", {}, element("div", {}, see, seats));
    const until = page.event.policy.cancel_until ?? page.event.starts_at;
    if (until === null || Date.parse(until) > serverTime()) {
      const className = "secondary small";
      const cancel = element("button", { type: "button", className, textContent: text("cancel_booking") });
      cancel.addEventListener("click", () => this.#cancel(booking, cancel));
      item.append(cancel);
    }
    return item;
  }

  /**
   * @param {BookingDocument} booking
   * @param {HTMLButtonElement} button
   */
  async #cancel({ reference, seats }, button) {
    const { basket, house, feed, attempt } = this.#shop;
    if (!(await ask(text("cancel_question", { reference, seats: house.names(seats) })))) return;
    await attempt(async () => {
      await basket.cancel(reference);
      house.assume(seats, "available");
      tell(text("cancelled", { reference }));
      $("#basket-title").focus();
      feed.poke();
    }, button);
  }
}

/**
 * Ask something that is answered with yes or no.
 * @param {string} question
 * @returns {Promise<boolean>}
 */
function ask(question) {
  const dialog = $("#question");
  $("#question-text").textContent = question;
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}
