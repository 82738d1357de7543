/** The plan of a house: where its seats are, what they are called, and what is next to what. */

import { capital, enumerate, text } from "./page.js";
import { SeatIndex } from "./seat-index.js";

export class Plan {
  /** The colour of each category, by its name. */
  categories;
  seats = /** @type {Map<string, PlannedSeat>} */ (new Map());
  /** The rows of the house. */
  rows = /** @type {PlannedRow[]} */ ([]);
  areas = /** @type {PlannedArea[]} */ ([]);
  #index;

  /** @param {PlanDocument} document */
  constructor({ categories, zones, focal_point: focus }) {
    this.categories = new Map(categories.map(({ name, color }) => [name, color]));
    const rowCount = zones.reduce((count, zone) => count + zone.rows.length, 0);
    for (const zone of zones) this.#addZone(zone, zones.length > 1, rowCount > 1);
    if (zones.length === 1 && !this.areas.length) this.#addStage(focus);
    this.bounds = this.#bounds();
    this.#index = new SeatIndex(this.seats.values());
  }

  /** The radius that seats usually have. */
  get radius() {
    return this.rows[0]?.seats[0].r ?? 10;
  }

  /**
   * "Balcony, row C seat 7", or less where there is but one zone or row. Of one that is not part of
   * the plan, its id.
   * @param {string} id
   */
  name(id) {
    const seat = this.seats.get(id);
    if (!seat) return id;
    const { row, number, zone } = seat;
    const name = row ? text("row_and_seat", { row, number }) : text("seat", { number });
    return capital(zone ? `${zone}, ${name}` : name);
  }

  /**
   * Seats in words, row by row: "Row C seats 4–7", "Row D seat 1".
   * @param {string[]} ids
   */
  names(ids) {
    const names = ids.filter((id) => !this.seats.has(id));
    /** @type {Map<number, PlannedSeat[]>} */
    const lines = new Map();
    for (const seat of this.#inOrder(ids)) {
      const line = lines.get(seat.line);
      if (line) line.push(seat);
      else lines.set(seat.line, [seat]);
    }
    for (const line of lines.values()) {
      const [{ id, row, zone }] = line;
      const numbers = enumerate(runs(line));
      const name = text(row ? "row_and_seats" : "seats_of", { row, numbers });
      names.push(line.length === 1 ? this.name(id) : capital(zone ? `${zone}, ${name}` : name));
    }
    return names;
  }

  /**
   * The name with what else there is to know.
   * @param {string} id
   * @param {string} status
   */
  describe(id, status) {
    const category = this.seats.get(id)?.category;
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
    return seats.sort((a, b) => a.place - b.place);
  }

  /**
   * @param {ZoneDocument} zone
   * @param {boolean} many
   * @param {boolean} rowsMatter
   */
  #addZone(zone, many, rowsMatter) {
    const { x: zx, y: zy } = zone.position;
    const name = many ? zone.name : "";
    const own = [];
    for (const row of zone.rows) {
      const { x: rx, y: ry } = row.position;
      const seats = [];
      for (const seat of row.seats) {
        const planned = {
          id: seat.seat_guid,
          x: zx + rx + seat.position.x,
          y: zy + ry + seat.position.y,
          r: 0,
          row: rowsMatter ? row.row_number : "",
          number: seat.seat_number,
          zone: name,
          category: seat.category,
          line: this.rows.length,
          place: this.seats.size,
        };
        this.seats.set(planned.id, planned);
        seats.push(planned);
      }
      if (seats.length) this.rows.push({ label: row.row_number, zone: name, seats });
      own.push(...seats);
    }
    const radius = 0.42 * usualDistance(own);
    for (const seat of own) seat.r = radius;
    for (const area of zone.areas) {
      this.areas.push({
        x: zx + area.position.x,
        y: zy + area.position.y,
        width: area.width,
        height: area.height,
        turn: (area.rotation * Math.PI) / 180,
        color: area.color,
        border: area.border_color,
        text: area.text,
      });
    }
  }

  /**
   * A grid or a number of seats has a front as well: where it looks, or else before its first row.
   * @param {Point | undefined} focus
   */
  #addStage(focus) {
    const { left, top, width, height } = this.#bounds();
    const below = focus !== undefined && focus.y > top + height / 2;
    const size = 2.6 * this.radius;
    this.areas.push({
      x: left + width * 0.2,
      y: below ? top + height + size / 2 : top - 1.5 * size,
      width: width * 0.6,
      height: size,
      turn: 0,
      color: "#d9d6cf",
      border: "",
      text: text("stage"),
    });
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
    for (const { x, y, width, height, turn } of this.areas) {
      const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
      for (const dx of [0, width]) {
        for (const dy of [0, height]) take(x + dx * cos - dy * sin, y + dx * sin + dy * cos);
      }
    }
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
 * The numbers of seats of one row, those that follow each other as "4–7".
 * @param {PlannedSeat[]} seats
 */
function runs(seats) {
  /** @type {PlannedSeat[][]} */
  const found = [];
  for (const seat of seats) {
    const last = found.at(-1);
    if (last?.at(-1)?.place === seat.place - 1) last.push(seat);
    else found.push([seat]);
  }
  return found.flatMap((run) =>
    run.length > 2 ? [`${run[0].number}–${run[run.length - 1].number}`] : run.map(({ number }) => number),
  );
}

/**
 * How far a seat is from the one that is nearest to it, usually.
 * @param {PlannedSeat[]} seats
 */
function usualDistance(seats) {
  if (seats.length < 2) return 25;
  const step = Math.ceil(seats.length / 100);
  const distances = [];
  for (let at = 0; at < seats.length; at += step) {
    let least = Infinity;
    for (const other of seats) {
      if (other === seats[at]) continue;
      least = Math.min(least, (other.x - seats[at].x) ** 2 + (other.y - seats[at].y) ** 2);
    }
    distances.push(Math.sqrt(least));
  }
  return distances.sort((a, b) => a - b)[distances.length >> 1] || 25;
}
