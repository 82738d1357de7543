/** Which rules of an event the box office sets aside when it books or moves seats.
 *
 * The service decides; here it is found out before, so that it can be said and asked.
 */

import { enumerate, serverTime, text } from "./page.js";

/**
 * @typedef {object} Overrides
 * @property {string[]} rules as the service calls them
 * @property {string[]} words a sentence for each
 */

/**
 * What has to be overridden so that these seats can be booked.
 * @param {EventDocument} event
 * @param {string[]} ids
 * @param {import("./organiser-seats.js").Seats} seats
 * @param {number} [most] how many seats one buyer can have
 * @returns {Overrides}
 */
export function overridesFor(event, ids, seats, most = Infinity) {
  const blocked = ids.filter((id) => seats.statuses.get(id) === "blocked");
  const [count, names] = [blocked.length, enumerate(seats.names(blocked))];
  const needed = [
    { rule: "blocked", is: count > 0, values: { count, seats: names } },
    { rule: "closed", is: !isOnSale(event), values: {} },
    { rule: "limit", is: ids.length > most, values: { count: most } },
  ].filter(({ is }) => is);
  return {
    rules: needed.map(({ rule }) => rule),
    words: needed.map(({ rule, values }) => text(`organising.override_${rule}`, values)),
  };
}

/** @param {EventDocument} event */
function isOnSale({ visibility, on_sale_from: from, on_sale_until: until, starts_at: starts }) {
  const [now, ends] = [serverTime(), until ?? starts];
  return visibility !== "draft" && !(from && Date.parse(from) > now) && !(ends && Date.parse(ends) <= now);
}
