/** The plan of a house: where its seats are, what they are called, and what is next to what. */

import { readArea, reach } from "./areas.js";
import { capital, enumerate, text } from "./page.js";
import { Index } from "./seat-index.js";

/** For categories that have no colour: told apart by the colour-blind, and unlike one's own seats. */
const COLORS = ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00"];
/** From so many seats on, a zone tells by itself how large they are. */
const ENOUGH = 8;

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
    const known = document.categories;
    const used = document.zones.flatMap(({ rows }) => rows.flatMap(({ seats }) => seats.map(({ category }) => category)));
    // The editor of pretix begins with seats in a category that is not listed.
    const names = new Set([...known.map(({ name }) => name), ...used]);
    const colorOf = new Map(known.map(({ name, color }) => [name, color]));
    /** The colours of the categories by name. */
    this.categories = new Map([...names].map((name, at) => [name, colorOf.get(name) || COLORS[at % COLORS.length]]));
    this.#labels = new Map(known.map(({ name, label }) => [name, label || name]));
    /** @type {Map<string, PlannedSeat>} */
    this.seats = new Map();
    /** The rows of the house, each with its label, its name if it has one, its zone, and its seats as one walks
     * past them. */
    this.rows = [];
    this.areas = [];
    const zones = document.zones;
    const rowCount = zones.reduce((count, zone) => count + zone.rows.length, 0);
    const sized = zones.map((zone) => this.#addZone(zone, zones.length > 1, rowCount > 1));
    this.#setRadii(sized);
    this.bounds = this.#bounds();
    this.#index = new Index(this.seats.values());
    for (const row of this.rows) row.labels = this.#rowLabels(row);
  }

  #labels;
  #index;

  /** "Balcony, row C seat 7", or less where there is but one zone or row. */
  name(id) {
    const seat = this.seats.get(id);
    const { zone, row, number } = seat;
    const words = !row ? seat.name || text("seat", { number })
      : !seat.name && !seat.rowName ? text("row_and_seat", { row, number })
      : [seat.rowName || text("row", { row }), seat.name || text("seat", { number })].join(", ");
    return capital(zone ? `${zone}, ${words}` : words);
  }

  /** Seats in words, row by row: "Row C seats 4–7", "Row D seat 1". Of one that is not part of the
   * plan, its id. */
  names(ids) {
    const seats = ids.map((id) => this.seats.get(id)).filter(Boolean);
    const names = ids.filter((id) => !this.seats.has(id));
    const lines = new Map();
    for (const seat of seats.sort((a, b) => a.line - b.line || a.along - b.along)) {
      // A file may have a row in several pieces.
      const key = JSON.stringify([seat.zone, seat.row, seat.rowName]);
      if (!lines.has(key)) lines.set(key, []);
      lines.get(key).push(seat);
    }
    for (const line of lines.values()) {
      const [{ id, row, rowName, zone }] = line;
      const numbers = line.some(({ name }) => name) ? null : enumerate(runs(line));
      const found = numbers === null ? enumerate(line.map(({ name }) => name))
        : !row || rowName ? text("seats_of", { numbers }) : text("row_and_seats", { row, numbers });
      const words = row && (rowName || numbers === null) ? `${rowName || text("row", { row })}, ${found}` : found;
      names.push(line.length === 1 ? this.name(id) : capital(zone ? `${zone}, ${words}` : words));
    }
    return names;
  }

  /** What people call a category. */
  categoryName(name) {
    return this.#labels.get(name) ?? name;
  }

  /** The name with what else there is to know. */
  describe(id, status) {
    const category = this.categoryName(this.seats.get(id).category);
    const kind = this.categories.size > 1 && category ? [category] : [];
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
    const own = [];
    for (const row of zone.rows) {
      const { x: rx, y: ry } = row.position ?? { x: 0, y: 0 };
      const seats = row.seats.map((seat) => ({
        id: seat.seat_guid,
        x: zx + rx + seat.position.x,
        y: zy + ry + seat.position.y,
        r: seat.radius || 0,
        row: rowsMatter ? row.row_number : "",
        rowName: row.row_label ? row.row_label.replaceAll("%s", row.row_number) : "",
        number: seat.seat_number,
        name: row.seat_label ? filled(row.seat_label, seat.seat_number) : "",
        zone: many ? zone.name ?? "" : "",
        category: seat.category,
        line: this.rows.length,
        place: 0,
        along: 0,
      }));
      for (const seat of seats) {
        seat.place = this.seats.size;
        this.seats.set(seat.id, seat);
        own.push(seat);
      }
      if (!seats.length) continue;
      const walked = asWalked(seats);
      walked.forEach((seat, at) => (seat.along = at));
      const { row_number: label, row_number_position: labelled } = row;
      const [{ zone: name, rowName }] = seats;
      this.rows.push({ label, name: rowName, zone: name, seats: walked, labelled, labels: [] });
    }
    for (const area of zone.areas ?? []) this.areas.push(readArea(area, zx, zy));
    return own;
  }

  /** How large seats are: as the file says, else as there is room in their zone or, where they are few, in the
   * house. */
  #setRadii(zones) {
    const usual = zones.map(usualDistance);
    const all = zones.flatMap((seats, at) => (usual[at] ? Array(Math.min(seats.length, 100)).fill(usual[at]) : []));
    this.#spacing = all.sort((a, b) => a - b)[all.length >> 1] || 25;
    zones.forEach((seats, at) => {
      const room = seats.length >= ENOUGH && usual[at] ? usual[at] : Math.min(usual[at] || Infinity, this.#spacing);
      for (const seat of seats) seat.r ||= 0.42 * room;
    });
    for (const { r } of this.seats.values()) this.largestRadius = Math.max(this.largestRadius, r);
  }

  largestRadius = 0;
  #spacing = 25;

  /** The usual distance between seats. */
  get spacing() {
    return this.#spacing;
  }

  /** Where the label of a row is drawn: beyond its ends, as the file wants it, but never on a seat. */
  #rowLabels({ seats, labelled }) {
    const wanted = labelled === undefined || labelled === "both" ? ["start", "end"] : [labelled];
    const found = [];
    for (const end of seats[0].row ? wanted : []) {
      const [seat, next] = end === "start" ? [seats[0], seats[1]] : end === "end" ? [seats.at(-1), seats.at(-2)] : [];
      if (!seat) continue;
      let [dx, dy] = next ? [seat.x - next.x, seat.y - next.y] : [end === "start" ? -1 : 1, 0];
      const length = Math.hypot(dx, dy) || 1;
      [dx, dy] = [dx / length, dy / length];
      const [x, y] = [seat.x + dx * seat.r * 2.1, seat.y + dy * seat.r * 2.1];
      if (!this.at(x, y, seat.r)) found.push({ x, y, side: Math.abs(dx) > 0.5 ? Math.sign(dx) : 0, r: seat.r });
    }
    return found;
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
    for (const area of this.areas) for (const point of reach(area, 0.8 * this.#spacing)) take(...point);
    const margin = (right - left + bottom - top) * 0.015;
    return {
      left: left - margin,
      top: top - margin,
      width: right - left + 2 * margin,
      height: bottom - top + 2 * margin,
    };
  }
}

/** The numbers of seats of one row, as one walks past them; those that run on by one as "4–7". */
function runs(seats) {
  const found = [];
  for (const { number } of seats) {
    const last = found.at(-1);
    const step = last && stepBetween(last.at(-1), number);
    if (step && (last.length === 1 || step === stepBetween(last[0], last[1]))) last.push(number);
    else found.push([number]);
  }
  return found.flatMap((run) => {
    if (run.length < 3) return run;
    const [first, last] = [run[0], run.at(-1)];
    return [stepBetween(first, run[1]) > 0 ? `${first}–${last}` : `${last}–${first}`];
  });
}

/** 1 if a number follows another, as 13 after 12 and 2-7 after 2-6, -1 the other way around, else 0. */
function stepBetween(number, other) {
  const [one, two] = [number, other].map((each) => /^(.*?)(\d{1,9})$/.exec(each));
  if (!one || !two || one[1] !== two[1]) return 0;
  const step = Number(two[2]) - Number(one[2]);
  return Math.abs(step) === 1 ? step : 0;
}

/** The name of a seat from the pattern of its row. */
function filled(pattern, number) {
  return pattern.includes("%s") ? pattern.replaceAll("%s", number) : `${pattern} ${number}`;
}

/** The seats of a row as one walks past them: as they are listed or, if that is to and fro, along its longer side. */
function asWalked(seats) {
  const turns = seats.some((seat, at) => {
    const [before, after] = [seats[at - 1], seats[at + 1]];
    if (!before || !after) return false;
    return (seat.x - before.x) * (after.x - seat.x) + (seat.y - before.y) * (after.y - seat.y) < 0;
  });
  if (!turns) return seats;
  const spread = (axis) => seats.reduce((most, seat) => Math.max(most, seat[axis]), -Infinity)
    - seats.reduce((least, seat) => Math.min(least, seat[axis]), Infinity);
  const axis = spread("x") >= spread("y") ? "x" : "y";
  return [...seats].sort((a, b) => a[axis] - b[axis] || a.place - b.place);
}

/** How far a seat is from the one that is nearest to it, usually; 0 if there is but one. */
function usualDistance(seats) {
  if (seats.length < 2) return 0;
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
  return distances.sort((a, b) => a - b)[distances.length >> 1];
}
