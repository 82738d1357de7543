/** The list of events: how full each is, in words. */

import { $, text } from "./page.js";

for (const room of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(".room"))) {
  const { free, total } = room.dataset;
  const count = Number(free);
  $(".room-text", room).textContent = count ? text("free_of_total", { count, free, total }) : text("sold_out");
}
