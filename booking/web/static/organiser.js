/** The page of an organiser: what is sold, the seats, the box office, bookings, the event, a new one. */

import { call, get, Problem, retrying } from "./api.js";
import { Bookings } from "./bookings.js";
import { Course, drawChart } from "./chart.js";
import { download } from "./download.js";
import { Feed } from "./feed.js";
import { Front } from "./front.js";
import { listenToOpening, showMistakes } from "./opening.js";
import { Blocks } from "./organiser-blocks.js";
import { OpenBooking } from "./organiser-booking.js";
import { EventForm } from "./organiser-event.js";
import { Keys } from "./organiser-keys.js";
import { Seats } from "./organiser-seats.js";
import { Selling } from "./organiser-selling.js";
import { $, grouped, on, onSubmit, page, tell, text, textIfAny } from "./page.js";
import { explain } from "./problems.js";

const ADDRESS = `../${encodeURIComponent(page.event.event)}`;

const feed = new Feed();
let course = new Course();
/** Kept here and nowhere else: it is gone with the page. */
let authorization = "";
let scopes = /** @type {string[]} */ ([]);

const may = (/** @type {string} */ scope) => scopes.includes(scope);
const desk = { call: authorized, attempt, showMistakes, refresh: () => feed.poke() };
const [eventForm, keys, seats] = [new EventForm(desk), new Keys(desk), new Seats()];
const names = (/** @type {string[]} */ ids) => seats.names(ids);
const bookings = new Bookings(desk, names);
const blocks = new Blocks(desk, seats);
const openBooking = new OpenBooking(desk, seats, bookings);
const selling = new Selling(desk, seats);

/** @type {typeof call} */
function authorized(method, address, options = {}) {
  return call(method, address, { ...options, headers: { ...options.headers, Authorization: authorization } });
}

/** @param {() => Promise<void>} task */
async function attempt(task) {
  try {
    await task();
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    tell(explain(problem, names), "problem");
  }
}

// Sign in

onSubmit($("#sign-in"), async () => {
  // Other characters cannot be sent, and are in no token.
  authorization = `Bearer ${$("#token").value.replace(/[^!-~]/g, "?")}`;
  try {
    ({ scopes } = (await authorized("GET", "scopes")).document);
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    $("#sign-in-problem").textContent = explain(problem);
    return;
  }
  const parts = /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-scope]"));
  for (const part of parts) part.hidden = !may(part.dataset.scope ?? "");
  if ([...parts].every((part) => part.hidden)) {
    $("#sign-in-problem").textContent = text("door.key_wrong");
    return;
  }
  $("#sign-in").remove();
  $("#desk").hidden = false;
  $("#overview-title").focus();
  for (const part of [eventForm, keys]) attempt(() => part.load());
  await feed.poke();
});

// What is sold

on(feed, "state", (state) => {
  $("#connection").dataset.state = state;
  $("#connection").textContent = textIfAny(state) ?? text("problems.event_not_found");
  document.body.classList.toggle("stale", state !== "live");
});

on(feed, "seats", async (/** @type {SeatsDocument} */ { seats: news, full }) => {
  if (full) {
    // The first time, or the event is not what it was: begin anew.
    bookings.forget();
    course = new Course();
  }
  seats.update(news, full);
  if (full) await retrying(showHouse);
  showNumbers();
  if (may("read")) attempt(showCourse);
});

async function showHouse() {
  const { document } = await get("plan");
  const { document: described } = await authorized("GET", ADDRESS);
  await seats.show(document);
  front.show(described.front);
}

function showNumbers() {
  const counts = { available: 0, locked: 0, booked: 0, blocked: 0 };
  for (const status of seats.statuses.values()) counts[status] += 1;
  for (const [status, count] of Object.entries(counts)) {
    $(`[data-number=${status}]`).textContent = grouped(count);
  }
  course.end = counts;
}

/** What in the history means that there are other bookings than before, or other seats off sale. */
const BOOKINGS_CHANGE = ["booked", "sold", "cancelled", "changed", "moved"];
const BLOCKS_CHANGE = ["blocked", "unblocked"];

let following = Promise.resolve();

/** One after the other, or a change would be counted twice. */
function showCourse() {
  following = following
    .catch(() => {})
    .then(async () => {
      const changes = /** @type {Set<string>} */ (new Set());
      const isFirst = course.version === 0;
      for (let since = /** @type {number | null} */ (course.version); since !== null; ) {
        /** @type {{document: {history: HistoryEntry[], complete: boolean, next_since: number | null}}} */
        const { document } = await authorized("GET", `history?limit=10000&since=${since}`);
        course.add(document.history, document.complete);
        bookings.forgetIfChanged(document.history);
        for (const { change } of document.history) changes.add(change);
        since = document.next_since;
      }
      drawChart($("#chart"), course);
      const [sold, held, free] = [course.end.booked, course.end.locked, course.end.available];
      $("#chart-note").textContent = !course.points.length
        ? text("no_history")
        : course.complete
          ? text("over_time_summary", { sold, held, free })
          : text("history_incomplete");
      if (isFirst || BOOKINGS_CHANGE.some((change) => changes.has(change))) await bookings.follow();
      if (isFirst || BLOCKS_CHANGE.some((change) => changes.has(change))) await blocks.load();
    });
  return following;
}

// Seats and bookings

const front = new Front(seats.map, (point) =>
  attempt(async () => {
    const { document } = await authorized("PATCH", ADDRESS, { body: { plan: { focal_point: point } } });
    front.show(document.front);
    tell($("#front-said").textContent ?? "");
    await feed.poke();
  }),
);

on(seats, "booked", (id) => openBooking.press(id));
on(bookings, "open", (booking) => openBooking.open(booking));
on(selling, "sold", (booking) => openBooking.open(booking));

$("#csv").addEventListener("click", () =>
  attempt(async () => {
    const headers = { Accept: "text/csv" };
    const { document: file } = await authorized("GET", "bookings", { headers, type: "blob" });
    download(file, `${page.event.event}-bookings.csv`);
  }),
);

listenToOpening(authorized);
