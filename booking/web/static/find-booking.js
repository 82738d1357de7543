/** The page that finds a booking by its reference, or by the link in a mail, and changes it. */

import { get, Problem, post } from "./api.js";
import { ask } from "./ask.js";
import { BookingSeats } from "./booking-seats.js";
import "./lost-booking.js";
import { Move } from "./move-booking.js";
import { $, briefTime, enumerate, fullTime, onSubmit, tell, text } from "./page.js";
import { Plan } from "./plan.js";
import { explain } from "./problems.js";

let found = /** @type {import("./move-booking.js").Found | null} */ (null);
const own = new BookingSeats($("#found-boxes"));
const move = new Move(own, (task) => attempt(task, "not_your_booking"), again);

onSubmit($("#find"), () => attempt(() => find($("#reference").value.trim()), "not_your_booking"));

addEventListener("hashchange", openLink);
openLink();

/** The link in a mail has the secret behind its #: no browser sends that, and no log has it. The link on
 * the page of an event has the reference alone. */
function openLink() {
  const [reference, secret] = decodeURIComponent(location.hash.slice(1)).split(".");
  if (!reference) return;
  $("#reference").value = reference;
  if (!secret) return attempt(() => find(reference), "not_your_booking");
  attempt(() => find(reference, { Authorization: `Bearer ${secret.replace(/[^!-~]/g, "?")}` }), "not_your_link");
}

$("#found-cancel").addEventListener("click", async () => {
  if (!found) return;
  const { booking, plan, headers } = found;
  const [{ reference }, seats, areAll] = [booking, own.concerned, own.areAll];
  const values = { reference, count: seats.length, seats: enumerate(plan.names(seats)) };
  const question = text(areAll ? "changing.cancel_all_question" : "changing.cancel_question", values);
  if (!(await ask(question, areAll ? text("cancel_yes") : text("changing.cancel", values)))) return;
  await attempt(async () => {
    await post(`${encodeURIComponent(reference)}/cancel`, { seats }, { headers });
    tell(text(areAll ? "cancelled" : "changing.cancelled", values));
    await again();
  }, "not_your_booking");
});

own.addEventListener("change", showCancel);

function showCancel() {
  const words = own.areAll ? text("cancel_booking") : text("changing.cancel", { count: own.concerned.length });
  $("#found-cancel").textContent = words;
}

/**
 * @param {() => Promise<void>} task
 * @param {string} missing what to say if there is no such booking
 */
async function attempt(task, missing) {
  $("#find-problem").textContent = "";
  try {
    await task();
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    const notFound = ["booking_not_found", "not_found", "invalid_token"].includes(problem.code);
    if (notFound) $("#found").hidden = true;
    const words = notFound ? text(missing) : explain(problem, (ids) => found?.plan.names(ids) ?? ids);
    // What is wrong with a booking that is shown is said where one looks.
    if (notFound || $("#found").hidden) $("#find-problem").textContent = words;
    else tell(words, "problem");
  }
}

/** Show the booking as it is now. */
async function again() {
  if (!found) return;
  own.forget();
  await find(found.booking.reference, found.headers);
}

/**
 * @param {string} wanted
 * @param {{[name: string]: string}} [headers]
 */
async function find(wanted, headers = {}) {
  /** @type {BookingDocument} */
  const booking = (await get(encodeURIComponent(wanted), { headers })).document.booking;
  const address = `../events/${encodeURIComponent(booking.event)}`;
  const [event, { document }] = await Promise.all([get(address), get(`${address}/plan`)]);
  const { name, starts_at: starts, time_zone: zone } = /** @type {EventDocument} */ (event.document);
  const plan = await Plan.read(document);
  const isCancelled = booking.cancelled_at !== undefined;
  found = { booking, address, plan, headers };
  move.of(found);
  own.show(isCancelled ? [] : booking.seats, plan);
  showCancel();
  $("#found-title").textContent = name === "default" ? text("untitled") : name;
  $("#found-when").textContent = starts ? fullTime(starts, zone) : "";
  $("#found-reference").textContent = booking.reference;
  $("#found-seats").textContent = enumerate(plan.names(booking.seats));
  $("#found-booked").textContent = briefTime(booking.booked_at);
  $("#found-status").textContent = text(isCancelled ? "cancelled_status" : "in_force");
  $("#found-change").hidden = isCancelled;
  $("#found-event").setAttribute("href", `${address}/`);
  $("#found-tickets").setAttribute("href", `${encodeURIComponent(booking.reference)}/tickets/`);
  $("#found-tickets").hidden = isCancelled;
  $("#found").hidden = false;
  $("#found-title").focus();
}
