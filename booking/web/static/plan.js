/** The plan of a house: where its seats are, what they are called, and what is next to what. */

import { reach, readArea, stageOf } from "./areas.js";
import { giveWay, page, text } from "./page.js";
import { asWalked, median, usualDistance } from "./seat-distances.js";
import { SeatIndex } from "./seat-index.js";
import { nameOf, namesOf } from "./seat-names.js";
import { filled } from "./seat-numbers.js";
import { sectionsOf } from "./sections.js";

/** For categories that have no colour: told apart by the colour-blind, and unlike one's own seats. */
const COLORS = ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00"];
/** From so many seats on, a zone tells by itself how large they are. */
const ENOUGH = 8;
/** The distance between seats and their radius, where nothing tells. */
const DISTANCE = 25;
const RADIUS = 10;

export class Plan {
  /** The colour of each category, by its name. */
  categories;
  seats = /** @type {Map<string, PlannedSeat>} */ (new Map());
  /** The rows of the house. */
  rows = /** @type {PlannedRow[]} */ ([]);
  areas = /** @type {PlannedArea[]} */ ([]);
  /** The usual distance between seats. */
  spacing = DISTANCE;
  /** The radius that seats usually have, and the largest one. */
  radius = RADIUS;
  largestRadius = RADIUS;
  bounds = /** @type {Bounds} */ ({ left: 0, top: 0, width: 1, height: 1 });
  sections = /** @type {import("./sections.js").Section[]} */ ([]);
  #labels;
  #index = new SeatIndex(RADIUS);

  /**
   * Read a plan. That of a stadium takes a phone more than a second, in which it does other things too.
   * @param {PlanDocument} document
   */
  static async read({ categories, zones, focal_point: focus }) {
    const plan = new Plan(categories);
    const rowCount = zones.reduce((count, zone) => count + zone.rows.length, 0);
    const seats = [];
    for (const zone of zones) seats.push(await plan.#addZone(zone, zones.length > 1, rowCount > 1));
    await plan.#setRadii(seats);
    if (zones.length === 1 && !plan.areas.length) {
      // It is the house of a grid, or of numbers: nobody has drawn its stage.
      const front = focus ?? page.event?.front;
      plan.areas.push(...stageOf(await plan.#bounds(), 2.6 * plan.radius, text("stage"), front));
    }
    plan.bounds = await plan.#bounds();
    plan.#index = new SeatIndex(plan.radius);
    for (const row of plan.rows) {
      await giveWay();
      plan.#index.add(row.seats);
    }
    for (const row of plan.rows) {
      await giveWay();
      row.labels = plan.#rowLabels(row);
    }
    plan.sections = await sectionsOf(plan.rows);
    return plan;
  }

  /** @param {PlanDocument["categories"]} categories */
  constructor(categories) {
    this.categories = new Map(categories.map(({ name, color }, at) => [name, color || colorOf(at)]));
    this.#labels = new Map(categories.map(({ name, label }) => [name, label || name]));
  }

  /**
   * "Balcony, row C seat 7", or less where there is but one zone or row. Of one that is not part of
   * the plan, its id.
   * @param {string} id
   */
  name(id) {
    const seat = this.seats.get(id);
    return seat ? nameOf(seat) : id;
  }

  /**
   * Seats in words, row by row: "Row C seats 4–7", "Row D seat 1".
   * @param {string[]} ids
   */
  names(ids) {
    return [...ids.filter((id) => !this.seats.has(id)), ...namesOf(this.inOrder(ids))];
  }

  /**
   * What people call a category.
   * @param {string} name
   */
  categoryName(name) {
    return this.#labels.get(name) ?? name;
  }

  /**
   * The name with what else there is to know.
   * @param {string} id
   * @param {string} status
   */
  describe(id, status) {
    const category = this.categoryName(this.seats.get(id)?.category ?? "");
    const kind = this.categories.size > 1 && category ? [category] : [];
    return [this.name(id), ...kind, status].join(", ");
  }

  /**
   * The middle of seats; null if there are none.
   * @param {string[]} ids
   */
  middle(ids) {
    const seats = this.inOrder(ids);
    if (!seats.length) return null;
    const mean = (/** @type {"x" | "y"} */ axis) => seats.reduce((sum, seat) => sum + seat[axis], 0) / seats.length;
    return { x: mean("x"), y: mean("y") };
  }

  /**
   * The seat at a point, or the nearest within a distance.
   * @param {number} x
   * @param {number} y
   * @param {number} within
   */
  at(x, y, within) {
    return this.#index.nearest(x, y, within);
  }

  /**
   * The seats in a rectangle, and maybe some near it.
   * @param {number} left
   * @param {number} top
   * @param {number} right
   * @param {number} bottom
   */
  inside(left, top, right, bottom) {
    return this.#index.inside(left, top, right, bottom);
  }

  /**
   * Seats as one walks past them.
   * @param {Iterable<string>} ids
   */
  inOrder(ids) {
    const seats = [];
    for (const id of ids) {
      const seat = this.seats.get(id);
      if (seat) seats.push(seat);
    }
    return seats.sort((a, b) => a.line - b.line || a.along - b.along);
  }

  /**
   * @param {ZoneDocument} zone
   * @param {boolean} many
   * @param {boolean} rowsMatter
   */
  async #addZone(zone, many, rowsMatter) {
    const { x, y } = zone.position;
    const name = many ? (zone.name ?? "") : "";
    const seats = [];
    for (const row of zone.rows) {
      await giveWay();
      seats.push(...this.#addRow(row, name, rowsMatter, zone.position));
    }
    for (const area of zone.areas ?? []) this.areas.push(readArea(area, x, y));
    return seats;
  }

  /**
   * @param {RowDocument} row
   * @param {string} zone
   * @param {boolean} rowsMatter
   * @param {Point} origin of the zone
   */
  #addRow(row, zone, rowsMatter, origin) {
    const { row_number: label, row_label: rowPattern, seat_label: seatPattern, position } = row;
    const name = rowPattern ? rowPattern.replaceAll("%s", label) : "";
    const [x, y] = [origin.x + (position?.x ?? 0), origin.y + (position?.y ?? 0)];
    const seats = [];
    for (const seat of row.seats) {
      const planned = {
        id: seat.seat_guid,
        x: x + seat.position.x,
        y: y + seat.position.y,
        // Not known yet. With 0, an integer, V8 would make each seat anew when it gets its radius.
        r: seat.radius || NaN,
        row: rowsMatter ? label : "",
        rowName: name,
        number: seat.seat_number,
        name: seatPattern ? filled(seatPattern, seat.seat_number) : "",
        zone,
        category: seat.category,
        line: this.rows.length,
        place: this.seats.size,
        along: 0,
      };
      // The editor of pretix begins with seats in a category that is not listed.
      if (!this.categories.has(seat.category)) this.categories.set(seat.category, colorOf(this.categories.size));
      this.seats.set(planned.id, planned);
      seats.push(planned);
    }
    if (!seats.length) return seats;
    const walked = asWalked(seats);
    walked.forEach((seat, at) => {
      seat.along = at;
    });
    const { row_number_position: labelled = "both" } = row;
    this.rows.push({ label, name, zone, seats: walked, labelled, labels: [] });
    return seats;
  }

  /**
   * How large seats are: as the file says, else as there is room in their zone or, where they are few,
   * in the house.
   * @param {PlannedSeat[][]} zones
   */
  async #setRadii(zones) {
    /** @type {number[]} */
    const usual = [];
    for (const seats of zones) {
      await giveWay();
      usual.push(usualDistance(seats));
    }
    // Each zone counts by its seats, up to a hundred.
    const all = zones.flatMap((seats, at) => (usual[at] ? Array(Math.min(seats.length, 100)).fill(usual[at]) : []));
    this.spacing = median(all) || DISTANCE;
    const radii = [];
    for (const [at, seats] of zones.entries()) {
      await giveWay();
      const own = usual[at] || Infinity;
      const room = seats.length >= ENOUGH && usual[at] ? own : Math.min(own, this.spacing);
      for (const seat of seats) {
        seat.r ||= 0.42 * room;
        radii.push(seat.r);
      }
    }
    const sorted = new Float64Array(radii).sort();
    this.radius = sorted[sorted.length >> 1] ?? RADIUS;
    this.largestRadius = sorted.at(-1) ?? RADIUS;
  }

  /**
   * Where the label of a row is drawn: beyond its ends, as the file wants it, but never on a seat.
   * @param {PlannedRow} row
   */
  #rowLabels({ seats, labelled }) {
    const last = seats.length - 1;
    /** @type {RowLabel[]} */
    const found = [];
    for (const { end, seat, next, away } of [
      { end: "start", seat: seats[0], next: seats[1], away: -1 },
      { end: "end", seat: seats[last], next: seats[last - 1], away: 1 },
    ]) {
      if (!seat.row || (labelled !== end && labelled !== "both")) continue;
      const [dx, dy] = next ? [seat.x - next.x, seat.y - next.y] : [away, 0];
      const length = Math.hypot(dx, dy) || 1;
      const [x, y] = [seat.x + (dx / length) * seat.r * 2.1, seat.y + (dy / length) * seat.r * 2.1];
      const side = Math.abs(dx / length) > 0.5 ? Math.sign(dx) : 0;
      if (!this.at(x, y, seat.r)) found.push({ x, y, side, r: seat.r });
    }
    return found;
  }

  /** @returns {Promise<Bounds>} */
  async #bounds() {
    let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
    const take = (/** @type {number} */ x, /** @type {number} */ y) => {
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y);
    };
    for (const { seats } of this.rows) {
      await giveWay();
      for (const { x, y, r, row } of seats) {
        // There is room for the label of a row on both sides.
        const side = (2.6 + 0.7 * Math.min(row.length, 12)) * r;
        take(x - side, y - 2 * r);
        take(x + side, y + 2 * r);
      }
    }
    for (const area of this.areas) for (const point of reach(area, 0.8 * this.spacing)) take(...point);
    const margin = (right - left + bottom - top) * 0.015;
    return {
      left: left - margin,
      top: top - margin,
      width: right - left + 2 * margin,
      height: bottom - top + 2 * margin,
    };
  }
}

/**
 * The colour of a category that has none.
 * @param {number} at which one it is
 */
function colorOf(at) {
  return COLORS[at % COLORS.length];
}
