/** How seats lie: in which order along their row, and how far from each other. */

/**
 * The seats of a row as one walks past them: as they are listed or, if that is to and fro, along its
 * longer side.
 * @param {PlannedSeat[]} seats
 */
export function asWalked(seats) {
  const turns = seats.some((seat, at) => {
    const [before, after] = [seats[at - 1], seats[at + 1]];
    if (!before || !after) return false;
    return (seat.x - before.x) * (after.x - seat.x) + (seat.y - before.y) * (after.y - seat.y) < 0;
  });
  if (!turns) return seats;
  const axis = spread(seats, "x") >= spread(seats, "y") ? "x" : "y";
  return [...seats].sort((a, b) => a[axis] - b[axis] || a.place - b.place);
}

/**
 * @param {PlannedSeat[]} seats
 * @param {"x" | "y"} axis
 */
function spread(seats, axis) {
  let [least, most] = [Infinity, -Infinity];
  for (const seat of seats) [least, most] = [Math.min(least, seat[axis]), Math.max(most, seat[axis])];
  return most - least;
}

/**
 * How far a seat is from the one that is nearest to it, usually; 0 if there is but one.
 * @param {PlannedSeat[]} seats
 */
export function usualDistance(seats) {
  if (seats.length < 2) return 0;
  const step = Math.ceil(seats.length / 100);
  // Numbers side by side: a large zone is passed through a hundred times.
  const [xs, ys] = [new Float64Array(seats.map(({ x }) => x)), new Float64Array(seats.map(({ y }) => y))];
  const distances = [];
  for (let at = 0; at < seats.length; at += step) {
    let least = Infinity;
    for (let other = 0; other < seats.length; other++) {
      const square = (xs[other] - xs[at]) ** 2 + (ys[other] - ys[at]) ** 2;
      if (square < least && other !== at) least = square;
    }
    distances.push(Math.sqrt(least));
  }
  return median(distances);
}

/**
 * The one in the middle; 0 if there is none.
 * @param {number[]} numbers
 */
export function median(numbers) {
  return [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? 0;
}
