/** Finds seats by where they are: in squares of a grid. */
export class SeatIndex {
  #squares = /** @type {Map<number, PlannedSeat[]>} */ (new Map());
  #size;

  /** @param {number} radius that seats usually have */
  constructor(radius) {
    this.#size = 6 * radius;
  }

  /** @param {PlannedSeat[]} seats */
  add(seats) {
    for (const seat of seats) {
      const key = this.#key(Math.floor(seat.x / this.#size), Math.floor(seat.y / this.#size));
      const square = this.#squares.get(key);
      if (square) square.push(seat);
      else this.#squares.set(key, [seat]);
    }
  }

  /**
   * The seats in a rectangle, and maybe some near it.
   * @param {number} left
   * @param {number} top
   * @param {number} right
   * @param {number} bottom
   */
  *inside(left, top, right, bottom) {
    const size = this.#size;
    const across = [Math.floor(left / size), Math.floor(right / size)];
    const down = [Math.floor(top / size), Math.floor(bottom / size)];
    const seen = (across[1] - across[0] + 1) * (down[1] - down[0] + 1);
    if (seen >= this.#squares.size) {
      for (const square of this.#squares.values()) yield* square;
      return;
    }
    for (let y = down[0]; y <= down[1]; y++) {
      for (let x = across[0]; x <= across[1]; x++) yield* this.#squares.get(this.#key(x, y)) ?? [];
    }
  }

  /**
   * The seat at a point, or the nearest within a distance.
   * @param {number} x
   * @param {number} y
   * @param {number} within
   */
  nearest(x, y, within) {
    /** @type {PlannedSeat | null} */
    let best = null;
    let least = within;
    for (const seat of this.inside(x - within, y - within, x + within, y + within)) {
      const distance = Math.hypot(seat.x - x, seat.y - y);
      if (distance <= least) [best, least] = [seat, distance];
    }
    return best;
  }

  /**
   * @param {number} x
   * @param {number} y
   */
  #key(x, y) {
    return x * 65536 + y;
  }
}
