/** The seats that are held for this browser, and how long. */

import { page } from "./page.js";

/** A lock that is so near to the limit, in milliseconds, cannot be extended. */
const NEAR_MS = 50;

/**
 * By the id of the seat. Times are in milliseconds of `performance.now()`: the clock of this computer
 * may be wrong, so what counts is how long the service says there is.
 * @extends {Map<string, {deadline: number, atLimit: boolean}>}
 */
export class Locks extends Map {
  /** When the first of them runs out; Infinity without one. */
  get deadline() {
    return Math.min(...[...this.values()].map((lock) => lock.deadline));
  }

  /** Whether no more time can be had for one of them. */
  get atLimit() {
    return [...this.values()].some((lock) => lock.atLimit);
  }

  /**
   * Take what the service says of seats, the first of which runs out in `expiresIn` seconds.
   * @param {LockedSeatDocument[]} seats
   * @param {number} expiresIn
   * @param {number} calledAt
   */
  take(seats, expiresIn, calledAt) {
    // Times of the service are compared with each other alone.
    const first = Math.min(...seats.map((seat) => Date.parse(seat.expires_at)));
    const most = page.event.policy.max_lock_seconds * 1000;
    for (const { id, locked_at, expires_at } of seats) {
      const later = Date.parse(expires_at) - first;
      const atLimit = Date.parse(expires_at) - Date.parse(locked_at) >= most - NEAR_MS;
      this.set(id, { deadline: calledAt + expiresIn * 1000 + later, atLimit });
    }
  }

  /** @param {number} now */
  expired(now) {
    return [...this].filter(([, { deadline }]) => deadline <= now).map(([id]) => id);
  }
}
