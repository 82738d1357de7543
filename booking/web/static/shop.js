/** The page on which people buy seats. */

import { get, Problem, retrying } from "./api.js";
import { Basket } from "./basket.js";
import { Feed } from "./feed.js";
import { connectTools, showLegend } from "./legend.js";
import { $, briefTime, capital, clock, element, enumerate, fullTime, page, say, serverTime, tell, text } from "./page.js";
import { Plan } from "./plan.js";
import { explain } from "./problems.js";
import { SeatList } from "./seat-list.js";
import "./seat-map.js";

const { event } = page;
const map = $("seat-map");
const feed = new Feed();
const basket = new Basket();
const statuses = new Map();
const spokenAt = [30, 10];

let plan = null;
let list = null;
let myBooked = new Set();

// How seats look

function looks(id) {
  if (basket.asking.has(id)) return { look: "asking", words: text("asking"), mine: true };
  if (basket.held.has(id)) return { look: "mine", words: text("mine"), mine: true };
  const look = myBooked.has(id) ? "yours_booked" : (statuses.get(id) ?? "available");
  return { look, words: text(look), mine: look === "yours_booked" };
}

function redraw(ids) {
  if (!plan) return;
  const known = [...new Set(ids)].filter((id) => plan.seats.has(id));
  map.update(known);
  list?.update(known);
}

async function showHouse() {
  plan = new Plan((await get("plan")).document);
  map.show(plan, looks);
  // The list is made when somebody opens it: a house may have thousands of rows.
  list = null;
  if ($("#list").open) showList();
  const looksShown = ["mine", "locked", "booked"];
  if ([...statuses.values()].includes("blocked")) looksShown.push("blocked");
  showLegend(plan, looksShown);
  const categories = [...plan.categories.keys()];
  $("#best-category").replaceChildren(
    element("option", { value: "", textContent: text("best_any") }),
    ...categories.map((name) => element("option", { value: name, textContent: plan.categoryName(name) })),
  );
  for (const part of document.querySelectorAll("[data-choice]")) part.hidden = categories.length < 2;
  showBasket();
  showBookings();
}

function showList() {
  list ??= new SeatList($("#rows"), plan, looks, press);
}

// What the service tells

feed.addEventListener("seats", async ({ detail: { seats, full } }) => {
  const before = new Map(statuses);
  if (full) statuses.clear();
  for (const seat of seats) statuses.set(seat.id, seat.status);
  if (full) {
    // At first; and later, if the service began anew: the plan may be another one, and the basket.
    await retrying(showHouse);
    basket.refresh();
  } else {
    redraw(seats.map(({ id }) => id));
  }
  if (seats.some(({ id, status }) => basket.held.has(id) && status !== "locked" && before.get(id) === "locked")) {
    basket.refresh();
  }
});

feed.addEventListener("state", ({ detail: state }) => {
  const shown = $("#connection");
  const before = shown.dataset.state;
  if (state === before) return;
  shown.dataset.state = state;
  shown.textContent = state === "over" ? explain({ code: "event_not_found" }) : text(state);
  document.body.classList.toggle("stale", state !== "live");
  if (state === "reconnecting") tell(text("reconnecting_detail"), "warning");
  if (before !== "connecting" && state === "live") {
    tell(text("connected_again"));
    basket.refresh();
  }
});

// What the buyer does

/** Do what the buyer wants; if it cannot be done, say why. */
async function attempt(task, ...buttons) {
  if (!plan || buttons.some((button) => button.getAttribute("aria-disabled"))) return;
  for (const button of buttons) button.setAttribute("aria-disabled", "true");
  try {
    return await task();
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    tell(explain(problem, (ids) => plan.names(ids)), "problem");
    for (const seat of problem.document?.unavailable ?? []) statuses.set(seat.id, seat.status);
    feed.poke();
  } finally {
    for (const button of buttons) button.removeAttribute("aria-disabled");
  }
}

function press(id) {
  const { look } = looks(id);
  if (look === "mine") return remove([id]);
  if (look === "asking") return;
  // A seat that someone holds may be one's own, if an answer got lost: the service knows.
  if (look !== "available" && look !== "locked") {
    const words = text(`problems.seat_${look}`, { seats: plan.name(id) });
    return tell(words ?? `${plan.name(id)}: ${text(look)}.`, "problem");
  }
  attempt(async () => {
    await basket.add(id);
    say(text("added", { seat: plan.name(id) }));
  });
}

function remove(ids) {
  attempt(async () => {
    await basket.remove(ids);
    for (const id of ids) statuses.set(id, "available");
    say(text("removed", { seat: enumerate(plan.names(ids)) }));
    feed.poke();
  });
}

map.addEventListener("press", ({ detail: id }) => press(id));

$("#best").addEventListener("submit", (submit) => {
  submit.preventDefault();
  const count = Number($("#best-count").value);
  const category = $("#best-category").value || undefined;
  const split = $("#best-split").checked;
  attempt(async () => {
    const ids = await basket.addBest({ count, category, split }).catch((problem) => {
      if (split && problem.code === "not_enough_seats") problem.code = "not_enough_in_rows";
      throw problem;
    });
    if (!ids.length) return;
    map.lookAt(ids);
    // On a phone, the map may have been scrolled away.
    map.scrollIntoView({ block: "nearest" });
    say(text("added", { seat: enumerate(plan.names(ids)) }));
    // The second click of a double click may come later than the answer.
    await new Promise((resolve) => setTimeout(resolve, 500));
  }, submit.submitter);
});

for (const button of document.querySelectorAll("[data-step]")) {
  button.addEventListener("click", () => {
    const input = $("#best-count");
    if (button.dataset.step > 0) input.stepUp();
    else input.stepDown();
  });
}

$("#confirm").addEventListener("click", ({ currentTarget }) => {
  // As many as the button says: if one comes or goes meanwhile, nothing is booked.
  const seats = [...basket.held.keys()];
  attempt(() => basket.confirm(seats), currentTarget);
});

$("#extend").addEventListener("click", ({ currentTarget }) => {
  attempt(async () => {
    const more = await basket.extend();
    tell(text(more ? "extended" : "extended_no_more"));
  }, currentTarget);
});

$("#release").addEventListener("click", () => {
  remove([...basket.held.keys()]);
});

$("#list").addEventListener("toggle", () => plan && showList());

// What the buyer has

basket.addEventListener("change", ({ detail: ids }) => {
  myBooked = basket.booked;
  redraw(ids);
  showBasket();
  showBookings();
});

basket.addEventListener("expired", ({ detail: ids }) => {
  for (const id of ids) statuses.set(id, "available");
  tell(text("ran_out", { count: ids.length, seats: enumerate(plan.names(ids)) }), "problem");
  feed.poke();
});

basket.addEventListener("lost", ({ detail: ids }) => {
  tell(text("lost", { count: ids.length, seats: enumerate(plan.names(ids)) }), "problem");
  feed.poke();
});

basket.addEventListener("booked", ({ detail: booking }) => {
  showTicket(booking);
  feed.poke();
});

function showBasket() {
  if (!plan) return;
  const ids = [...plan.seats.keys()].filter((id) => basket.held.has(id) || basket.asking.has(id));
  const focused = document.activeElement?.dataset.remove;
  const hadFocus = $("#basket").contains(document.activeElement);
  $("#basket-empty").hidden = ids.length > 0;
  $("#basket-actions").hidden = basket.held.size === 0;
  $("#countdown").hidden = basket.held.size === 0;
  document.body.classList.toggle("has-basket", ids.length > 0);
  $("#chosen").replaceChildren(...ids.map(basketItem));
  showSingle();
  $("#confirm").textContent = text("book", { count: basket.held.size });
  for (const button of document.querySelectorAll("#basket button")) {
    const waits = button.id === "confirm" ? basket.asking.size > 0 : basket.asking.has(button.dataset.remove);
    button.disabled = basket.confirming || waits;
  }
  // Where the keyboard was is gone, maybe: it goes on next to it.
  if (focused) ($(`[data-remove="${CSS.escape(focused)}"]`) ?? $("#chosen button"))?.focus();
  if (hadFocus && document.activeElement === document.body) $("#basket-title").focus();
  tick();
}

/** Say which seat would be left alone, and what to do about it: the booking would be refused. */
function showSingle() {
  const single = basket.held.size ? basket.leavesSingle : [];
  const words = single.length
    ? text("leaves_single", { count: single.length, seats: enumerate(plan.names(single)) }) : "";
  const shown = $("#single");
  if (shown.textContent !== words) shown.textContent = words;
  shown.hidden = !words;
}

function basketItem(id) {
  const seat = plan.seats.get(id);
  const dot = element("span", { className: "dot" });
  dot.style.background = plan.categories.get(seat.category);
  const name = element("span", { className: "name" }, plan.name(id));
  if (plan.categories.size > 1) name.append(element("small", { className: "quiet", textContent: plan.categoryName(seat.category) }));
  const button = element("button", { type: "button", className: "icon", textContent: "×" });
  button.setAttribute("aria-label", text("remove", { seat: plan.name(id) }));
  button.dataset.remove = id;
  button.addEventListener("click", () => remove([id]));
  return element("li", { className: basket.asking.has(id) ? "asking" : "" }, dot, name, button);
}

function tick() {
  const left = basket.timeLeft;
  if (left === null) return;
  const seconds = Math.max(0, Math.ceil(left / 1000));
  const shown = clock(seconds);
  const time = $("#time");
  if (time.textContent !== shown) {
    time.textContent = shown;
    if (spokenAt.includes(seconds)) say(text("time_left_spoken", { count: seconds }));
  }
  time.classList.toggle("urgent", seconds <= 15);
}

setInterval(tick, 200);

function showBookings() {
  if (!plan) return;
  $("#bookings").hidden = basket.bookings.length === 0;
  $("#booked").replaceChildren(...basket.bookings.map(bookingItem).reverse());
}

function bookingItem(booking) {
  const seats = element("p", { className: "quiet", textContent: enumerate(plan.names(booking.seats)) });
  const see = element("button", { type: "button", className: "link reference", textContent: booking.reference });
  see.addEventListener("click", () => showTicket(booking));
  const parts = [element("div", {}, see, seats)];
  const until = event.policy.cancel_until ?? event.starts_at;
  if (until === null || Date.parse(until) > serverTime()) {
    const cancel = element("button", { type: "button", className: "secondary small", textContent: text("cancel_booking") });
    cancel.addEventListener("click", () => cancelBooking(booking, cancel));
    parts.push(cancel);
  }
  return element("li", {}, ...parts);
}

async function cancelBooking(booking, button) {
  const { reference } = booking;
  const sure = await ask(text("cancel_question", { reference, seats: enumerate(plan.names(booking.seats)) }));
  if (!sure) return;
  await attempt(async () => {
    await basket.cancel(reference);
    for (const id of booking.seats) statuses.set(id, "available");
    tell(text("cancelled", { reference }));
    $("#basket-title").focus();
    feed.poke();
  }, button);
}

function ask(question) {
  const dialog = $("#question");
  $("#question-text").textContent = question;
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}

$("#question-yes").addEventListener("click", () => $("#question").close("yes"));
$("#question-no").addEventListener("click", () => $("#question").close("no"));

function showTicket(booking) {
  $("#ticket-reference").textContent = booking.reference;
  $("#ticket-seats").textContent = enumerate(plan.names(booking.seats));
  $("#ticket-time").textContent = briefTime(booking.booked_at);
  const ticket = $("#ticket");
  if (!ticket.open) ticket.showModal();
}

$("#ticket-print").addEventListener("click", () => print());
$("#ticket-close").addEventListener("click", () => $("#ticket").close());
$("#ticket").addEventListener("close", () => $("#bookings-title").focus());

// When it is sold

function showSale() {
  const now = serverTime();
  const { on_sale_from: from, on_sale_until: until } = event;
  // The sale ends when the event starts, unless the organiser says otherwise.
  const ends = until ?? event.starts_at;
  const over = ends !== null && Date.parse(ends) <= now;
  $("#best").hidden = over;
  const words = from && Date.parse(from) > now ? text("on_sale_from", { time: fullTime(from) })
    : over ? text("sale_over")
    : until ? text("on_sale_until", { time: fullTime(until) }) : "";
  $("#sale").textContent = capital(words);
}

showSale();
setInterval(showSale, 30000);
connectTools(map);
await feed.poke();
