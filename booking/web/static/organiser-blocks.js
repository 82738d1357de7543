/** Seats off sale, and what for. */

import { $, element, enumerate, tell, text } from "./page.js";

export class Blocks {
  #desk;
  #seats;

  /**
   * @param {import("./organiser-event.js").Desk} desk
   * @param {import("./organiser-seats.js").Seats} seats
   */
  constructor(desk, seats) {
    this.#desk = desk;
    this.#seats = seats;
    $("#block").addEventListener("click", () =>
      desk.attempt(() =>
        this.#change("block", "blocked_now", { name: $("#block-name").value, note: $("#block-note").value }),
      ),
    );
    $("#unblock").addEventListener("click", () => desk.attempt(() => this.#change("unblock", "unblocked_now")));
    seats.addEventListener("choose", () => {
      for (const button of [$("#block"), $("#unblock")]) button.disabled = !seats.chosen.size;
    });
  }

  /** Show what is off sale, by what it is off sale for. */
  async load() {
    const { document } = await this.#desk.call("GET", "blocks");
    const told = document.blocks.map((/** @type {{name: string, note: string, seats: string[]}} */ block) => {
      const words = [block.name || text("blocked"), enumerate(this.#seats.names(block.seats)), block.note];
      return element("li", { textContent: words.filter(Boolean).join(" · "), dir: "auto" });
    });
    $("#blocks").replaceChildren(...told);
  }

  /**
   * @param {"block" | "unblock"} what
   * @param {string} done how that is told
   * @param {{name: string, note: string}} [reason]
   */
  async #change(what, done, reason) {
    const seats = [...this.#seats.chosen];
    await this.#desk.call("POST", what, { body: { seats, ...reason } });
    this.#seats.clear();
    tell(text(done, { count: seats.length, seats: enumerate(this.#seats.names(seats)) }));
    $("#seats-title").focus();
    await this.#desk.refresh();
  }
}
