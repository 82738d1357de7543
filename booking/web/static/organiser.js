/** The page of an organiser: what is sold, seats off sale, bookings, a new event. */

import { call, get, Problem, retrying } from "./api.js";
import { Bookings } from "./bookings.js";
import { drawChart, Course } from "./chart.js";
import { Feed } from "./feed.js";
import { connectTools, showLegend } from "./legend.js";
import { $, element, enumerate, page, tell, text } from "./page.js";
import { Plan } from "./plan.js";
import { explain } from "./problems.js";
import "./seat-map.js";

const map = $("seat-map");
const feed = new Feed();
let course = new Course();
const statuses = new Map();
const chosen = new Set();
let plan = null;
let bookings = null;
/** Kept here and nowhere else: it is gone with the page. */
let authorization = null;

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
    $("#sign-in-problem").textContent = explain(problem);
    return;
  }
  $("#sign-in").remove();
  $("#desk").hidden = false;
  $("#overview-title").focus();
  connectTools(map);
  await feed.poke();
});

// What is sold

feed.addEventListener("state", ({ detail: state }) => {
  $("#connection").dataset.state = state;
  $("#connection").textContent = text(state) ?? explain({ code: "event_not_found" });
  document.body.classList.toggle("stale", state !== "live");
});

feed.addEventListener("seats", async ({ detail: { seats, full } }) => {
  if (full) {
    // The first time, or the event is not what it was: begin anew.
    statuses.clear();
    [course, bookings] = [new Course(), new Bookings(authorized, (ids) => plan.names(ids))];
  }
  for (const { id, status } of seats) statuses.set(id, status);
  if (full) await retrying(showHouse);
  else map.update(seats.map(({ id }) => id).filter((id) => plan.seats.has(id)));
  showNumbers();
  attempt(showCourse);
});

async function showHouse() {
  plan = new Plan((await get("plan")).document);
  for (const id of chosen) if (!plan.seats.has(id)) chosen.delete(id);
  map.show(plan, looks);
  showLegend(plan, ["chosen", "locked", "booked", "blocked"]);
  showSelection();
}

function looks(id) {
  const mine = chosen.has(id);
  const look = statuses.get(id) ?? "available";
  const words = mine ? `${text(look)}, ${text("chosen")}` : text(look);
  return { look: mine ? "chosen" : look, words, mine };
}

function showNumbers() {
  const counts = { available: 0, locked: 0, booked: 0, blocked: 0 };
  for (const status of statuses.values()) counts[status] += 1;
  for (const number of document.querySelectorAll("[data-number]")) {
    number.textContent = counts[number.dataset.number].toLocaleString(page.language);
  }
  course.end = counts;
}

/** What in the history means that there are other bookings than before. */
const BOOKINGS_CHANGE = new Set(["booked", "sold", "cancelled", "changed", "moved"]);

let following = Promise.resolve();

/** One after the other, or a change would be counted twice. */
function showCourse() {
  following = following.catch(() => {}).then(async () => {
    let news = course.version === 0;
    for (let since = course.version; since !== null; ) {
      const { document } = await authorized("GET", `history?limit=10000&since=${since}`);
      course.add(document.history, document.complete);
      bookings.forgetIfChanged(document.history);
      news ||= document.history.some(({ change }) => BOOKINGS_CHANGE.has(change));
      since = document.next_since;
    }
    drawChart($("#chart"), course);
    const [sold, held, free] = [course.end.booked, course.end.locked, course.end.available];
    $("#chart-note").textContent = !course.points.length ? text("no_history")
      : course.complete ? text("over_time_summary", { sold, held, free }) : text("history_incomplete");
    if (news) await bookings.follow();
  });
  return following;
}

// Seats off sale

map.setAttribute("areas", "");
map.addEventListener("press", ({ detail: id }) => choose([id], !chosen.has(id)));
map.addEventListener("area", ({ detail: ids }) => choose(ids, true));

function choose(ids, on) {
  for (const id of ids) on ? chosen.add(id) : chosen.delete(id);
  map.update(ids);
  showSelection();
}

function showSelection() {
  $("#selected").textContent = text("seats_chosen", { count: chosen.size });
  for (const id of ["unchoose", "block", "unblock"]) $(`#${id}`).disabled = chosen.size === 0;
}

$("#unchoose").addEventListener("click", () => choose([...chosen], false));

for (const [what, done] of [["block", "blocked_now"], ["unblock", "unblocked_now"]]) {
  $(`#${what}`).addEventListener("click", () => attempt(async () => {
    const seats = [...chosen];
    await authorized("POST", what, { body: { seats } });
    choose(seats, false);
    tell(text(done, { count: seats.length, seats: enumerate(plan.names(seats)) }));
    $("#block-title").focus();
    await feed.poke();
  }));
}

async function attempt(task) {
  try {
    await task();
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    tell(explain(problem, (ids) => plan.names(ids)), "problem");
  }
}

// Bookings

$("#search").addEventListener("input", () => bookings.show());

$("#csv").addEventListener("click", () => attempt(async () => {
  const headers = { Accept: "text/csv" };
  const { document: file } = await authorized("GET", "bookings", { headers, type: "blob" });
  const address = URL.createObjectURL(file);
  element("a", { href: address, download: `${page.event.event}-bookings.csv` }).click();
  URL.revokeObjectURL(address);
}));

// A new event

$("#open").addEventListener("submit", async (submit) => {
  submit.preventDefault();
  const [id, name, startsAt] = ["id", "name", "starts-at"].map((field) => $(`#open-${field}`).value.trim());
  const shown = $("#mistakes");
  shown.replaceChildren();
  let described;
  try {
    described = { plan: JSON.parse(await $("#open-plan").files[0].text()) };
  } catch (reason) {
    shown.append(element("p", { className: "mistake", textContent: text("not_json", { reason: reason.message }) }));
    return;
  }
  if (name) described.name = name;
  if (startsAt) {
    described.starts_at = new Date(startsAt).toISOString();
    // The time was typed as the clock here shows it.
    described.time_zone = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  }
  const address = `../${encodeURIComponent(id)}`;
  try {
    const { document } = await authorized("PUT", address, { body: described, headers: { "If-None-Match": "*" } });
    const link = element("a", { href: `${address}/`, textContent: document.name });
    const [before, after] = text("opened", { name: "\n" }).split("\n");
    shown.append(element("p", {}, before, link, after));
    submit.target.reset();
  } catch (problem) {
    if (problem.code !== "precondition_failed") return showMistakes(shown, problem);
    shown.append(element("p", { className: "mistake", textContent: text("open_exists") }));
  }
});

function showMistakes(shown, problem) {
  const found = problem.document?.mistakes;
  if (!found) return shown.append(element("p", { className: "mistake", textContent: explain(problem) }));
  shown.append(
    element("p", { className: "mistake", textContent: text("mistakes", { count: found.length }) }),
    element("ul", { className: "mistakes" }, ...found.map((mistake) => element("li", { textContent: mistake }))),
  );
}

