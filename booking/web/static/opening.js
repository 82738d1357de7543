/** Opens an event. The mistakes of a plan are shown, and mended if the organiser wants it. */

import { Problem } from "./api.js";
import { plannedHouse } from "./organiser-house.js";
import { $, element, text } from "./page.js";
import { explain } from "./problems.js";

/** @typedef {typeof import("./api.js").call} Call */
/** @typedef {{plan: unknown, name?: string, starts_at?: string, time_zone?: string}} Described */

const shown = $("#mistakes");

/** @param {Call} call with the token of the organiser */
export function listenToOpening(call) {
  $("#open").addEventListener("submit", async (submit) => {
    submit.preventDefault();
    shown.replaceChildren();
    const [name, startsAt] = [field("name"), field("starts_at")];
    /** @type {Described} */
    let described;
    try {
      described = { plan: await plannedHouse() };
    } catch (reason) {
      const words = text("not_json", { reason: reason instanceof Error ? reason.message : reason });
      return say(words);
    }
    if (name) described.name = name;
    if (startsAt) {
      described.starts_at = new Date(startsAt).toISOString();
      // The time was typed as the clock here shows it.
      described.time_zone = new Intl.DateTimeFormat().resolvedOptions().timeZone;
    }
    await open(call, described);
  });
}

/** @param {string} name */
function field(name) {
  return String(new FormData($("#open")).get(name)).trim();
}

/**
 * @param {Call} call
 * @param {Described} described
 */
async function open(call, described) {
  const address = `../${encodeURIComponent(field("id"))}`;
  try {
    const { document } = await call("PUT", address, { body: described, headers: { "If-None-Match": "*" } });
    shown.replaceChildren(opened(address, document.name));
    $("#open").reset();
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    if (problem.code === "precondition_failed") return say(text("open_exists"));
    showMistakes(shown, problem);
    if (problem.document.mistakes) shown.append(button("repair", () => repair(call, described, address)));
  }
}

/**
 * Tell that an event is open, with the way to its organiser's page: that is where one goes on.
 * @param {string} address
 * @param {string} name
 */
export function opened(address, name) {
  const link = element("a", { href: `${address}/admin`, textContent: name });
  const [before, after] = text("opened", { name: "\n" }).split("\n");
  return element("p", {}, before, link, after);
}

/**
 * Say what is wrong; of a plan or other fields, each mistake.
 * @param {HTMLElement} place
 * @param {Problem} problem
 */
export function showMistakes(place, problem) {
  const { mistakes, mistake_count: count } = problem.document;
  const words = mistakes ? text("mistakes", { count: count ?? mistakes.length }) : explain(problem);
  place.replaceChildren(element("p", { className: "mistake", textContent: words }));
  if (mistakes) place.append(listed(mistakes));
}

/**
 * Have the plan mended, and say what was done. The organiser decides whether to take it.
 * @param {Call} call
 * @param {Described} described
 * @param {string} address
 */
async function repair(call, described, address) {
  try {
    const { document } = await call("POST", `${address}/plan/repair`, { body: { plan: described.plan } });
    const { plan, done, done_count: count } = document;
    if (!count) return say(text("repair_nothing"));
    const file = new Blob([JSON.stringify(plan, null, 1)], { type: "application/json" });
    const link = element("a", { href: URL.createObjectURL(file), download: "mended.json" });
    link.textContent = text("repair_download");
    shown.replaceChildren(
      element("p", { textContent: text("repaired", { count }) }),
      listed(done),
      element("p", {}, link),
      button("repair_take", () => open(call, { ...described, plan })),
    );
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    say(explain(problem));
  }
}

/** @param {string[]} lines */
function listed(lines) {
  const items = lines.map((line) => element("li", { textContent: line, dir: "auto" }));
  return element("ul", { className: "mistakes" }, ...items);
}

/**
 * @param {string} name of its text
 * @param {() => Promise<void>} act
 */
function button(name, act) {
  const made = element("button", { type: "button", className: "secondary", textContent: text(name) });
  made.addEventListener("click", async () => {
    made.disabled = true;
    await act();
  });
  return made;
}

/** @param {string} words what is wrong */
function say(words) {
  shown.replaceChildren(element("p", { className: "mistake", textContent: words }));
}
