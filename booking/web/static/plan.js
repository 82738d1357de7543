/** The plan of a house: where its seats are, what they are called, and what is next to what. */

import { reach, readArea, stageOf } from "./areas.js";
import { page, text } from "./page.js";
import { asWalked, median, usualDistance } from "./seat-distances.js";
import { SeatIndex } from "./seat-index.js";
import { nameOf, namesOf } from "./seat-names.js";
import { filled } from "./seat-numbers.js";

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
  #labels;
  #index;

  /** @param {PlanDocument} document */
  constructor({ categories, zones, focal_point: focus }) {
    this.categories = colorsOf(categories, zones);
    this.#labels = new Map(categories.map(({ name, label }) => [name, label || name]));
    const rowCount = zones.reduce((count, zone) => count + zone.rows.length, 0);
    this.#setRadii(zones.map((zone) => this.#addZone(zone, zones.length > 1, rowCount > 1)));
    if (zones.length === 1 && !this.areas.length) {
      // It is the house of a grid, or of numbers: nobody has drawn its stage.
      const front = focus ?? page.event?.front;
      this.areas.push(...stageOf(this.#bounds(), 2.6 * this.radius, text("stage"), front));
    }
    this.bounds = this.#bounds();
    this.#index = new SeatIndex(this.seats.values(), this.radius);
    for (const row of this.rows) row.labels = this.#rowLabels(row);
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
    return [...ids.filter((id) => !this.seats.has(id)), ...namesOf(this.#inOrder(ids))];
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
    const seats = this.#inOrder(ids);
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

  /** @param {string[]} ids */
  #inOrder(ids) {
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
  #addZone(zone, many, rowsMatter) {
    const { x, y } = zone.position;
    const name = many ? (zone.name ?? "") : "";
    const seats = zone.rows.flatMap((row) => this.#addRow(row, name, rowsMatter, zone.position));
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
        r: seat.radius || 0,
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
  #setRadii(zones) {
    const usual = zones.map(usualDistance);
    // Each zone counts by its seats, up to a hundred.
    const all = zones.flatMap((seats, at) => (usual[at] ? Array(Math.min(seats.length, 100)).fill(usual[at]) : []));
    this.spacing = median(all) || DISTANCE;
    zones.forEach((seats, at) => {
      const own = usual[at] || Infinity;
      const room = seats.length >= ENOUGH && usual[at] ? own : Math.min(own, this.spacing);
      for (const seat of seats) seat.r ||= 0.42 * room;
    });
    const radii = [...this.seats.values()].map(({ r }) => r).sort((a, b) => a - b);
    this.radius = radii[radii.length >> 1] ?? RADIUS;
    this.largestRadius = radii.at(-1) ?? RADIUS;
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

  /** @returns {Bounds} */
  #bounds() {
    let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
    const take = (/** @type {number} */ x, /** @type {number} */ y) => {
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y);
    };
    for (const { x, y, r, row } of this.seats.values()) {
      // There is room for the label of a row on both sides.
      const side = (2.6 + 0.7 * Math.min(row.length, 12)) * r;
      take(x - side, y - 2 * r);
      take(x + side, y + 2 * r);
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
 * The colour of each category, by its name. The editor of pretix begins with seats in a category that
 * is not listed.
 * @param {PlanDocument["categories"]} categories
 * @param {ZoneDocument[]} zones
 */
function colorsOf(categories, zones) {
  const colors = new Map(categories.map(({ name, color }) => [name, color]));
  for (const { rows } of zones) {
    for (const { seats } of rows) for (const { category } of seats) if (!colors.has(category)) colors.set(category, "");
  }
  return new Map([...colors].map(([name, color], at) => [name, color || COLORS[at % COLORS.length]]));
}
