/** What the page was told by the service, its texts, and how things are said in its language. */

/** @type {{language: string, texts: {[name: string]: Texts}, event: EventDocument, now: string,
 *   address: string, sends_mail: boolean}} `address` is that of the event, relative to the page; the
 *   organiser's page alone has `sends_mail` */
export const page = JSON.parse(document.getElementById("page")?.textContent ?? "");

/**
 * Make something when it is first wanted: what formats dates takes a phone 50 ms to make.
 * @template T
 * @param {() => T} make
 */
function lazily(make) {
  /** @type {T | undefined} */
  let made;
  return () => {
    made ??= make();
    return made;
  };
}

const plural = lazily(() => new Intl.PluralRules(page.language));
const FULL = /** @type {const} */ ({ dateStyle: "full", timeStyle: "short" });
const dateAndTime = lazily(() => new Intl.DateTimeFormat(page.language, FULL));
const shortTime = lazily(() => new Intl.DateTimeFormat(page.language, { dateStyle: "medium", timeStyle: "short" }));
const seconds = lazily(() => new Intl.DateTimeFormat(page.language, { timeStyle: "medium" }));
const list = lazily(() => new Intl.ListFormat(page.language));
const numbers = lazily(() => new Intl.NumberFormat(page.language));

/**
 * A text by its name, such as "book", with values for its {places}. If it has several forms, `count`
 * chooses one.
 * @param {string} name
 * @param {{[place: string]: unknown}} [values]
 */
export function text(name, values) {
  return textIfAny(name, values) ?? name;
}

/**
 * The same for a text that there may not be, such as "problems.seat_locked".
 * @param {string} name
 * @param {{[place: string]: unknown}} [values]
 * @returns {string | undefined}
 */
export function textIfAny(name, values = {}) {
  /** @type {Texts | undefined} */
  let found = page.texts;
  for (const key of name.split(".")) found = typeof found === "object" ? found[key] : undefined;
  if (typeof found === "object") {
    const count = Number(values.count);
    found = (count === 0 && found.zero) || found[plural().select(count)] || found.other;
  }
  if (typeof found !== "string") return undefined;
  return found.replace(/\{(\w+)\}/g, (_, key) => {
    const value = values[key];
    return typeof value === "number" ? grouped(value) : String(value ?? "");
  });
}

/** @typedef {string | number} Time in RFC 3339, or milliseconds since 1970 */

export const briefTime = (/** @type {Time} */ moment) => shortTime().format(new Date(moment));
export const preciseTime = (/** @type {Time} */ moment) => seconds().format(new Date(moment));
export const grouped = (/** @type {number} */ number) => numbers().format(number);
export const enumerate = (/** @type {string[]} */ things) =>
  things.length > 1 ? list().format(things) : things.join();
export const capital = (/** @type {string} */ words) =>
  words.charAt(0).toLocaleUpperCase(page.language) + words.slice(1);

/**
 * The date and the time, by the clocks of a time zone if there is one. Where the reader's own clock shows
 * another time, the zone is named.
 * @param {Time} moment
 * @param {string | null} [zone]
 */
export function fullTime(moment, zone) {
  const date = new Date(moment);
  const here = dateAndTime().format(date);
  if (!zone) return here;
  try {
    const options = { timeZone: zone };
    const there = new Intl.DateTimeFormat(page.language, { ...FULL, ...options }).format(date);
    if (there === here) return here;
    const named = new Intl.DateTimeFormat(page.language, { ...options, timeZoneName: "long" });
    const name = named.formatToParts(date).find(({ type }) => type === "timeZoneName")?.value ?? zone;
    return `${there} (${name})`;
  } catch {
    // A browser may not know the zone: then the time is the reader's own.
    return here;
  }
}

/** The page works so long at a time, in milliseconds, before it gives way. */
const SLICE_MS = 5;
let sliceBegan = 0;

/** What takes long awaits this between its steps: now and then, the browser goes first, so that it
 * answers presses and keys meanwhile. */
export async function giveWay() {
  if (performance.now() - sliceBegan < SLICE_MS) return;
  await (window.scheduler?.yield?.() ?? new Promise((resolve) => setTimeout(resolve)));
  sliceBegan = performance.now();
}

/**
 * Hours, if there are any, minutes and seconds.
 * @param {number} seconds
 */
export function clock(seconds) {
  const whole = Math.max(0, Math.ceil(seconds));
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  const padded = (/** @type {number} */ part) => String(part).padStart(2, "0");
  return `${hours ? `${hours}:${padded(minutes)}` : minutes}:${padded(whole % 60)}`;
}

/**
 * A length of time in words: "40 seconds", "5 minutes".
 * @param {number} seconds
 */
export function duration(seconds) {
  const [count, unit] = seconds >= 120 ? [Math.floor(seconds / 60), "minute"] : [Math.round(seconds), "second"];
  return new Intl.NumberFormat(page.language, { style: "unit", unit, unitDisplay: "long" }).format(count);
}

/**
 * The element of the page for a selector. The templates have it: that it is missing is a mistake of
 * ours. What kind of element it is, is said in contract.d.ts.
 * @template {string} S
 * @param {S} selector
 * @param {ParentNode} [root]
 * @returns {S extends keyof PageElements ? PageElements[S] : HTMLElement}
 */
export function $(selector, root = document) {
  return /** @type {any} */ (root.querySelector(selector));
}

/** The second press of a double click or a double tap is the same wish. */
const DOUBLE_MS = 500;

/**
 * Act on a press, but not on the second of a double one.
 * @param {(id: string) => void} act
 */
export function withoutDoubles(act) {
  let [last, pressedAt] = ["", -Infinity];
  return (/** @type {string} */ id) => {
    const now = performance.now();
    if (id === last && now - pressedAt < DOUBLE_MS) return;
    [last, pressedAt] = [id, now];
    act(id);
  };
}

/**
 * An element with properties and children.
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Partial<HTMLElementTagNameMap[T]>} [properties]
 * @param {(Node | string)[]} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

/**
 * Listen to an event of ours; `act` gets its detail.
 * @param {EventTarget} target
 * @param {string} name
 * @param {(detail: any) => void} act
 */
export function on(target, name, act) {
  target.addEventListener(name, (event) => act(/** @type {CustomEvent} */ (event).detail));
}

/**
 * Do something when a form is sent. Its template disables its buttons, for a press would be lost as long as
 * the script is not there; this enables them.
 * @param {HTMLElement} form
 * @param {() => void} act
 */
export function onSubmit(form, act) {
  form.addEventListener("submit", (submit) => {
    submit.preventDefault();
    act();
  });
  for (const button of form.querySelectorAll("button")) button.disabled = false;
}

/**
 * A value as JSON, with its members in an order of their own: equal values give equal texts.
 * @param {unknown} value
 */
export function canonical(value) {
  return JSON.stringify(value, (_, part) => {
    const isObject = part !== null && typeof part === "object" && !Array.isArray(part);
    return isObject ? Object.fromEntries(Object.entries(part).sort()) : part;
  });
}

/**
 * Tell something that matters now: seen for a while, and read out by a screen reader.
 * @param {string} message
 * @param {"note" | "warning" | "problem"} [kind]
 */
export function tell(message, kind = "note") {
  const shown = element("p", { className: `message ${kind}`, textContent: message });
  // It lies over other things: a press takes it away, and goes no further.
  shown.addEventListener("click", () => shown.remove());
  const box = $("#messages");
  box.append(shown);
  while (box.childElementCount > 3) box.firstElementChild?.remove();
  let seconds = kind === "note" ? 6 : 12;
  const timer = setInterval(() => {
    // The time does not run while another tab is in front.
    if (!document.hidden) seconds -= 1;
    if (seconds > 0) return;
    clearInterval(timer);
    shown.remove();
  }, 1000);
}

/** The time of the service when `performance.now()` was 0: it does not depend on the clock of this
 * computer. */
let serverEpoch = Date.parse(page.now);
/** A `Date` header has whole seconds, and takes its time to come. */
const DATE_ACCURACY_MS = 2000;

export const serverTime = () => serverEpoch + performance.now();

/**
 * Correct the time of the service by a `Date` header, if the page is from the history of the browser
 * or has slept.
 * @param {string | null} date
 */
export function correctServerTime(date) {
  const told = Date.parse(date ?? "") + 500;
  if (Math.abs(told - serverTime()) > DATE_ACCURACY_MS) serverEpoch = told - performance.now();
}

/**
 * Tell only those who listen.
 * @param {string} message
 */
export function say(message) {
  $("#spoken").textContent = message;
}

for (const time of document.querySelectorAll("time")) {
  if (time.dateTime) time.textContent = fullTime(time.dateTime, time.dataset.zone);
}
