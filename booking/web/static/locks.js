/** The seats that are held for this browser, and how long. */

import { page } from "./page.js";

/** A lock that is so near to the limit, in milliseconds, cannot be extended. */
const NEAR_MS = 50;

/**
 * @typedef {object} Lock
 * @property {number} deadline in milliseconds of `performance.now()`: the clock of this computer may be
 *   wrong, so what counts is how long the service says there is
 * @property {number} expectedEnd the same by the clock of this computer, for when it has slept
 * @property {string} lockedAt what the service calls its beginning, which tells it from later ones
 * @property {boolean} atLimit whether it cannot be extended
 */

/**
 * By the id of the seat.
 * @extends {Map<string, Lock>}
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
      const deadline = calledAt + expiresIn * 1000 + later;
      const expectedEnd = Date.now() + deadline - performance.now();
      this.set(id, { deadline, expectedEnd, lockedAt: locked_at, atLimit });
    }
  }

  /** @param {number} now */
  expired(now) {
    return [...this].filter(([, { deadline }]) => deadline <= now).map(([id]) => id);
  }
}
