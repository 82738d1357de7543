/** What the organiser asks a buyer, in the basket. */

import { $, page, text } from "./page.js";
import { Questions } from "./questions.js";

export class Details {
  #questions = new Questions($("#basket-actions"), $("#details"), text("details_title"));

  /** Whether there is something to answer, and the buyer does not see it yet. */
  get isAhead() {
    return this.#questions.count > 0 && $("#details").hidden;
  }

  get answers() {
    return this.#questions.answers;
  }

  /** Ask what the organiser wants to know now. */
  update() {
    this.#questions.ask(page.event.policy.ask);
    if (!this.#questions.count) this.close();
  }

  open() {
    $("#details").hidden = false;
    // On a small screen, the basket no longer lies over the page: the form has room.
    document.body.classList.add("has-details");
    this.#questions.focus();
  }

  close() {
    $("#details").hidden = true;
    document.body.classList.remove("has-details");
  }

  /** Forget what was answered. */
  clear() {
    $("#basket-actions").reset();
    this.#questions.showFaults({});
    this.close();
  }

  /** @param {{[id: string]: string}} faults */
  showFaults(faults) {
    return this.#questions.showFaults(faults);
  }
}
