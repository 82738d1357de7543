/** The basket, as the buyer sees it: the seats, the time that is left, and what to do with them. */

import { $, clock, element, say, tell, text } from "./page.js";

/** When the time that is left is said to those who listen. */
const SPOKEN_AT = [30, 10];
const URGENT_SECONDS = 15;

export class BasketPanel {
  #shop;
  #basket;
  #house;

  /** @param {import("./shop.js").Shop} shop */
  constructor(shop) {
    this.#shop = shop;
    this.#basket = shop.basket;
    this.#house = shop.house;
    $("#confirm").addEventListener("click", () => {
      // As many as the button says: if one comes or goes meanwhile, nothing is booked.
      const seats = [...this.#basket.held.keys()];
      shop.attempt(() => this.#basket.confirm(seats), $("#confirm"));
    });
    $("#extend").addEventListener("click", () => shop.attempt(() => this.#extend(), $("#extend")));
    $("#release").addEventListener("click", () => shop.remove([...this.#basket.held.keys()]));
    setInterval(() => this.#tick(), 200);
  }

  show() {
    const { plan } = this.#house;
    if (!plan) return;
    const { held, asking } = this.#basket;
    const seats = [...plan.seats.values()].filter(({ id }) => held.has(id) || asking.has(id));
    const focused = /** @type {HTMLElement | null} */ (document.activeElement)?.dataset.remove;
    const hadFocus = $("#basket").contains(document.activeElement);
    $("#basket-empty").hidden = seats.length > 0;
    $("#basket-actions").hidden = held.size === 0;
    $("#countdown").hidden = held.size === 0;
    document.body.classList.toggle("has-basket", seats.length > 0);
    $("#chosen").replaceChildren(...seats.map((seat) => this.#item(seat, plan)));
    this.#showSingle();
    $("#confirm").textContent = text("book", { count: held.size });
    this.#enableButtons();
    // Where the keyboard was is gone, maybe: it goes on next to it.
    if (focused) ($(`[data-remove="${CSS.escape(focused)}"]`) ?? $("#chosen button"))?.focus();
    if (hadFocus && document.activeElement === document.body) $("#basket-title").focus();
    this.#tick();
  }

  #enableButtons() {
    const { asking, confirming } = this.#basket;
    for (const button of $("#basket").querySelectorAll("button")) {
      const waits = button.id === "confirm" ? asking.size > 0 : asking.has(button.dataset.remove ?? "");
      button.disabled = confirming || waits;
    }
  }

  /** Say which seat would be left alone, and what to do about it: the booking would be refused. */
  #showSingle() {
    const { held, leavesSingle } = this.#basket;
    const single = held.size ? leavesSingle : [];
    const words = single.length
      ? text("leaves_single", { count: single.length, seats: this.#house.names(single) })
      : "";
    const shown = $("#single");
    if (shown.textContent !== words) shown.textContent = words;
    shown.hidden = !words;
  }

  /**
   * @param {PlannedSeat} seat
   * @param {import("./plan.js").Plan} plan
   */
  #item({ id, category }, plan) {
    const dot = element("span", { className: "dot" });
    dot.style.background = plan.categories.get(category) ?? "";
    const name = element("span", { className: "name" }, plan.name(id));
    if (plan.categories.size > 1) name.append(element("small", { className: "quiet", textContent: category }));
    const button = element("button", { type: "button", className: "icon", textContent: "×" });
    button.ariaLabel = text("remove", { seat: plan.name(id) });
    button.dataset.remove = id;
    button.addEventListener("click", () => this.#shop.remove([id]));
    return element("li", { className: this.#basket.asking.has(id) ? "asking" : "" }, dot, name, button);
  }

  async #extend() {
    const more = await this.#basket.extend();
    tell(text(more ? "extended" : "extended_no_more"));
  }

  #tick() {
    const left = this.#basket.timeLeft;
    if (left === null) return;
    const seconds = Math.max(0, Math.ceil(left / 1000));
    const shown = clock(seconds);
    const time = $("#time");
    if (time.textContent !== shown) {
      time.textContent = shown;
      if (SPOKEN_AT.includes(seconds)) say(text("time_left_spoken", { count: seconds }));
    }
    time.classList.toggle("urgent", seconds <= URGENT_SECONDS);
  }
}
