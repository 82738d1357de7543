/** The basket, as the buyer sees it: the seats, the time that is left, and what to do with them. */

import { Problem } from "./api.js";
import { Details } from "./details.js";
import { $, clock, duration, element, on, page, say, tell, text } from "./page.js";

/** So long before the time runs out, in seconds, a warning is shown: WCAG 2.2.1 asks for 20. */
const WARNED_AT = 20;
/** And so long before, it is said once more to those who listen. */
const SPOKEN_AT = 10;
/** Seats that went by themselves were there a moment ago: so long, the button may not be what was
 * pressed. */
const JUST_NOW_MS = 1500;
const URGENT_SECONDS = 15;

export class BasketPanel {
  #shop;
  #basket;
  #house;
  #secondsShown = 0;
  #shrunkAt = -Infinity;
  #heldBefore = 0;
  #details = new Details();

  /** @param {import("./shop.js").Shop} shop */
  constructor(shop) {
    this.#shop = shop;
    this.#basket = shop.basket;
    this.#house = shop.house;
    $("#basket-actions").addEventListener("submit", (submit) => {
      submit.preventDefault();
      this.#confirm();
    });
    $("#extend").addEventListener("click", () => shop.attempt(() => this.#extend(), $("#extend")));
    $("#release").addEventListener("click", () => shop.remove([...this.#basket.held.keys()]));
    on(this.#basket, "shrunk", () => {
      this.#shrunkAt = performance.now();
    });
    on(this.#basket, "gone", (gone) => this.#tellGone(gone));
    this.#basket.addEventListener("booked", () => $("#gone").replaceChildren());
    setInterval(() => this.#tick(), 200);
    // On a small screen it lies over the page, which then ends above it.
    new ResizeObserver(() => {
      document.documentElement.style.setProperty("--basket-height", `${$("#basket").offsetHeight}px`);
    }).observe($("#basket"));
  }

  show() {
    const { plan } = this.#house;
    if (!plan) return;
    const { held, asking, unsure } = this.#basket;
    const seats = unsure ? [] : plan.inOrder(new Set([...held.keys(), ...asking]));
    const focused = /** @type {HTMLElement | null} */ (document.activeElement)?.dataset.remove;
    const hadFocus = $("#basket").contains(document.activeElement);
    $("#basket-empty").textContent = text(unsure ? "checking" : "basket_empty");
    $("#basket-empty").hidden = seats.length > 0;
    $("#basket-actions").hidden = unsure || held.size === 0;
    $("#countdown").hidden = unsure || held.size === 0;
    document.body.classList.toggle("has-basket", seats.length > 0);
    $("#chosen").replaceChildren(...seats.map((seat) => this.#item(seat, plan)));
    this.#showSingle();
    this.#details.update();
    if (!held.size) this.#details.close();
    if (held.size > this.#heldBefore) $("#gone").replaceChildren();
    this.#heldBefore = held.size;
    $("#confirm").textContent = this.#details.isAhead ? text("continue") : text("book", { count: held.size });
    this.#enableButtons();
    // Where the keyboard was is gone, maybe: it goes on next to it.
    if (focused) ($(`[data-remove="${CSS.escape(focused)}"]`) ?? $("#chosen button"))?.focus();
    if (hadFocus && document.activeElement === document.body) $("#basket-title").focus();
    this.#tick();
  }

  /**
   * Say at once why seats are gone, and leave it beside the basket until something else is chosen.
   * @param {import("./gone-locks.js").Gone} gone
   */
  #tellGone({ ids, why, reason }) {
    const values = { count: ids.length, seats: this.#house.names(ids), reason };
    const words = text(why === "taken" ? "problems.lock_taken" : why, values);
    tell(words, "problem");
    $("#gone").append(element("p", { className: "advice", textContent: words }));
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
    const name = element("span", { className: "name", dir: "auto" }, plan.name(id));
    const kind = plan.categories.size > 1 ? plan.categoryName(category) : "";
    if (kind) name.append(element("small", { className: "quiet", textContent: kind }));
    const button = element("button", { type: "button", className: "icon", textContent: "×" });
    button.ariaLabel = text("remove", { seat: plan.name(id) });
    button.dataset.remove = id;
    button.addEventListener("click", () => this.#shop.remove([id]));
    return element("li", { className: this.#basket.asking.has(id) ? "asking" : "" }, dot, name, button);
  }

  #confirm() {
    if (performance.now() - this.#shrunkAt < JUST_NOW_MS) return tell(text("basket_changed"), "problem");
    if (this.#details.isAhead) {
      this.#details.open();
      return this.show();
    }
    // As many as the button says: if one comes or goes meanwhile, nothing is booked.
    const seats = [...this.#basket.held.keys()];
    this.#shop.attempt(() => this.#book(seats), $("#confirm"));
  }

  /** @param {string[]} seats */
  async #book(seats) {
    const asked = page.event.policy.ask.length > 0;
    try {
      await this.#basket.confirm(seats, asked ? this.#details.answers : undefined);
      this.#details.clear();
    } catch (problem) {
      const faults = problem instanceof Problem && problem.code === "bad_details" && problem.document.fields;
      if (!faults) throw problem;
      // What is wrong may be that the organiser asks something else by now.
      await this.#shop.look();
      if (!this.#details.showFaults(faults)) throw problem;
    }
  }

  async #extend() {
    const more = await this.#basket.extend();
    const { timeLeft, held } = this.#basket;
    const time = duration((timeLeft ?? 0) / 1000);
    if (more) tell(text("extended", { time }));
    else tell(text(held.atLimit ? "extended_no_more" : "extended_enough", { time }));
  }

  #tick() {
    const { timeLeft, unsure, held } = this.#basket;
    if (timeLeft === null || unsure) return;
    const seconds = Math.max(0, Math.ceil(timeLeft / 1000));
    if (seconds === this.#secondsShown) return;
    const passed = (/** @type {number} */ mark) => seconds <= mark && this.#secondsShown > mark;
    if (passed(WARNED_AT)) tell(text(held.atLimit ? "time_warning" : "time_warning_more", { time: duration(seconds) }));
    if (passed(SPOKEN_AT)) say(text("time_left_spoken", { count: seconds }));
    this.#secondsShown = seconds;
    $("#time").textContent = clock(seconds);
    $("#time").classList.toggle("urgent", seconds <= URGENT_SECONDS);
  }
}
