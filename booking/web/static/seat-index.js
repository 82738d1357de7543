/** Finds seats by where they are: in squares of a grid. */

export class Index {
  #squares = new Map();
  #size = 1;

  constructor(seats) {
    const all = [...seats];
    const radii = all.slice(0, 1000).map((seat) => seat.r).sort((a, b) => a - b);
    this.#size = 6 * radii[radii.length >> 1] || 1;
    for (const seat of all) {
      const key = this.#key(Math.floor(seat.x / this.#size), Math.floor(seat.y / this.#size));
      if (!this.#squares.has(key)) this.#squares.set(key, []);
      this.#squares.get(key).push(seat);
    }
  }

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

  nearest(x, y, within) {
    let best = null, least = within;
    for (const seat of this.inside(x - within, y - within, x + within, y + within)) {
      const distance = Math.hypot(seat.x - x, seat.y - y);
      if (distance <= least) [best, least] = [seat, distance];
    }
    return best;
  }

  #key(x, y) {
    return x * 65536 + y;
  }
}
