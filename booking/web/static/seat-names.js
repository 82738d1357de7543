/** What seats are called: "Balcony, row C seat 7", "Row C seats 4–7". */

import { capital, enumerate, text } from "./page.js";
import { runs } from "./seat-numbers.js";

/**
 * "Balcony, row C seat 7", or less where there is but one zone or row.
 * @param {PlannedSeat} seat
 */
export function nameOf({ zone, row, rowName, number, name }) {
  const words = name || text("seat", { number });
  if (!row) return inZone(zone, words);
  if (!name && !rowName) return inZone(zone, text("row_and_seat", { row, number }));
  return inZone(zone, `${rowName || text("row", { row })}, ${words}`);
}

/**
 * Seats in words, row by row: "Row C seats 4–7", "Row D seat 1".
 * @param {PlannedSeat[]} seats as one walks past them
 */
export function namesOf(seats) {
  /** @type {Map<string, PlannedSeat[]>} */
  const lines = new Map();
  for (const seat of seats) {
    // A file may have a row in several pieces.
    const key = JSON.stringify([seat.zone, seat.row, seat.rowName]);
    const line = lines.get(key);
    if (line) line.push(seat);
    else lines.set(key, [seat]);
  }
  return [...lines.values()].map((line) => (line.length === 1 ? nameOf(line[0]) : nameLine(line)));
}

/**
 * Several seats of one row in words.
 * @param {PlannedSeat[]} seats
 */
function nameLine(seats) {
  const [{ row, rowName, zone }] = seats;
  const named = seats.some(({ name }) => name);
  const numbers = enumerate(runs(seats.map(({ number }) => number)));
  if (row && !rowName && !named) return inZone(zone, text("row_and_seats", { row, numbers }));
  const words = named ? enumerate(seats.map(({ name }) => name)) : text("seats_of", { numbers });
  return inZone(zone, row ? `${rowName || text("row", { row })}, ${words}` : words);
}

/**
 * @param {string} zone
 * @param {string} words
 */
function inZone(zone, words) {
  return capital(zone ? `${zone}, ${words}` : words);
}
