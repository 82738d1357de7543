/** The page of the door: scan or look up tickets, with and without a network. */

import { newKey, Problem } from "./api.js";
import { authorized, isKeyWrong, signIn, signOut } from "./desk.js";
import { answer } from "./door-answer.js";
import { startCamera } from "./door-camera.js";
import { codeIn, Guests, seatName } from "./door-guests.js";
import { isFinal, Scans } from "./door-scans.js";
import { $, element, page, text } from "./page.js";
import { explain } from "./problems.js";

const FOLLOW_MS = 3000;
/** Nobody at a door waits longer for a network: the list decides then. */
const PATIENCE_MS = 4000;

const guests = new Guests();
const scans = new Scans();
let online = false;

const time = (/** @type {string | number} */ at) =>
  new Date(at).toLocaleTimeString(page.language, { timeStyle: "short" });
const inWords = (/** @type {Guest} */ guest) => [seatName(guest), guest.name].filter(Boolean).join(" · ");

await signIn(async () => {
  try {
    await guests.follow();
    online = true;
  } catch (problem) {
    // A phone that has the list goes on without a network.
    if (!guests.isKnown || (problem instanceof Problem && isFinal(problem))) throw problem;
  }
});
markWaiting();
show();
setTimeout(follow, FOLLOW_MS);
$("#query").focus();
keepForLater();

/** Send what waits, and fetch what is new, again and again. */
async function follow() {
  try {
    await scans.send();
    await guests.follow();
    markWaiting();
    online = true;
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    if (isKeyWrong(problem)) answer("no", text("door.failed"), "", text("door.key_wrong"));
    online = false;
  } finally {
    setTimeout(follow, FOLLOW_MS);
  }
  show();
}

/** What waits to be sent is not in the list of the service yet. */
function markWaiting() {
  for (const { way, seat, body } of scans.waiting) {
    guests.mark(seat, way === "in" ? { at: body.scanned_at, door: "" } : null);
  }
}

function show() {
  $("#connection").dataset.state = online ? "live" : "reconnecting";
  $("#connection").textContent = online ? text("door.live") : text("door.offline", { time: time(guests.at) });
  $("#waiting").hidden = !scans.waiting.length;
  $("#waiting").textContent = text("door.waiting", { count: scans.waiting.length });
  $("#twice").hidden = !scans.refused.length;
  $("#twice-list").replaceChildren(
    ...scans.refused.map(({ guest, problem }) => element("li", { textContent: refusal(guest, problem) })),
  );
  showCounts();
}

/**
 * @param {string} guest
 * @param {ProblemDocument} problem
 */
function refusal(guest, { code, checked_in_at: at, door, detail }) {
  if (code === "already_checked_in" && at) return text("door.twice_one", { guest, time: time(at), door });
  return text("door.refused_one", { guest, reason: detail });
}

function showCounts() {
  const sections = guests.counts();
  const all = { entered: 0, total: 0 };
  for (const { entered, total } of sections.values()) {
    all.entered += entered;
    all.total += total;
  }
  const lines =
    sections.size > 1 ? [...sections, /** @type {const} */ ([text("door.all_sections"), all])] : [["", all]];
  $("#counts").replaceChildren(
    .../** @type {[string, typeof all][]} */ (lines).map(([name, count]) =>
      element(
        "div",
        {},
        element("dt", { textContent: name }),
        element("dd", { textContent: text("door.in_of", count) }),
      ),
    ),
  );
}

// Check somebody in or out

/** @param {{code: string} | {seat: string}} presented */
async function check(presented) {
  const way = /** @type {"in" | "out"} */ ($("[name=way]:checked").value);
  const guest = "seat" in presented ? guests.atSeat(presented.seat) : await guests.withCode(presented.code);
  const body = { ...presented, scanned_at: new Date(guests.now()).toISOString() };
  const scan = { key: newKey(), way, body, seat: guest?.seat ?? "", guest: guest ? inWords(guest) : "" };
  if (!online) return decide(scan, guest);
  try {
    const document = await inTime(
      authorized("POST", `check-${way}`, { body, headers: { "Idempotency-Key": scan.key } }),
    );
    const at = document.checked_in_at;
    guests.mark(document.seat, at ? { at, door: document.door } : null);
    answer("yes", text(way === "in" ? "door.yes_in" : "door.yes_out"), inWords(document));
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    if (!isFinal(problem)) {
      online = false;
      return decide(scan, guest);
    }
    refuse(problem);
  }
  show();
}

/**
 * The document that a call is answered with. Rejects with a Problem if that takes too long.
 * @param {ReturnType<typeof authorized>} call
 */
async function inTime(call) {
  const late = new Problem({ code: "unreachable", status: 0, detail: "" });
  const wait = new Promise((_, reject) => setTimeout(reject, PATIENCE_MS, late));
  call.catch(() => {}); // It may still fail when nobody waits any more.
  return /** @type {{document: any}} */ (await Promise.race([call, wait])).document;
}

/** @param {Problem} problem */
function refuse(problem) {
  const { code, document: told } = problem;
  const guest = guests.atSeat(told.seats?.[0] ?? "");
  const who = guest ? inWords(guest) : "";
  if (code === "already_checked_in") {
    const at = told.checked_in_at ?? "";
    answer("no", text("door.already"), who, text("door.since", { time: time(at), door: told.door }));
    guests.mark(guest?.seat ?? "", { at, door: told.door ?? "" });
  } else if (code === "ticket_void") answer("no", text("door.void"), "", text("door.void_detail"));
  else if (code === "ticket_unknown") answer("no", text("door.unknown"), "", text("door.unknown_detail"));
  else if (code === "not_checked_in") answer("no", text("door.not_in"), who);
  else if (isKeyWrong(problem)) answer("no", text("door.failed"), "", text("door.key_wrong"));
  else answer("no", text("door.failed"), who, explain(problem));
}

/**
 * Without a network, the list decides. The service is told later.
 * @param {import("./door-scans.js").Scan} scan
 * @param {Guest | undefined} guest
 */
function decide(scan, guest) {
  if (!guest) {
    answer("no", text("door.unknown"), "", text("door.unlisted_detail", { time: time(guests.at) }));
  } else if (scan.way === "in" && guest.checked_in_at) {
    const since = { time: time(guest.checked_in_at), door: guest.door || text("door.this_one") };
    answer("no", text("door.already"), scan.guest, text("door.since", since));
  } else if (scan.way === "out" && !guest.checked_in_at) {
    answer("no", text("door.not_in"), scan.guest);
  } else {
    scans.wait(scan);
    markWaiting();
    answer("yes", text(scan.way === "in" ? "door.yes_in" : "door.yes_out"), scan.guest);
  }
  show();
}

// What is typed

$("#find").addEventListener("submit", (submit) => {
  submit.preventDefault();
  const code = codeIn($("#query").value);
  if (!code) return showMatches();
  $("#query").value = "";
  showMatches();
  check({ code });
});
$("#query").addEventListener("input", showMatches);

function showMatches() {
  const words = $("#query").value;
  // An answer to somebody else is not to be read as the answer to these words.
  if (words.trim()) $("#answer").hidden = true;
  const found = codeIn(words) ? [] : guests.search(words);
  $("#matches-note").textContent = words.trim() && !codeIn(words) && !found.length ? text("door.none_found") : "";
  $("#matches").replaceChildren(...found.map((guest) => element("li", {}, matchButton(guest))));
}

/** @param {Guest} guest */
function matchButton(guest) {
  const { seat, checked_in_at: at } = guest;
  const words = at ? `${inWords(guest)} · ${text("door.ticked")} ${time(at)}` : inWords(guest);
  const button = element("button", { type: "button", className: "secondary", textContent: words });
  button.addEventListener("click", () => {
    $("#query").value = "";
    showMatches();
    check({ seat });
  });
  return button;
}

// What is scanned

let stopCamera = /** @type {(() => void) | null} */ (null);

$("#camera-start").addEventListener("click", async () => {
  const button = $("#camera-start");
  $("#camera-problem").textContent = "";
  if (stopCamera) {
    stopCamera();
    stopCamera = null;
  } else if (!navigator.mediaDevices) {
    $("#camera-problem").textContent = text("door.camera_insecure");
  } else {
    try {
      // Codes of others are refused by the service, or without a network by the list.
      stopCamera = await startCamera($("#camera"), (code) => check({ code: codeIn(code) ?? code.slice(0, 100) }));
    } catch (reason) {
      if (!(reason instanceof DOMException)) throw reason;
      $("#camera-problem").textContent = text("door.camera_denied", { reason: reason.message });
    }
  }
  $("#camera").hidden = !stopCamera;
  button.textContent = text(stopCamera ? "door.camera_stop" : "door.camera_start");
});

$("#twice-clear").addEventListener("click", () => {
  scans.forgetRefused();
  show();
});
$("#sign-out").addEventListener("click", signOut);

/** Let a worker keep the page and all that it is made of, so that it opens without a network. */
async function keepForLater() {
  if (!navigator.serviceWorker) return; // The page did not come over HTTPS.
  await navigator.serviceWorker.register("door-worker.js", { scope: "door" });
  const { active } = await navigator.serviceWorker.ready;
  const loaded = performance.getEntriesByType("resource").map(({ name }) => name);
  const files = loaded.filter((name) => name.includes("/static/"));
  // They are only loaded where the browser cannot read QR codes by itself.
  const readers = ["qr-decode.js", "qr-encode.js"].map((name) => new URL(name, import.meta.url).href);
  active?.postMessage([location.href, ...new Set([...files, import.meta.url, ...readers])]);
}
