/** How a sale went: seats sold and held over time. */

import { briefTime, grouped, preciseTime, text } from "./page.js";

const SVG = "http://www.w3.org/2000/svg";
const HEIGHT = 240,
  LEFT = 48,
  RIGHT = 12,
  TOP = 12,
  BOTTOM = 28;
const MOST_POINTS = 600;

/** @typedef {{at: number, locked: number, booked: number, blocked: number}} Step how many are so from then on */

/** What each change of a seat does to the numbers of seats that are locked, booked and blocked. */
const EFFECTS = /** @type {{[change: string]: [number, number, number]}} */ ({
  locked: [1, 0, 0],
  released: [-1, 0, 0],
  expired: [-1, 0, 0],
  booked: [-1, 1, 0],
  cancelled: [0, -1, 0],
  blocked: [0, 0, 1],
  unblocked: [0, 0, -1],
  sold: [0, 1, 0],
  taken: [-1, 0, 0],
});
/** @type {[number, number, number]} */
const NONE = [0, 0, 0];

/** The numbers of seats over time, counted from the history of the event. */
export class Course {
  /** One for each moment at which something changed. */
  points = /** @type {Step[]} */ ([]);
  version = 0;
  complete = true;
  /** How many seats are so now. */
  end = { available: 0, locked: 0, booked: 0, blocked: 0 };

  /**
   * @param {HistoryEntry[]} history
   * @param {boolean} complete whether it goes back to the beginning
   */
  add(history, complete) {
    if (this.version === 0) this.complete = complete;
    for (const { at, change, version } of history) {
      const [locked, booked, blocked] = EFFECTS[change] ?? NONE;
      const last = this.points.at(-1) ?? { at: -Infinity, locked: 0, booked: 0, blocked: 0 };
      const point = {
        at: Date.parse(at),
        locked: last.locked + locked,
        booked: last.booked + booked,
        blocked: last.blocked + blocked,
      };
      if (last.at === point.at) this.points.pop();
      this.points.push(point);
      this.version = version;
    }
  }

  get total() {
    return this.end.available + this.end.locked + this.end.booked + this.end.blocked;
  }

  /** No more points than can be told apart, and the last of each stretch of time. What happened
   * before the history begins is what is missing at its end. */
  get steps() {
    const [first, last] = [this.points[0], this.points[this.points.length - 1]];
    const missing = this.complete ? last : this.end;
    const length = (last.at - first.at) / MOST_POINTS || 1;
    const thinned = new Map(this.points.map((point) => [Math.floor((point.at - first.at) / length), point]));
    return [...thinned.values()].map(({ at, locked, booked, blocked }) => ({
      at,
      locked: locked + missing.locked - last.locked,
      booked: booked + missing.booked - last.booked,
      blocked: blocked + missing.blocked - last.blocked,
    }));
  }
}

/**
 * Draw areas on top of each other: sold, held, free.
 * @param {HTMLElement} root
 * @param {Course} course
 */
export function drawChart(root, course) {
  if (!course.points.length) return root.replaceChildren();
  const { steps, total } = course;
  const width = Math.max(root.clientWidth, 240);
  const from = steps[0].at;
  const to = Math.max(steps[steps.length - 1].at, from + 1000);
  const x = (/** @type {number} */ at) => LEFT + ((at - from) / (to - from)) * (width - LEFT - RIGHT);
  const y = (/** @type {number} */ count) => HEIGHT - BOTTOM - (count / total) * (HEIGHT - TOP - BOTTOM);
  const drawing = draw("svg", { viewBox: `0 0 ${width} ${HEIGHT}`, role: "img" });
  const [sold, held, free] = [course.end.booked, course.end.locked, course.end.available];
  drawing.setAttribute("aria-label", text("over_time_summary", { sold, held, free }));
  /** @type {(name: string, below: (step: Step) => number, above: (step: Step) => number) => void} */
  const area = (name, below, above) => {
    const upper = steps.flatMap((step, at) => [
      ...(at ? [`H${x(step.at)}`] : []),
      `${at ? "V" : `M${x(from)},`}${y(above(step))}`,
    ]);
    const lower = [...steps]
      .reverse()
      .flatMap((step, at) => [`${at ? "V" : `H${x(to)}V`}${y(below(step))}`, `H${x(step.at)}`]);
    drawing.append(draw("path", { d: `${upper.join("")}${lower.join("")}Z`, class: `area-${name}` }));
  };
  area(
    "free",
    (step) => step.booked + step.locked,
    (step) => total - step.blocked,
  );
  area(
    "held",
    (step) => step.booked,
    (step) => step.booked + step.locked,
  );
  area(
    "sold",
    () => 0,
    (step) => step.booked,
  );
  for (const share of [0, 0.5, 1]) {
    const count = Math.round(total * share);
    drawing.append(draw("line", { x1: LEFT, x2: width - RIGHT, y1: y(count), y2: y(count), class: "grid" }));
    drawing.append(label(LEFT - 8, y(count) + 4, grouped(count), "end"));
  }
  // What happened within minutes is told by the second.
  const say = to - from < 600000 ? preciseTime : briefTime;
  drawing.append(label(LEFT, HEIGHT - 8, say(from), "start"));
  drawing.append(label(width - RIGHT, HEIGHT - 8, say(to), "end"));
  root.replaceChildren(drawing);
}

/**
 * @param {number} x
 * @param {number} y
 * @param {string} words
 * @param {"start" | "end"} anchor
 */
function label(x, y, words, anchor) {
  const shown = draw("text", { x, y, "text-anchor": anchor });
  shown.textContent = words;
  return shown;
}

/**
 * @param {string} tag
 * @param {{[name: string]: string | number}} attributes
 */
function draw(tag, attributes) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  return made;
}
