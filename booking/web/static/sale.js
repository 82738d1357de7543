/** Whether the event is on sale, in words and on the map. */

import { $, capital, clock, fullTime, page, serverTime, tell, text } from "./page.js";

/** @typedef {"before" | "on" | "over" | "sold_out"} SaleState */

const DAY_MS = 24 * 3600 * 1000;

export class Sale {
  #statuses;
  #feed;
  #state = /** @type {SaleState | null} */ (null);

  /** @param {import("./shop.js").Shop} shop */
  constructor({ house, feed }) {
    this.#statuses = house.statuses;
    this.#feed = feed;
    this.show();
    setInterval(() => this.show(), 1000);
  }

  /** Show how it is now. */
  show() {
    const now = serverTime();
    const before = this.#state;
    this.#state = this.#stateAt(now);
    const { on_sale_from: from, on_sale_until: until, time_zone: zone } = page.event;
    let words = "";
    if (this.#state === "before") words = text("on_sale_from", { time: fullTime(from ?? "", zone) });
    else if (this.#state === "over") words = text("sale_over");
    else if (this.#state === "on" && until) words = text("on_sale_until", { time: fullTime(until, zone) });
    $("#sale").textContent = capital(words);
    $(".when").hidden = !words && !page.event.starts_at;
    $("#best").hidden = this.#state !== "on";
    $("#house").dataset.sale = this.#state;
    this.#showNote(now);
    if (before === "before" && this.#state === "on") {
      tell(text("on_sale_now"));
      this.#feed.poke();
    }
  }

  /**
   * @param {number} now
   * @returns {SaleState}
   */
  #stateAt(now) {
    const { on_sale_from: from, on_sale_until: until, starts_at: starts } = page.event;
    // The sale ends when the event starts, unless the organiser says otherwise.
    const ends = until ?? starts;
    if (from && Date.parse(from) > now) return "before";
    if (ends && Date.parse(ends) <= now) return "over";
    for (const status of this.#statuses.values()) if (status === "available" || status === "locked") return "on";
    return this.#statuses.size ? "sold_out" : "on";
  }

  /**
   * The same over the map, with the time until it begins.
   * @param {number} now
   */
  #showNote(now) {
    const left = Date.parse(page.event.on_sale_from ?? "") - now;
    let words = "";
    if (this.#state === "before") words = text("not_yet_on_sale");
    if (this.#state === "before" && left < DAY_MS) words = text("on_sale_in", { time: clock(left / 1000) });
    if (this.#state === "over") words = text("sale_over");
    if (this.#state === "sold_out") words = text("sold_out");
    $("#sale-note").textContent = words;
    $("#sale-note").hidden = !words;
  }
}
