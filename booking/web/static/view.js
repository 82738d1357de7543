/** What part of a house is seen, and how near. */

const LARGEST_RADIUS = 26;

/** Points of the plan are shown at `scale` pixels a unit, its origin at (x, y). */
export class View {
  scale = 1;
  x = 0;
  y = 0;
  /** Whether the whole house is seen. */
  fits = true;
  #bounds = { left: 0, top: 0, width: 1, height: 1 };
  #radius = 10;
  #width = 1;
  #height = 1;

  /**
   * Show all of a house with these bounds and seats of this radius.
   * @param {Bounds} bounds
   * @param {number} radius
   */
  show(bounds, radius) {
    [this.#bounds, this.#radius] = [bounds, radius];
    this.fit();
  }

  /**
   * @param {number} width
   * @param {number} height
   */
  resize(width, height) {
    [this.#width, this.#height] = [width, height];
    if (this.fits) this.fit();
    else this.#keep();
  }

  /**
   * @param {number} x
   * @param {number} y
   * @returns {[x: number, y: number]}
   */
  toScreen(x, y) {
    return [x * this.scale + this.x, y * this.scale + this.y];
  }

  /**
   * @param {number} x
   * @param {number} y
   * @returns {[x: number, y: number]}
   */
  toPlan(x, y) {
    return [(x - this.x) / this.scale, (y - this.y) / this.scale];
  }

  /** What is seen now, though this one moves. */
  copy() {
    const { scale, x, y } = this;
    return Object.assign(new View(), { scale, x, y });
  }

  fit() {
    this.scale = this.#least;
    this.fits = true;
    this.#keep();
  }

  /**
   * Come nearer, or go, while the point of the screen stays where it is.
   * @param {number} factor
   * @param {number} x
   * @param {number} y
   */
  zoomBy(factor, x, y) {
    const [px, py] = this.toPlan(x, y);
    this.#setScale(this.scale * factor);
    if (this.fits) return this.fit();
    this.x = x - px * this.scale;
    this.y = y - py * this.scale;
    this.#keep();
  }

  /**
   * @param {number} dx
   * @param {number} dy
   */
  moveBy(dx, dy) {
    this.x += dx;
    this.y += dy;
    this.#keep();
  }

  /**
   * Come so near that a part of the house fills the screen.
   * @param {Bounds} part
   */
  showPart({ left, top, width, height }) {
    this.#setScale(0.92 * Math.min(this.#width / width, this.#height / height));
    // All that one sees when it fits is all there is: a part is nearer than that.
    this.fits = false;
    const [x, y] = this.toScreen(left + width / 2, top + height / 2);
    this.moveBy(this.#width / 2 - x, this.#height / 2 - y);
  }

  /**
   * Bring a point of the plan to the middle; if seats are smaller than a radius, come so near that
   * they have another.
   * @param {number} x
   * @param {number} y
   * @param {number} least
   * @param {number} radius
   */
  lookAt(x, y, least, radius) {
    const small = this.#radius * this.scale < least;
    if (small) this.#setScale(radius / this.#radius);
    const [sx, sy] = this.toScreen(x, y);
    const hidden = sx < 40 || sy < 40 || sx > this.#width - 40 || sy > this.#height - 40;
    if (hidden || !this.fits) this.moveBy(this.#width / 2 - sx, this.#height / 2 - sy);
  }

  get #least() {
    const { width, height } = this.#bounds;
    return Math.min(this.#width / width, this.#height / height, LARGEST_RADIUS / this.#radius);
  }

  /** @param {number} scale */
  #setScale(scale) {
    const least = this.#least;
    this.scale = Math.min(Math.max(scale, least), Math.max(least, LARGEST_RADIUS / this.#radius) * 1.2);
    this.fits = this.scale <= least * 1.001;
  }

  /** In the middle while there is room, and never out of sight. */
  #keep() {
    const { left, top, width, height } = this.#bounds;
    /** @type {(at: number, from: number, length: number, room: number) => number} */
    const keep = (at, from, length, room) => {
      const size = length * this.scale;
      // What fits but for a rounding error fits.
      if (size <= room * 1.001) return (room - size) / 2 - from * this.scale;
      const [least, most] = [room - from * this.scale - size - room / 3, room / 3 - from * this.scale];
      return Math.min(Math.max(at, least), most);
    };
    this.x = keep(this.x, left, width, this.#width);
    this.y = keep(this.y, top, height, this.#height);
  }
}
