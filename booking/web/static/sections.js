/** The sections of a house, as shapes: in a large one, one goes in before one chooses a seat. */

import { giveWay } from "./page.js";

/** @typedef {[x: number, y: number]} Corner in the unit of the plan */

/**
 * @typedef {object} Section
 * @property {string} name
 * @property {PlannedSeat[]} seats
 * @property {Corner[]} outline
 * @property {Corner} middle
 * @property {Bounds} bounds
 * @property {string} category of most of its seats
 */

/**
 * The sections of a house; none if it has but one.
 * @param {PlannedRow[]} rows
 */
export async function sectionsOf(rows) {
  /** @type {Map<string, PlannedRow[]>} */
  const zones = new Map();
  for (const row of rows) {
    const zone = zones.get(row.zone);
    if (zone) zone.push(row);
    else zones.set(row.zone, [row]);
  }
  /** @type {Section[]} */
  const sections = [];
  if (zones.size < 2) return sections;
  for (const [name, rows] of zones) sections.push(await section(name, rows));
  return sections;
}

/**
 * @param {string} name
 * @param {PlannedRow[]} rows
 * @returns {Promise<Section>}
 */
async function section(name, rows) {
  const seats = rows.flatMap((row) => row.seats);
  const reach = 1.6 * seats[0].r;
  /** @type {Corner[]} */
  const corners = [];
  for (const row of rows) {
    await giveWay();
    for (const [x, y] of hull(row.seats.map(({ x, y }) => [x, y]))) {
      corners.push([x - reach, y - reach], [x + reach, y - reach], [x - reach, y + reach], [x + reach, y + reach]);
    }
  }
  const outline = hull(corners);
  const [xs, ys] = [outline.map(([x]) => x), outline.map(([, y]) => y)];
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  const bounds = { left, top, width: Math.max(...xs) - left, height: Math.max(...ys) - top };
  const middle = /** @type {Corner} */ ([mean(seats.map((seat) => seat.x)), mean(seats.map((seat) => seat.y))]);
  return { name, seats, outline, middle, bounds, category: seats[seats.length >> 1].category };
}

/**
 * Whether a point is in a section.
 * @param {Section} section
 * @param {number} x
 * @param {number} y
 */
export function contains({ outline }, x, y) {
  return outline.every(([x0, y0], at) => {
    const [x1, y1] = outline[(at + 1) % outline.length];
    return (x1 - x0) * (y - y0) - (y1 - y0) * (x - x0) >= 0;
  });
}

/**
 * The seat in the middle of a section.
 * @param {Section} section
 */
export function middleSeat({ seats, middle: [x, y] }) {
  const distance = (/** @type {PlannedSeat} */ seat) => Math.hypot(seat.x - x, seat.y - y);
  return seats.reduce((best, seat) => (distance(seat) < distance(best) ? seat : best));
}

/** @param {number[]} numbers */
function mean(numbers) {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}

/**
 * The convex hull of points, clockwise on the screen: Andrew's monotone chain.
 * @param {Corner[]} points
 */
function hull(points) {
  if (points.length < 2) return points;
  const sorted = [...points].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const half = (/** @type {Corner[]} */ along) => {
    /** @type {Corner[]} */
    const chain = [];
    for (const point of along) {
      while (chain.length > 1 && turn(chain[chain.length - 2], chain[chain.length - 1], point) <= 0) chain.pop();
      chain.push(point);
    }
    return chain.slice(0, -1);
  };
  return [...half(sorted), ...half(sorted.reverse())];
}

/**
 * @param {Corner} a
 * @param {Corner} b
 * @param {Corner} c
 */
function turn(a, b, c) {
  return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
}
