/** The page that finds a booking by its reference. */

import { get, Problem } from "./api.js";
import { $, briefTime, enumerate, fullTime, text } from "./page.js";
import { Plan } from "./plan.js";
import { explain } from "./problems.js";

$("#find").addEventListener("submit", async (submit) => {
  submit.preventDefault();
  $("#find-problem").textContent = "";
  try {
    await find($("#reference").value.trim());
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    $("#found").hidden = true;
    const notFound = ["booking_not_found", "not_found"].includes(problem.code);
    $("#find-problem").textContent = notFound ? text("not_your_booking") : explain(problem);
  }
});

/** @param {string} reference */
async function find(reference) {
  /** @type {BookingDocument} */
  const booking = (await get(encodeURIComponent(reference))).document.booking;
  const address = `../events/${encodeURIComponent(booking.event)}`;
  const [event, plan] = await Promise.all([get(address), get(`${address}/plan`)]);
  const { name, starts_at: starts, time_zone: zone } = /** @type {EventDocument} */ (event.document);
  $("#found-title").textContent = name === "default" ? text("untitled") : name;
  $("#found-when").textContent = starts ? fullTime(starts, zone) : "";
  $("#found-reference").textContent = booking.reference;
  $("#found-seats").textContent = enumerate(new Plan(plan.document).names(booking.seats));
  $("#found-booked").textContent = briefTime(booking.booked_at);
  $("#found-status").textContent = text(booking.cancelled_at ? "cancelled_status" : "in_force");
  $("#found-event").setAttribute("href", `${address}/`);
  $("#found-tickets").setAttribute("href", `${encodeURIComponent(booking.reference)}/tickets/`);
  $("#found-tickets").hidden = Boolean(booking.cancelled_at);
  $("#found").hidden = false;
  $("#found-title").focus();
}
