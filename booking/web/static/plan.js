/** The plan of a house: where its seats are, what they are called, and what is next to what. */

import { capital, enumerate, text } from "./page.js";

/**
 * @typedef {object} PlannedSeat
 * @property {string} id
 * @property {number} x the centre, in the unit of the plan, as are y and r
 * @property {number} y
 * @property {number} r the radius
 * @property {string} row the label of the row; "" if there is but one
 * @property {string} number the label of the seat in it
 * @property {string} zone "" if there is but one
 * @property {string} category
 * @property {number} line of which row it is, counted through the house
 * @property {number} place which seat it is, in the order of the plan
 */

export class Plan {
  /** From the document of `GET …/plan`. */
  constructor(document) {
    this.categories = new Map(document.categories.map(({ name, color }) => [name, color]));
    /** @type {Map<string, PlannedSeat>} */
    this.seats = new Map();
    /** The rows of the house, each with its label, its zone and its seats from left to right. */
    this.rows = [];
    this.areas = [];
    const zones = document.zones;
    const rowCount = zones.reduce((count, zone) => count + zone.rows.length, 0);
    for (const zone of zones) this.#addZone(zone, zones.length > 1, rowCount > 1);
    this.bounds = this.#bounds();
    this.#index = new Index(this.seats.values());
  }

  #index;

  /** "Balcony, row C seat 7", or less where there is but one zone or row. */
  name(id) {
    const { row, number, zone } = this.seats.get(id);
    const name = row ? text("row_and_seat", { row, number }) : text("seat", { number });
    return capital(zone ? `${zone}, ${name}` : name);
  }

  /** Seats in words, row by row: "Row C seats 4–7", "Row D seat 1". Of one that is not part of the
   * plan, its id. */
  names(ids) {
    const seats = ids.map((id) => this.seats.get(id)).filter(Boolean).sort((a, b) => a.place - b.place);
    const names = ids.filter((id) => !this.seats.has(id));
    const lines = new Map(seats.map((seat) => [seat.line, []]));
    for (const seat of seats) lines.get(seat.line).push(seat);
    for (const line of lines.values()) {
      const [{ id, row, zone }] = line;
      const numbers = enumerate(runs(line));
      const name = text(row ? "row_and_seats" : "seats_of", { row, numbers });
      names.push(line.length === 1 ? this.name(id) : capital(zone ? `${zone}, ${name}` : name));
    }
    return names;
  }

  /** The name with what else there is to know. */
  describe(id, status) {
    const { category } = this.seats.get(id);
    const kind = this.categories.size > 1 ? [category] : [];
    return [this.name(id), ...kind, status].join(", ");
  }

  /** The seat at a point, or the nearest within a distance. */
  at(x, y, within) {
    return this.#index.nearest(x, y, within);
  }

  /** The seats in a rectangle, and maybe some near it. */
  inside(left, top, right, bottom) {
    return this.#index.inside(left, top, right, bottom);
  }

  /** The seat that comes next in a direction: "left", "right", "up", "down"; null at the border. */
  next(id, direction) {
    const from = this.seats.get(id);
    const sideways = direction === "left" || direction === "right";
    const sign = direction === "left" || direction === "up" ? -1 : 1;
    let best = null, least = Infinity;
    for (const seat of this.seats.values()) {
      const dx = (seat.x - from.x) * sign, dy = (seat.y - from.y) * sign;
      const along = sideways ? dx : dy, across = Math.abs(sideways ? dy : dx);
      if (along <= from.r * 0.5) continue;
      // Rows may be curved: one stays in the row as long as there is one.
      const bend = sideways && seat.line === from.line ? 0.2 : 2.5;
      if (sideways && seat.line !== from.line && across > along) continue;
      const distance = along + bend * across;
      if (distance < least) [best, least] = [seat, distance];
    }
    // Where seats lie on top of each other, the order of the row is all there is to go by.
    const { seats } = this.rows[from.line];
    return best ?? (sideways ? seats[seats.indexOf(from) + sign] : null) ?? null;
  }

  #addZone(zone, many, rowsMatter) {
    const { x: zx, y: zy } = zone.position;
    for (const row of zone.rows) {
      const { x: rx, y: ry } = row.position;
      const seats = row.seats.map((seat) => ({
        id: seat.seat_guid,
        x: zx + rx + seat.position.x,
        y: zy + ry + seat.position.y,
        r: 0,
        row: rowsMatter ? row.row_number : "",
        number: seat.seat_number,
        zone: many ? zone.name : "",
        category: seat.category,
        line: this.rows.length,
        place: 0,
      }));
      for (const seat of seats) {
        seat.place = this.seats.size;
        this.seats.set(seat.id, seat);
      }
      if (seats.length) this.rows.push({ label: row.row_number, zone: many ? zone.name : "", seats });
    }
    const own = this.rows.filter((row) => row.zone === (many ? zone.name : "")).flatMap((row) => row.seats);
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

  #bounds() {
    let left = Infinity, top = Infinity, right = -Infinity, bottom = -Infinity;
    const take = (x, y) => {
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
      for (const [dx, dy] of [[0, 0], [width, 0], [0, height], [width, height]]) {
        take(x + dx * cos - dy * sin, y + dx * sin + dy * cos);
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

/** The numbers of seats of one row, those that follow each other as "4–7". */
function runs(seats) {
  const found = [];
  for (const seat of seats) {
    const last = found.at(-1);
    if (last?.at(-1).place === seat.place - 1) last.push(seat);
    else found.push([seat]);
  }
  return found.flatMap((run) =>
    run.length > 2 ? [`${run[0].number}–${run.at(-1).number}`] : run.map(({ number }) => number));
}

/** How far a seat is from the one that is nearest to it, usually. */
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

/** Finds seats by where they are: in squares of a grid. */
class Index {
  #squares = new Map();
  #size = 1;

  constructor(seats) {
    const all = [...seats];
    this.#size = 6 * Math.max(...all.slice(0, 1000).map((seat) => seat.r), 1);
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
