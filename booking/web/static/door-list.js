/** The list at the door, to be printed and ticked: by name and by row. */

import { authorized, signIn } from "./desk.js";
import { seatName } from "./door-guests.js";
import { $, briefTime, element, page, text } from "./page.js";

let guests = /** @type {Guest[]} */ ([]);

await signIn(async () => {
  guests = (await authorized("GET", "../guests")).document.guests;
});
const entered = guests.filter((guest) => guest.checked_in_at).length;
$("#as-of").textContent = text("door.as_of", { time: briefTime(Date.now()) });
$("#entered").textContent = guests.length
  ? `${text("door.in_of", { entered, total: guests.length })} ${text("door.ticked")}`
  : text("door.nobody");
$("#print").addEventListener("click", () => print());

/** The seats of each booking. */
const bookings = /** @type {Map<string, Guest[]>} */ (new Map());
for (const guest of guests) bookings.set(guest.reference, [...(bookings.get(guest.reference) ?? []), guest]);
const byName = [...bookings.values()].sort(([one], [other]) => one.name.localeCompare(other.name, page.language));
$("#by-name").replaceChildren(
  ...byName.map((seats) => {
    const [{ name, reference }] = seats;
    const where = seats.map(seatName).join("; ");
    return row(seats.map(box), cell(name), cell(where), cell(reference));
  }),
);
$("#by-row").replaceChildren(
  ...guests.map((guest) => row([box(guest)], cell(seatName(guest)), cell(guest.name), cell(guest.reference))),
);

/** @param {Guest} guest */
function box({ checked_in_at: at }) {
  return element("span", { className: at ? "box ticked" : "box", textContent: at ? "✓" : "" });
}

/** @param {string} words */
function cell(words) {
  return element("td", { textContent: words, dir: "auto" });
}

/**
 * @param {HTMLElement[]} boxes
 * @param {HTMLElement[]} cells
 */
function row(boxes, ...cells) {
  return element("tr", {}, element("td", { className: "boxes" }, ...boxes), ...cells);
}
