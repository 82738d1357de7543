/** The event itself: its name and its times, followed as the seats are. */

import { get, Problem } from "./api.js";
import { $, canonical, correctServerTime, fullTime, page, tell, text } from "./page.js";
import { onWaking } from "./waking.js";

/** An event may change together with a seat, which tells nothing of it. */
const LOOK_MS = 60000;

/**
 * Follow the event. `act` is called when it has become another. Returns how to look at it now.
 * @param {import("./feed.js").Feed} feed
 * @param {() => void} act
 */
export function followEvent(feed, act) {
  const look = async () => {
    try {
      const { response, document } = await get(page.address);
      correctServerTime(response.headers.get("Date"));
      if (canonical(described(document)) === canonical(described(page.event))) return;
      const before = page.event;
      page.event = document;
      show(before);
      act();
    } catch (problem) {
      // The feed tells of a service that is away.
      if (!(problem instanceof Problem)) throw problem;
    }
  };
  feed.addEventListener("stirred", look);
  onWaking(look);
  setInterval(() => {
    if (!document.hidden) look();
  }, LOOK_MS);
  // A page from the history of the browser is as it was then.
  const [navigation] = performance.getEntriesByType("navigation");
  if (/** @type {PerformanceNavigationTiming} */ (navigation)?.type === "back_forward") look();
  return look;
}

/**
 * What the page shows of an event.
 * @param {EventDocument} event
 */
function described({ name, starts_at, time_zone, on_sale_from, on_sale_until, policy }) {
  return [name, starts_at, time_zone, on_sale_from, on_sale_until, policy];
}

/** @param {EventDocument} before */
function show(before) {
  const { event, name, starts_at: starts, time_zone: zone, policy } = page.event;
  // The name of the default event is its id, which tells a buyer nothing.
  const title = name === event && event === "default" ? text("untitled") : name;
  document.title = title;
  for (const shown of document.querySelectorAll("h1, #ticket .event-name")) shown.textContent = title;
  for (const time of document.querySelectorAll("time")) {
    time.dateTime = starts ?? "";
    time.textContent = starts ? fullTime(starts, zone) : "";
  }
  $("#best-count").max = String(policy.max_seats_per_holder);
  if (!starts || starts === before.starts_at) return;
  tell(text("starts_now_at", { time: fullTime(starts, zone) }), "warning");
}
