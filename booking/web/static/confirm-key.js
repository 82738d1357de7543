/** The key that makes a confirm safe to repeat. */

import { newKey } from "./api.js";

/** The same request has the same key until its outcome is known: if its answer got lost, to ask again
 * books nothing twice. */
export class ConfirmKey {
  #key = /** @type {string | null} */ (null);
  #request = "";

  /** Whether it is not known yet what became of a confirm. */
  get isPending() {
    return this.#key !== null;
  }

  /**
   * The key for a request.
   * @param {string} request
   */
  for(request) {
    if (this.#key === null || this.#request !== request) [this.#key, this.#request] = [newKey(), request];
    return this.#key;
  }

  /** The outcome is known. */
  forget() {
    this.#key = null;
  }
}
