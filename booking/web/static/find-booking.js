/** The page that finds a booking by its reference, or by the link in a mail. */

import { get, Problem, post } from "./api.js";
import { ask } from "./ask.js";
import "./lost-booking.js";
import { $, briefTime, enumerate, fullTime, text } from "./page.js";
import { Plan } from "./plan.js";
import { explain } from "./problems.js";

/** What is shown, and with what it was found. */
let found = /** @type {{reference: string, seats: string, headers: {[name: string]: string}} | null} */ (null);

$("#find").addEventListener("submit", (submit) => {
  submit.preventDefault();
  attempt(() => find($("#reference").value.trim()), "not_your_booking");
});

addEventListener("hashchange", openLink);
openLink();

/** The link in a mail has the secret behind its #: no browser sends that, and no log has it. */
function openLink() {
  const [reference, secret] = decodeURIComponent(location.hash.slice(1)).split(".");
  if (!secret) return;
  $("#reference").value = reference;
  attempt(() => find(reference, { Authorization: `Bearer ${secret.replace(/[^!-~]/g, "?")}` }), "not_your_link");
}

$("#found-cancel").addEventListener("click", async () => {
  if (!found) return;
  const { reference, seats, headers } = found;
  if (!(await ask(text("cancel_question", { reference, seats }), text("cancel_yes")))) return;
  await attempt(async () => {
    await post(`${encodeURIComponent(reference)}/cancel`, undefined, { headers });
    await find(reference, headers);
  }, "not_your_booking");
});

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
    $("#find-problem").textContent = notFound ? text(missing) : explain(problem);
  }
}

/**
 * @param {string} wanted
 * @param {{[name: string]: string}} [headers]
 */
async function find(wanted, headers = {}) {
  /** @type {BookingDocument} */
  const booking = (await get(encodeURIComponent(wanted), { headers })).document.booking;
  const address = `../events/${encodeURIComponent(booking.event)}`;
  const [event, plan] = await Promise.all([get(address), get(`${address}/plan`)]);
  const { name, starts_at: starts, time_zone: zone } = /** @type {EventDocument} */ (event.document);
  const seats = enumerate((await Plan.read(plan.document)).names(booking.seats));
  found = { reference: booking.reference, seats, headers };
  $("#found-title").textContent = name === "default" ? text("untitled") : name;
  $("#found-when").textContent = starts ? fullTime(starts, zone) : "";
  $("#found-reference").textContent = booking.reference;
  $("#found-seats").textContent = seats;
  $("#found-booked").textContent = briefTime(booking.booked_at);
  $("#found-status").textContent = text(booking.cancelled_at ? "cancelled_status" : "in_force");
  $("#found-cancel").hidden = booking.cancelled_at !== undefined;
  $("#found-event").setAttribute("href", `${address}/`);
  $("#found-tickets").setAttribute("href", `${encodeURIComponent(booking.reference)}/tickets/`);
  $("#found-tickets").hidden = Boolean(booking.cancelled_at);
  $("#found").hidden = false;
  $("#found-title").focus();
}
