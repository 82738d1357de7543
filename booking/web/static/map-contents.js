/** What is in the map: the house, and what there is of it at a point of the screen. */

import { contains } from "./sections.js";

/** @typedef {import("./map-gestures.js").Spot} Spot */
/** @typedef {import("./view.js").View} View */

/** A house of more seats begins with its sections. */
const LARGE = 1500;
/** A press beside a seat, by so many pixels, is meant for it. */
const BESIDE = 5;

export class MapContents {
  plan;
  looks;
  #left = /** @type {number[] | null} */ (null);

  /**
   * @param {import("./plan.js").Plan} plan
   * @param {(id: string) => Looks} looks
   */
  constructor(plan, looks) {
    this.plan = plan;
    this.looks = looks;
  }

  get sections() {
    return this.plan.sections;
  }

  get isLarge() {
    return this.plan.seats.size > LARGE;
  }

  /**
   * Whether sections are shown instead of seats.
   * @param {View} view
   */
  showsSections(view) {
    return this.isLarge && this.sections.length > 1 && view.fits;
  }

  /** @param {string} id */
  describe(id) {
    return this.plan.describe(id, this.looks(id).words);
  }

  /** Seats have become others. */
  changed() {
    this.#left = null;
  }

  /** How many seats are left in each section. */
  left() {
    this.#left ??= this.sections.map(
      ({ seats }) => seats.filter(({ id }) => this.looks(id).look === "available").length,
    );
    return this.#left;
  }

  /**
   * @param {View} view
   * @param {Spot} at
   */
  seatAt(view, [x, y]) {
    const [px, py] = view.toPlan(x, y);
    return this.plan.at(px, py, Math.max(1.25 * this.plan.radius, BESIDE / view.scale));
  }

  /**
   * @param {View} view
   * @param {Spot} at
   */
  sectionAt(view, [x, y]) {
    const [px, py] = view.toPlan(x, y);
    return this.sections.find((section) => contains(section, px, py)) ?? null;
  }

  /**
   * The ids of the seats in a frame.
   * @param {View} view
   * @param {Spot} from
   * @param {Spot} to
   */
  inFrame(view, from, to) {
    const [left, top] = view.toPlan(Math.min(from[0], to[0]), Math.min(from[1], to[1]));
    const [right, bottom] = view.toPlan(Math.max(from[0], to[0]), Math.max(from[1], to[1]));
    const near = [...this.plan.inside(left, top, right, bottom)];
    return near.filter(({ x, y }) => x >= left && x <= right && y >= top && y <= bottom).map(({ id }) => id);
  }
}
