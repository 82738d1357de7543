/** The page on which people buy seats: its parts, and what each tells the others. */

import { keepsCookies, Problem } from "./api.js";
import { Basket } from "./basket.js";
import { BasketPanel } from "./basket-panel.js";
import { connectChoosing } from "./choosing.js";
import { followEvent } from "./event.js";
import { Feed } from "./feed.js";
import { House } from "./house.js";
import { $, on, say, tell, text } from "./page.js";
import { explain } from "./problems.js";
import { Sale } from "./sale.js";
import { Tickets } from "./tickets.js";

const feed = new Feed();
const basket = new Basket();
const house = new House(basket);

/** What the parts of the page share.
 * @typedef {typeof shop} Shop */
const shop = { feed, basket, house, attempt, remove, look: async () => {} };
const panel = new BasketPanel(shop);
const tickets = new Tickets(shop);
const sale = new Sale(shop);

/**
 * Do what the buyer wants; if it cannot be done, say why.
 * @param {() => Promise<void>} task
 * @param {HTMLElement | null} [button] that is not to be pressed again before it is done
 */
async function attempt(task, button) {
  if (!house.plan || button?.ariaDisabled) return;
  button?.setAttribute("aria-disabled", "true");
  try {
    await task();
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    tell(
      explain(problem, (ids) => house.plan?.names(ids) ?? ids),
      "problem",
    );
    for (const { id, status } of problem.document.unavailable ?? []) house.assume([id], status);
    feed.poke();
  } finally {
    button?.removeAttribute("aria-disabled");
  }
}

/** @param {string[]} ids */
function remove(ids) {
  attempt(async () => {
    await basket.remove(ids);
    house.assume(ids, "available");
    say(text("removed", { seat: house.names(ids), count: ids.length }));
    feed.poke();
  });
}

function showMine() {
  panel.show();
  tickets.show();
}

// What the service tells

on(feed, "seats", async (/** @type {SeatsDocument} */ { seats, full = false }) => {
  const lost = seats.some(({ id, locked_at }) => {
    // Another lock may be someone else's, who was faster than this news.
    const isOurs = locked_at === basket.held.get(id)?.lockedAt;
    return basket.held.has(id) && !isOurs && house.statuses.get(id) === "locked";
  });
  await house.take(seats, full);
  sale.show();
  if (full || lost) basket.refresh();
});

house.addEventListener("show", () => {
  showMine();
  showState();
});

let state = /** @type {"connecting" | "live" | "reconnecting" | "over"} */ ("connecting");

on(feed, "state", (told) => {
  state = told;
  showState();
});

function showState() {
  const shown = $("#connection");
  const before = shown.dataset.state;
  // Before the map is there, nobody can choose a seat.
  if (state === before || (state === "live" && !house.plan)) return;
  shown.dataset.state = state;
  shown.textContent = text(state === "over" ? "problems.event_not_found" : state);
  document.body.classList.toggle("stale", state !== "live");
  if (state === "reconnecting") tell(text("reconnecting_detail"), "warning");
  if (before !== "connecting" && state === "live") {
    tell(text("connected_again"));
    basket.refresh();
  }
}

// What the buyer has

on(basket, "change", (/** @type {string[]} */ ids) => {
  house.redraw(ids);
  showMine();
});

on(basket, "gone", (/** @type {import("./gone-locks.js").Gone} */ { ids, isFree }) => {
  if (isFree) house.assume(ids, "available");
  feed.poke();
});

on(basket, "booked", (/** @type {BookingDocument} */ booking) => {
  tickets.showTicket(booking);
  feed.poke();
});

const showChoice = connectChoosing(shop);
shop.look = followEvent(feed, () => {
  sale.show();
  showMine();
  showChoice();
});
$("#no-cookies").hidden = keepsCookies;
await feed.poke();
