/** What an organiser can do with an event as a whole: change it, copy it, cancel all, end it. */

import { get, Problem } from "./api.js";
import { ask } from "./ask.js";
import { opened } from "./opening.js";
import { askedIn, showAsked } from "./organiser-questions.js";
import { $, element, page, tell, text } from "./page.js";

/**
 * @typedef {object} Desk what the parts of the page share
 * @property {typeof import("./api.js").call} call with the token of the organiser
 * @property {() => Promise<void>} refresh look at once what has changed
 * @property {(task: () => Promise<void>) => Promise<void>} attempt tell what goes wrong
 * @property {(shown: HTMLElement, problem: Problem) => void} showMistakes
 */

const TIMES = ["starts_at", "doors_at", "ends_at", "on_sale_from", "on_sale_until"];
const TEXTS = ["name", "place", "description", "visibility"];
const ADDRESS = `../${encodeURIComponent(page.event.event)}`;

export class EventForm {
  #desk;
  #form = $("#event");
  #etag = "";
  #event = /** @type {EventDocument} */ (page.event);

  /** @param {Desk} desk */
  constructor(desk) {
    this.#desk = desk;
    this.#form.addEventListener("submit", (submit) => {
      submit.preventDefault();
      desk.attempt(() => this.#save());
    });
    $("#copy").addEventListener("submit", (submit) => {
      submit.preventDefault();
      desk.attempt(() => this.#copy());
    });
    $("#cancel-all").addEventListener("click", () => desk.attempt(() => this.#cancelAll()));
    $("#end").addEventListener("click", () => desk.attempt(() => this.#end()));
  }

  /** Show the event as it is now. */
  async load() {
    const { response, document } = await this.#desk.call("GET", ADDRESS);
    this.#show(document, response);
  }

  /**
   * @param {EventDocument} event
   * @param {Response} response
   */
  #show(event, response) {
    this.#event = event;
    this.#etag = response.headers.get("ETag") ?? "";
    for (const name of TEXTS) this.#field(name).value = String(event[/** @type {"name"} */ (name)] ?? "");
    for (const name of TIMES) this.#field(name).value = localTime(event[/** @type {"starts_at"} */ (name)]);
    const { policy } = event;
    this.#field("max_seats_per_holder").value = String(policy.max_seats_per_holder);
    this.#field("cancel_until").value = localTime(policy.cancel_until);
    this.#field("forbid_single_seats").checked = policy.forbid_single_seats;
    showAsked($("#asked"), policy.ask ?? []);
  }

  /** @param {string} name */
  #field(name) {
    return /** @type {HTMLInputElement} */ (this.#form.elements.namedItem(name));
  }

  /** Only what was changed: the rest may have been changed by someone else. */
  #patch() {
    const patch = /** @type {{[name: string]: unknown}} */ ({});
    const policy = /** @type {{[name: string]: unknown}} */ ({});
    const event = /** @type {{[name: string]: any}} */ (this.#event);
    for (const name of TEXTS) {
      const value = this.#field(name).value.trim();
      if (value !== (event[name] ?? "")) patch[name] = value;
    }
    for (const name of TIMES) {
      const { value } = this.#field(name);
      if (value !== localTime(event[name])) patch[name] = inUtc(value);
    }
    // The times were typed as the clock here shows them.
    if (patch.starts_at && !event.time_zone) patch.time_zone = new Intl.DateTimeFormat().resolvedOptions().timeZone;
    const most = Number(this.#field("max_seats_per_holder").value);
    if (most !== event.policy.max_seats_per_holder) policy.max_seats_per_holder = most;
    const until = this.#field("cancel_until").value;
    if (until !== localTime(event.policy.cancel_until)) policy.cancel_until = inUtc(until);
    const { checked } = this.#field("forbid_single_seats");
    if (checked !== event.policy.forbid_single_seats) policy.forbid_single_seats = checked;
    const asked = askedIn($("#asked"));
    if (JSON.stringify(asked) !== JSON.stringify(event.policy.ask ?? [])) policy.ask = asked;
    if (Object.keys(policy).length) patch.policy = policy;
    return patch;
  }

  async #save() {
    const patch = this.#patch();
    $("#event-mistakes").replaceChildren();
    if (!Object.keys(patch).length) return tell(text("organising.nothing_changed"));
    if ("starts_at" in patch || "doors_at" in patch) {
      const count = (await this.#live()).length;
      const question = text("organising.postpone_question", { count, told: told() });
      if (count && !(await ask(question, text("organising.save")))) return;
    }
    try {
      const { response, document } = await this.#desk.call("PATCH", ADDRESS, {
        body: patch,
        headers: { "If-Match": this.#etag },
      });
      this.#show(document, response);
      $("h1").textContent = document.name;
      tell(text("organising.saved"));
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      if (problem.code === "precondition_failed") {
        await this.load();
        tell(text("organising.changed_meanwhile"), "warning");
      } else this.#desk.showMistakes($("#event-mistakes"), problem);
    }
  }

  /** The bookings that are not cancelled. */
  async #live() {
    const found = /** @type {BookingDocument[]} */ ([]);
    for (let cursor = /** @type {string | null} */ ("0"); cursor !== null; ) {
      const { document } = await this.#desk.call("GET", `bookings?limit=1000&cursor=${cursor}`);
      found.push(...document.bookings);
      cursor = document.next_cursor;
    }
    return found.filter((booking) => !booking.cancelled_at);
  }

  async #cancelAll() {
    const live = await this.#live();
    if (!live.length) return tell(text("no_bookings"));
    const count = live.length;
    const seats = live.reduce((sum, booking) => sum + booking.seats.length, 0);
    const question = text("organising.cancel_all_question", { count, seats, told: told() });
    if (!(await ask(question, text("organising.cancel_all")))) return;
    for (const { reference } of live) {
      try {
        await this.#desk.call("POST", `bookings/${encodeURIComponent(reference)}/cancel`);
      } catch (problem) {
        // Its holder was faster.
        if (!(problem instanceof Problem && problem.code === "booking_cancelled")) throw problem;
      }
    }
    tell(text("organising.all_cancelled", { count }));
  }

  async #end() {
    const count = (await this.#live()).length;
    const { name } = this.#event;
    if (!(await ask(text("organising.end_question", { count, name }), text("organising.end")))) return;
    await this.#desk.call("DELETE", ADDRESS);
    location.assign("../");
  }

  /** The same house, seats off sale and policy, on another day. */
  async #copy() {
    const shown = $("#copy-mistakes");
    shown.replaceChildren();
    const fields = new FormData($("#copy"));
    const [id, starts] = ["id", "starts_at"].map((name) => String(fields.get(name)).trim());
    const [{ document: event }, { document: plan }, { document: off }] = await Promise.all([
      this.#desk.call("GET", ADDRESS),
      get("plan"),
      this.#desk.call("GET", "blocks"),
    ]);
    const { cancel_until: _, ...policy } = event.policy;
    const { place, description, visibility, time_zone: zone } = event;
    /** @type {{[name: string]: unknown}} */
    const body = { place, description, visibility, time_zone: zone, policy, plan, allow_same_labels: true };
    if (event.name !== event.event) body.name = event.name;
    if (starts) body.starts_at = inUtc(starts);
    const address = `../${encodeURIComponent(id)}`;
    try {
      await this.#desk.call("PUT", address, { body, headers: { "If-None-Match": "*" } });
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      const exists = problem.code === "precondition_failed";
      const words = element("p", { className: "mistake", textContent: text("open_exists") });
      if (exists) shown.append(words);
      else this.#desk.showMistakes(shown, problem);
      return;
    }
    for (const block of off.blocks) await this.#desk.call("POST", `${address}/block`, { body: block });
    shown.append(opened(address, event.name));
  }
}

/** Whether people hear of a change. */
const told = () => text(page.sends_mail ? "organising.told_by_mail" : "organising.told_nobody");

/**
 * A time as the clock of this computer shows it, for a field.
 * @param {string | null | undefined} time
 */
export function localTime(time) {
  if (!time) return "";
  const moment = new Date(time);
  return new Date(moment.getTime() - moment.getTimezoneOffset() * 60000).toISOString().slice(0, 16);
}

/** @param {string} local */
export const inUtc = (local) => (local ? new Date(local).toISOString() : null);
