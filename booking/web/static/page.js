/** What the page was told by the service, its texts, and how things are said in its language. */

export const page = JSON.parse(document.getElementById("page").textContent);

const plural = new Intl.PluralRules(page.language);
const dateAndTime = new Intl.DateTimeFormat(page.language, { dateStyle: "full", timeStyle: "short" });
const shortTime = new Intl.DateTimeFormat(page.language, { dateStyle: "medium", timeStyle: "short" });
const seconds = new Intl.DateTimeFormat(page.language, { timeStyle: "medium" });
const list = new Intl.ListFormat(page.language);

/** A text by its name, such as "book" or "problems.seat_locked", with values for its {places}. If it
 * has several forms, `count` chooses one. Undefined if there is no such text. */
export function text(name, values = {}) {
  let found = name.split(".").reduce((texts, key) => texts?.[key], page.texts);
  if (typeof found === "object") {
    const { count } = values;
    found = (count === 0 && found.zero) || found[plural.select(count)] || found.other;
  }
  return found?.replace(/\{(\w+)\}/g, (_, key) =>
    typeof values[key] === "number" ? values[key].toLocaleString(page.language) : (values[key] ?? ""));
}

export const fullTime = (moment) => dateAndTime.format(new Date(moment));
export const briefTime = (moment) => shortTime.format(new Date(moment));
export const preciseTime = (moment) => seconds.format(new Date(moment));
export const enumerate = (things) => list.format(things);
export const capital = (words) => words.charAt(0).toLocaleUpperCase(page.language) + words.slice(1);

/** Minutes and seconds. */
export function clock(seconds) {
  const whole = Math.max(0, Math.ceil(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

export const $ = (selector, root = document) => root.querySelector(selector);

/** An element with properties and children. */
export function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

/** Tell something that matters now: seen for a while, and read out by a screen reader. */
export function tell(message, kind = "note") {
  const shown = element("p", { className: `message ${kind}`, textContent: message });
  const box = $("#messages");
  box.append(shown);
  while (box.childElementCount > 3) box.firstElementChild.remove();
  let seconds = kind === "note" ? 6 : 12;
  const timer = setInterval(() => {
    // It waits for whoever looks elsewhere.
    if (!document.hidden) seconds -= 1;
    if (seconds > 0) return;
    clearInterval(timer);
    shown.remove();
  }, 1000);
}

/** The time of the service, which does not depend on the clock of this computer. */
export const serverTime = () => Date.parse(page.now) + performance.now();

/** Tell only those who listen. */
export function say(message) {
  $("#spoken").textContent = message;
}

for (const time of document.querySelectorAll("time[datetime]")) {
  time.textContent = fullTime(time.dateTime);
}
