/** From seat to seat with the arrow keys: along the row, to the row beside it, then by eye. */

/** @typedef {"left" | "right" | "up" | "down"} Direction */
/** @typedef {import("./plan.js").Plan} Plan */

/**
 * The seat that comes next in a direction; null at the border.
 * @param {Plan} plan
 * @param {PlannedSeat} from
 * @param {Direction} direction
 */
export function step(plan, from, direction) {
  const sideways = direction === "left" || direction === "right";
  const sign = direction === "left" || direction === "up" ? -1 : 1;
  const { seats } = plan.rows[from.line];
  const [first, last] = [seats[0], seats[seats.length - 1]];
  // A row at the side of a house may run from front to back.
  const lies = Math.abs(last.x - first.x) >= Math.abs(last.y - first.y);
  const found =
    sideways === lies
      ? alongRow(seats, from, sign * (last[lies ? "x" : "y"] < first[lies ? "x" : "y"] ? -1 : 1))
      : besideRow(plan, from, lies ? "y" : "x", sign);
  return found ?? nearest(plan.seats.values(), from, sideways ? "x" : "y", sign);
}

/**
 * @param {PlannedSeat[]} seats
 * @param {PlannedSeat} from
 * @param {number} by
 */
function alongRow(seats, from, by) {
  return seats[seats.indexOf(from) + by] ?? null;
}

/**
 * The nearest seat of the row before or after, whichever lies on that side.
 * @param {Plan} plan
 * @param {PlannedSeat} from
 * @param {"x" | "y"} axis
 * @param {number} sign
 */
function besideRow({ rows }, from, axis, sign) {
  const beside = [rows[from.line - 1], rows[from.line + 1]].filter((row) => row?.zone === from.zone);
  return nearest(
    beside.flatMap((row) => row.seats),
    from,
    axis,
    sign,
  );
}

/**
 * The seat that is nearest on one side, straight ahead rather than askew.
 * @param {Iterable<PlannedSeat>} seats
 * @param {PlannedSeat} from
 * @param {"x" | "y"} axis
 * @param {number} sign
 */
export function nearest(seats, from, axis, sign) {
  const other = axis === "x" ? "y" : "x";
  let best = null;
  let least = Infinity;
  for (const seat of seats) {
    const along = (seat[axis] - from[axis]) * sign;
    const across = Math.abs(seat[other] - from[other]);
    if (along <= from.r * 0.5 || (axis === "x" && across > along)) continue;
    const distance = along + 2.5 * across;
    if (distance < least) [best, least] = [seat, distance];
  }
  return best;
}
