/** The box office: book the chosen seats for someone else, and take locks from whoever has them. */

import { Problem } from "./api.js";
import { ask } from "./ask.js";
import { ConfirmKey } from "./confirm-key.js";
import { overridesFor } from "./overrides.js";
import { $, element, enumerate, page, tell, text } from "./page.js";
import { explain } from "./problems.js";
import { Questions } from "./questions.js";

const LONGEST_REASON = 500;

/** Events: "sold" with the booking. */
export class Selling extends EventTarget {
  #desk;
  #seats;
  #form = $("#sell");
  #dialog = $("#sell-dialog");
  #questions = new Questions(this.#form, $("#sell-details"), text("organising.guest"));
  #key = new ConfirmKey();
  #overrides = /** @type {import("./overrides.js").Overrides} */ ({ rules: [], words: [] });

  /**
   * @param {import("./organiser-event.js").Desk} desk
   * @param {import("./organiser-seats.js").Seats} seats
   */
  constructor(desk, seats) {
    super();
    this.#desk = desk;
    this.#seats = seats;
    $("#sell-open").addEventListener("click", () => desk.attempt(() => this.#open()));
    $("#sell-close").addEventListener("click", () => this.#dialog.close());
    $("#take").addEventListener("click", () => desk.attempt(() => this.#take()));
    this.#form.addEventListener("submit", (submit) => {
      submit.preventDefault();
      this.#sell();
    });
    seats.addEventListener("choose", () => this.#show());
  }

  get #chosen() {
    return [...this.#seats.chosen];
  }

  /** Those of the chosen seats that someone has locked. */
  get #locked() {
    return this.#chosen.filter((id) => this.#seats.statuses.get(id) === "locked");
  }

  #show() {
    const canBeSold = (/** @type {string} */ id) =>
      ["available", "blocked"].includes(this.#seats.statuses.get(id) ?? "");
    $("#sell-open").disabled = !this.#chosen.length || !this.#chosen.every(canBeSold);
    $("#take").hidden = !this.#locked.length;
    $("#take").textContent = text("organising.take", { count: this.#locked.length });
  }

  /** Ask for the details, and say which rules are overridden. */
  async #open() {
    /** @type {{document: EventDocument}} */
    const { document: event } = await this.#desk.call("GET", `../${encodeURIComponent(page.event.event)}`);
    const seats = this.#chosen;
    const { ask: asked, max_seats_per_holder: most } = event.policy;
    this.#overrides = overridesFor(event, seats, this.#seats, most);
    // Nobody has to answer at the box office.
    this.#questions.ask(asked.map((question) => ({ ...question, required: false })));
    $("#sell-details").hidden = !asked.length;
    // What the browser knows is of the seller.
    for (const field of $("#sell-details").querySelectorAll("input")) field.autocomplete = "off";
    $("#sell-seats").textContent = enumerate(this.#seats.names(seats));
    $("#sell-overrides").hidden = !this.#overrides.rules.length;
    $("#sell-rules").replaceChildren(...this.#overrides.words.map((words) => element("li", { textContent: words })));
    $("#sell-problem").textContent = "";
    const anyway = this.#overrides.rules.length > 0;
    $("#sell-submit").textContent = text(anyway ? "organising.book_anyway" : "book", { count: seats.length });
    this.#dialog.showModal();
  }

  async #sell() {
    const seats = this.#chosen;
    const [details, note] = [this.#questions.answers, $("#sell-note").value.trim()];
    const body = { seats, details, note, override: this.#overrides.rules };
    // If an answer is lost, to press again books nothing twice.
    const headers = { "Idempotency-Key": this.#key.for(JSON.stringify(body)) };
    $("#sell-problem").textContent = "";
    $("#sell-submit").disabled = true;
    try {
      const { document } = await this.#desk.call("POST", "bookings", { body, headers });
      this.#key.forget();
      this.#done({ ...document.booking, details, note });
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      if (!problem.outcomeUnknown) this.#key.forget();
      const isSaid = this.#questions.showFaults(problem.document.fields ?? {}) && problem.code === "bad_details";
      if (!isSaid) $("#sell-problem").textContent = explain(problem, (ids) => this.#seats.names(ids));
    } finally {
      $("#sell-submit").disabled = false;
    }
  }

  /** @param {BookingDocument} booking */
  #done(booking) {
    this.#dialog.close();
    this.#form.reset();
    this.#questions.showFaults({});
    this.#seats.clear();
    const seats = enumerate(this.#seats.names(booking.seats));
    tell(text("organising.sold_now", { reference: booking.reference, seats }));
    this.#seats.update(booking.seats.map((id) => ({ id, status: "booked" })));
    this.dispatchEvent(new CustomEvent("sold", { detail: booking }));
    this.#desk.refresh();
  }

  /** Take the locks; the seats stay chosen, to be sold. */
  async #take() {
    const seats = this.#locked;
    const [count, names] = [seats.length, enumerate(this.#seats.names(seats))];
    const reason = element("input", {
      id: "take-reason",
      required: true,
      autocomplete: "off",
      maxLength: LONGEST_REASON,
    });
    const label = element("label", { htmlFor: reason.id, textContent: text("organising.take_reason") });
    const question = text("organising.take_question", { count, seats: names });
    if (!(await ask(question, text("organising.take", { count }), label, reason))) return;
    await this.#desk.call("POST", "take", { body: { seats, reason: reason.value.trim() } });
    tell(text("organising.taken_now", { count, seats: names }));
    $("#seats-title").focus();
    await this.#desk.refresh();
  }
}
