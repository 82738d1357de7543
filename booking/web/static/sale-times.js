/** When the event is on sale, in words. */

import { $, capital, fullTime, page, serverTime, text } from "./page.js";

/** Show it, and go with the time. */
export function showSale() {
  show();
  setInterval(show, 30000);
}

function show() {
  const now = serverTime();
  const { on_sale_from: from, on_sale_until: until, starts_at: starts } = page.event;
  // The sale ends when the event starts, unless the organiser says otherwise.
  const ends = until ?? starts;
  const over = ends !== null && Date.parse(ends) <= now;
  $("#best").hidden = over;
  let words = "";
  if (from && Date.parse(from) > now) words = text("on_sale_from", { time: fullTime(from) });
  else if (over) words = text("sale_over");
  else if (until) words = text("on_sale_until", { time: fullTime(until) });
  $("#sale").textContent = capital(words);
}
