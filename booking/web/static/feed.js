/** The seats as they are, followed by asking for what has changed. */

import { get, Problem } from "./api.js";
import { onWaking } from "./waking.js";

const FASTEST_MS = 1000;
const HIDDEN_MS = 20000;
const LONGEST_RETRY_MS = 30000;

/**
 * Asks once a second; half as often for each half minute in which nothing changed, down to every 4 s,
 * and every 20 s while nobody looks. While the service is away, it asks less and less often, at random
 * moments, so that many pages do not come back all at once.
 *
 * Events: "seats" with `{seats, full}`; "stirred" when the event has changed, though no seat; "state" with "live", "reconnecting" or "over".
 */
export class Feed extends EventTarget {
  #version = /** @type {number | null} */ (null);
  #etag = /** @type {string | null} */ (null);
  #timer = 0;
  #failures = 0;
  #changedAt = performance.now();
  #asking = /** @type {Promise<void> | null} */ (null);

  constructor() {
    super();
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) this.poke();
    });
    addEventListener("online", () => this.poke());
    onWaking(() => this.poke());
  }

  /** Ask now. Resolves when the answer is there. */
  poke() {
    clearTimeout(this.#timer);
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = null;
      this.#timer = setTimeout(() => this.poke(), this.#pause());
    });
    return this.#asking;
  }

  async #ask() {
    try {
      const since = this.#version === null ? "" : `?since=${this.#version}`;
      const { response, document } = await get(`seats${since}`, {
        headers: this.#etag === null ? {} : { "If-None-Match": this.#etag },
      });
      if (document !== null) this.#take(document, response.headers.get("ETag"));
      if (this.#failures) this.#changedAt = performance.now();
      this.#failures = 0;
      this.#tell("state", "live");
    } catch (problem) {
      this.#failures += 1;
      const over = problem instanceof Problem && problem.code === "event_not_found";
      this.#tell("state", over ? "over" : "reconnecting");
    }
  }

  /**
   * @param {SeatsDocument} document
   * @param {string | null} etag
   */
  #take(document, etag) {
    const full = this.#version === null || document.full === true;
    // An answer that was overtaken by a later one is not news.
    if (!full && document.version < Number(this.#version)) return;
    const stirred = !full && !document.seats.length && document.version > Number(this.#version);
    this.#version = document.version;
    this.#etag = etag;
    if (full || document.seats.length) {
      this.#changedAt = performance.now();
      this.#tell("seats", { seats: document.seats, full });
    } else if (stirred) {
      this.#tell("stirred", null);
    }
  }

  #pause() {
    if (this.#failures) {
      const longest = Math.min(LONGEST_RETRY_MS, FASTEST_MS * 2 ** (this.#failures - 1));
      return longest * (0.5 + Math.random() / 2);
    }
    if (document.hidden) return HIDDEN_MS;
    const quiet = (performance.now() - this.#changedAt) / 30000;
    return FASTEST_MS * 2 ** Math.min(2, Math.floor(quiet));
  }

  /**
   * @param {string} name
   * @param {unknown} detail
   */
  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
