/** The page of an organiser: what is sold, seats off sale, the front, bookings, a new event. */

import { call, get, Problem, retrying } from "./api.js";
import { Bookings } from "./bookings.js";
import { Course, drawChart } from "./chart.js";
import { Feed } from "./feed.js";
import { Front } from "./front.js";
import { connectTools, showLegend } from "./legend.js";
import { listenToOpening, showMistakes } from "./opening.js";
import { EventForm } from "./organiser-event.js";
import { Keys } from "./organiser-keys.js";
import { $, element, enumerate, grouped, on, page, tell, text, textIfAny, withoutDoubles } from "./page.js";
import { Plan } from "./plan.js";
import { explain } from "./problems.js";
import "./seat-map.js";

const map = $("seat-map");
const feed = new Feed();
let course = new Course();
const statuses = /** @type {Map<string, SeatStatus>} */ (new Map());
const chosen = /** @type {Set<string>} */ (new Set());
let plan = /** @type {Plan | null} */ (null);
const desk = { call: authorized, attempt, showMistakes, names: (/** @type {string[]} */ ids) => names(ids) };
const [eventForm, keys] = [new EventForm(desk), new Keys(desk)];
let bookings = new Bookings(desk);
/** Kept here and nowhere else: it is gone with the page. */
let authorization = "";

/** @type {typeof call} */
function authorized(method, address, options = {}) {
  return call(method, address, { ...options, headers: { ...options.headers, Authorization: authorization } });
}

// Sign in

$("#sign-in").addEventListener("submit", async (submit) => {
  submit.preventDefault();
  // Other characters cannot be sent, and are in no token.
  authorization = `Bearer ${$("#token").value.replace(/[^!-~]/g, "?")}`;
  try {
    await authorized("GET", "bookings?limit=1");
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    $("#sign-in-problem").textContent = explain(problem);
    return;
  }
  $("#sign-in").remove();
  $("#desk").hidden = false;
  $("#overview-title").focus();
  connectTools(map);
  for (const part of [eventForm, keys]) attempt(() => part.load());
  await feed.poke();
});

// What is sold

on(feed, "state", (state) => {
  $("#connection").dataset.state = state;
  $("#connection").textContent = textIfAny(state) ?? text("problems.event_not_found");
  document.body.classList.toggle("stale", state !== "live");
});

on(feed, "seats", async (/** @type {SeatsDocument} */ { seats, full }) => {
  if (full) {
    // The first time, or the event is not what it was: begin anew.
    statuses.clear();
    [course, bookings] = [new Course(), new Bookings(desk)];
  }
  for (const { id, status } of seats) statuses.set(id, status);
  if (full) await retrying(showHouse);
  else map.update(seats.map(({ id }) => id));
  showNumbers();
  attempt(showCourse);
});

async function showHouse() {
  plan = await Plan.read((await get("plan")).document);
  const { document: described } = await authorized("GET", `../${encodeURIComponent(page.event.event)}`);
  for (const id of chosen) if (!plan.seats.has(id)) chosen.delete(id);
  map.show(plan, looks);
  showLegend(plan, ["chosen", "locked", "booked", "blocked"]);
  front.show(described.front);
  showSelection();
  attempt(showBlocks);
}

/**
 * @param {string} id
 * @returns {Looks}
 */
function looks(id) {
  const mine = chosen.has(id);
  const look = statuses.get(id) ?? "available";
  const words = mine ? `${text(look)}, ${text("chosen")}` : text(look);
  return { look: mine ? "chosen" : look, words, mine };
}

function showNumbers() {
  const counts = { available: 0, locked: 0, booked: 0, blocked: 0 };
  for (const status of statuses.values()) counts[status] += 1;
  for (const [status, count] of Object.entries(counts)) {
    $(`[data-number=${status}]`).textContent = grouped(count);
  }
  course.end = counts;
}

/** What in the history means that there are other bookings than before. */
const BOOKINGS_CHANGE = new Set(["booked", "sold", "cancelled", "changed", "moved"]);

let following = Promise.resolve();

/** One after the other, or a change would be counted twice. */
function showCourse() {
  following = following
    .catch(() => {})
    .then(async () => {
      let news = course.version === 0;
      for (let since = /** @type {number | null} */ (course.version); since !== null; ) {
        /** @type {{document: {history: HistoryEntry[], complete: boolean, next_since: number | null}}} */
        const { document } = await authorized("GET", `history?limit=10000&since=${since}`);
        course.add(document.history, document.complete);
        bookings.forgetIfChanged(document.history);
        news ||= document.history.some(({ change }) => BOOKINGS_CHANGE.has(change));
        since = document.next_since;
      }
      drawChart($("#chart"), course);
      const [sold, held, free] = [course.end.booked, course.end.locked, course.end.available];
      $("#chart-note").textContent = !course.points.length
        ? text("no_history")
        : course.complete
          ? text("over_time_summary", { sold, held, free })
          : text("history_incomplete");
      if (news) await bookings.follow();
    });
  return following;
}

// Seats off sale

map.setAttribute("areas", "");
on(
  map,
  "press",
  withoutDoubles((id) => choose([id], !chosen.has(id))),
);
on(map, "area", (ids) => choose(ids, true));

/**
 * @param {string[]} ids
 * @param {boolean} on
 */
function choose(ids, on) {
  for (const id of ids) {
    if (on) chosen.add(id);
    else chosen.delete(id);
  }
  map.update(ids);
  showSelection();
}

function showSelection() {
  $("#selected").textContent = text("seats_chosen", { count: chosen.size });
  for (const button of [$("#unchoose"), $("#block"), $("#unblock")]) button.disabled = chosen.size === 0;
}

$("#unchoose").addEventListener("click", () => choose([...chosen], false));

for (const [what, done] of [
  ["block", "blocked_now"],
  ["unblock", "unblocked_now"],
]) {
  $(`#${what}`).addEventListener("click", () =>
    attempt(async () => {
      const seats = [...chosen];
      const block = what === "block" && { name: $("#block-name").value, note: $("#block-note").value };
      await authorized("POST", what, { body: { seats, ...block } });
      choose(seats, false);
      tell(text(done, { count: seats.length, seats: enumerate(names(seats)) }));
      $("#block-title").focus();
      await feed.poke();
      await showBlocks();
    }),
  );
}

/** What is off sale, by what it is off sale for. */
async function showBlocks() {
  const { document } = await authorized("GET", "blocks");
  const told = document.blocks.map((/** @type {{name: string, note: string, seats: string[]}} */ block) => {
    const words = [block.name || text("blocked"), enumerate(names(block.seats)), block.note];
    return element("li", { textContent: words.filter(Boolean).join(" · "), dir: "auto" });
  });
  $("#blocks").replaceChildren(...told);
}

const names = (/** @type {string[]} */ ids) => plan?.names(ids) ?? ids;

/** @param {() => Promise<void>} task */
async function attempt(task) {
  try {
    await task();
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    tell(explain(problem, names), "problem");
  }
}

// The front

const front = new Front(map, (point) =>
  attempt(async () => {
    const body = { plan: { focal_point: point } };
    const { document } = await authorized("PATCH", `../${encodeURIComponent(page.event.event)}`, { body });
    front.show(document.front);
    tell($("#front-said").textContent ?? "");
    await feed.poke();
  }),
);

// Bookings

$("#search").addEventListener("input", () => bookings.show());

$("#csv").addEventListener("click", () =>
  attempt(async () => {
    const headers = { Accept: "text/csv" };
    const { document: file } = await authorized("GET", "bookings", { headers, type: "blob" });
    const address = URL.createObjectURL(file);
    element("a", { href: address, download: `${page.event.event}-bookings.csv` }).click();
    URL.revokeObjectURL(address);
  }),
);

listenToOpening(authorized);
