/** Scans that were made without a network: they wait in this browser until they are sent, each once. */

import { Problem } from "./api.js";
import { authorized, isKeyWrong } from "./desk.js";
import { page } from "./page.js";

const KEPT_AS = `scans ${page.event.event}`;

/**
 * @typedef {object} Scan
 * @property {string} key makes it safe to send again
 * @property {"in" | "out"} way
 * @property {{code?: string, seat?: string, scanned_at: string}} body
 * @property {string} seat
 * @property {string} guest in words
 */

/** @typedef {{guest: string, problem: ProblemDocument}} Refusal */

export class Scans {
  /** The oldest first. */
  waiting = /** @type {Scan[]} */ ([]);
  /** Those that the service refused: mostly, another door let the guest in meanwhile. */
  refused = /** @type {Refusal[]} */ ([]);

  constructor() {
    Object.assign(this, JSON.parse(localStorage.getItem(KEPT_AS) ?? "{}"));
  }

  /** @param {Scan} scan */
  wait(scan) {
    this.waiting.push(scan);
    this.#keep();
  }

  /** Send those that wait. Rejects with a Problem if the service is still away. */
  async send() {
    while (this.waiting.length) {
      const { way, body, key, guest } = this.waiting[0];
      try {
        await authorized("POST", `check-${way}`, { body, headers: { "Idempotency-Key": key } });
      } catch (problem) {
        const later = !(problem instanceof Problem) || isKeyWrong(problem) || !isFinal(problem);
        if (later) throw problem;
        this.refused.push({ guest, problem: problem.document });
      }
      this.waiting.shift();
      this.#keep();
    }
  }

  forgetRefused() {
    this.refused = [];
    this.#keep();
  }

  #keep() {
    const { waiting, refused } = this;
    if (waiting.length || refused.length) localStorage.setItem(KEPT_AS, JSON.stringify({ waiting, refused }));
    else localStorage.removeItem(KEPT_AS);
  }
}

/**
 * Whether the service has decided, and to ask again changes nothing.
 * @param {Problem} problem
 */
export function isFinal({ document: { status } }) {
  return status >= 400 && status < 500 && status !== 429;
}
