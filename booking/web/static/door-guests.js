/** Who is expected: the list of the service, kept in this tab for when there is no network. */

import { authorized } from "./desk.js";
import { page, text } from "./page.js";

const KEPT_AS = `guests ${page.event.event}`;
const CODE = /^[0-9A-HJKMNP-TV-Z]{26}$/;
const MOST_MATCHES = 8;

export class Guests {
  /** By seat, in the order of the plan. */
  #bySeat = /** @type {Map<string, Guest>} */ (new Map());
  #version = /** @type {number | null} */ (null);
  /** When the list was right, and by how much the clock of the service is ahead: in milliseconds. */
  at = 0;
  #ahead = 0;

  constructor() {
    const kept = JSON.parse(sessionStorage.getItem(KEPT_AS) ?? "null");
    if (!kept) return;
    for (const guest of kept.guests) this.#bySeat.set(guest.seat, guest);
    [this.#version, this.at, this.#ahead] = [kept.version, kept.at, kept.ahead];
  }

  get isKnown() {
    return this.#version !== null;
  }

  get all() {
    return [...this.#bySeat.values()];
  }

  /** The time of the service, as far as it is known. */
  now() {
    return Date.now() + this.#ahead;
  }

  /** Fetch what is new. */
  async follow() {
    const since = this.#version === null ? "" : `?since=${this.#version}`;
    const { response, document } = await authorized("GET", `guests${since}`);
    const { full, guests, gone, version } = /** @type {GuestsDocument} */ (document);
    if (full) this.#bySeat.clear();
    for (const seat of gone) this.#bySeat.delete(seat);
    for (const guest of guests) this.#bySeat.set(guest.seat, guest);
    const isNew = full || version !== this.#version;
    this.#version = version;
    this.#ahead = Date.parse(response.headers.get("Date") ?? "") - Date.now() || 0;
    this.at = this.now();
    if (isNew) this.#keep();
  }

  /**
   * Note that somebody came in or went out.
   * @param {string} seat
   * @param {{at: string, door: string} | null} entry
   */
  mark(seat, entry) {
    const guest = this.#bySeat.get(seat);
    if (!guest) return;
    if (entry) Object.assign(guest, { checked_in_at: entry.at, door: entry.door });
    else {
      delete guest.checked_in_at;
      delete guest.door;
    }
    this.#keep();
  }

  /** @param {string} seat */
  atSeat(seat) {
    return this.#bySeat.get(seat);
  }

  /**
   * The guest with the ticket of a code. Only a page that came over HTTPS can tell.
   * @param {string} code
   */
  async withCode(code) {
    if (!crypto.subtle) return undefined;
    const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(code)));
    const digest = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    return this.all.find((guest) => guest.digest === digest);
  }

  /**
   * Guests by the beginnings of words: of names, seats such as A7, and references; and by a seat in words,
   * such as row 2 seat 1.
   * @param {string} words
   */
  search(words) {
    const wanted = plain(words).split(/\s+/).filter(Boolean);
    if (!wanted.length) return [];
    const found = this.all.filter((guest) => {
      const { name, section, row, number, reference } = guest;
      const known = plain(`${name} ${section} ${row} ${number} ${row}${number} ${reference}`).split(/\s+/);
      const place = ` ${plain(seatName(guest)).replaceAll(",", "")}`;
      return (
        place.endsWith(` ${wanted.join(" ").replaceAll(",", "")}`) ||
        wanted.every((word) => known.some((each) => each.startsWith(word)))
      );
    });
    return found.slice(0, MOST_MATCHES);
  }

  /** How many of each section are in. */
  counts() {
    const sections = /** @type {Map<string, {entered: number, total: number}>} */ (new Map());
    for (const { section, checked_in_at: at } of this.#bySeat.values()) {
      const count = sections.get(section) ?? { entered: 0, total: 0 };
      sections.set(section, { entered: count.entered + (at ? 1 : 0), total: count.total + 1 });
    }
    return sections;
  }

  #keep() {
    const kept = { guests: this.all, version: this.#version, at: this.at, ahead: this.#ahead };
    try {
      sessionStorage.setItem(KEPT_AS, JSON.stringify(kept));
    } catch {
      // There is no room for so many: then the list is gone with the page.
    }
  }
}

/**
 * A code as it was given out, however it was typed; null if it cannot be one.
 * @param {string} typed
 */
export function codeIn(typed) {
  const code = typed.toUpperCase().replace(/[\s-]/g, "").replaceAll("O", "0").replace(/[IL]/g, "1");
  return CODE.test(code) ? code : null;
}

/**
 * A seat in words.
 * @param {{section: string, row: string, number: string}} place
 */
export function seatName({ section, row, number }) {
  const seat = row ? text("row_and_seat", { row, number }) : text("seat", { number });
  return section ? `${section}, ${seat}` : seat;
}

/** @param {string} words */
function plain(words) {
  return words.normalize("NFKD").replace(/\p{M}/gu, "").toLocaleLowerCase(page.language);
}
