/** The house as this buyer sees it: on the map, in the list, in the legend. */

import { get, retrying } from "./api.js";
import { connectTools, showLegend } from "./legend.js";
import { $, enumerate, giveWay, text } from "./page.js";
import { Plan } from "./plan.js";
import { SeatList } from "./seat-list.js";
import "./seat-map.js";

/** Events: "press" with the id of a seat; "show" when there is a plan, or another one. */
export class House extends EventTarget {
  plan = /** @type {Plan | null} */ (null);
  statuses = /** @type {Map<string, SeatStatus>} */ (new Map());
  #map = $("seat-map");
  #list = /** @type {SeatList | null} */ (null);
  #basket;

  /** @param {import("./basket.js").Basket} basket */
  constructor(basket) {
    super();
    this.#basket = basket;
    this.#map.addEventListener("press", (event) => this.#press(/** @type {CustomEvent} */ (event).detail));
    // The list is made when somebody opens it: a house may have thousands of rows.
    $("#list").addEventListener("toggle", () => this.#showList());
    connectTools(this.#map);
    this.#map.addEventListener("leave", () => {
      if ($("#basket-actions").hidden) $("#basket-title").focus();
      else $("#confirm").focus();
    });
  }

  /**
   * Take what the service tells of seats; `full` if these are all.
   * @param {SeatDocument[]} seats
   * @param {boolean} full
   */
  async take(seats, full) {
    if (full) this.statuses.clear();
    for (const { id, status } of seats) this.statuses.set(id, status);
    // At first; and later, if the service began anew: the plan may be another one.
    if (full) await retrying(() => this.#show());
    else this.redraw(seats.map(({ id }) => id));
  }

  /**
   * What was told of seats is not so any more.
   * @param {string[]} ids
   * @param {SeatStatus} status
   */
  assume(ids, status) {
    for (const id of ids) this.statuses.set(id, status);
  }

  /**
   * How a seat looks to this buyer.
   * @param {string} id
   * @returns {Looks}
   */
  looks(id) {
    return new SeatLooks(this.#look(id));
  }

  /** @param {Iterable<string>} ids */
  redraw(ids) {
    const known = [...new Set(ids)].filter((id) => this.plan?.seats.has(id));
    this.#map.update(known);
    this.#list?.update(known);
  }

  /**
   * Bring seats into view.
   * @param {string[]} ids
   */
  lookAt(ids) {
    this.#map.lookAt(ids);
    // On a phone, the map may have been scrolled away.
    this.#map.scrollIntoView({ block: "nearest" });
  }

  /** @param {string} id */
  name(id) {
    return this.plan?.name(id) ?? id;
  }

  /**
   * Seats in words.
   * @param {string[]} ids
   */
  names(ids) {
    return enumerate(this.plan?.names(ids) ?? ids);
  }

  /**
   * @param {string} id
   * @returns {Look}
   */
  #look(id) {
    if (this.#basket.asking.has(id)) return "asking";
    if (this.#basket.held.has(id)) return this.#basket.unsure ? "asking" : "mine";
    if (this.#basket.booked.has(id)) return "yours_booked";
    return this.statuses.get(id) ?? "available";
  }

  async #show() {
    const loading = $("#loading");
    const progress = (/** @type {number} */ bytes) => {
      loading.textContent = text("loading", { kilobytes: Math.round(bytes / 1000) });
    };
    const { document } = await get("plan", { progress });
    const plan = await Plan.read(document);
    await giveWay();
    loading.hidden = true;
    this.plan = plan;
    this.#map.show(plan, (id) => this.looks(id));
    this.#list = null;
    this.#showList();
    /** @type {Look[]} */
    const shown = ["mine", "yours_booked", "locked", "booked"];
    if ([...this.statuses.values()].includes("blocked")) shown.push("blocked");
    await giveWay();
    showLegend(plan, shown);
    this.dispatchEvent(new Event("show"));
  }

  #showList() {
    if (!this.plan || !$("#list").open) return;
    this.#list ??= new SeatList(
      $("#rows"),
      this.plan,
      (id) => this.looks(id),
      (id) => this.#press(id),
    );
  }

  /** @param {string} id */
  #press(id) {
    this.dispatchEvent(new CustomEvent("press", { detail: id }));
  }
}

/** @implements {Looks} */
class SeatLooks {
  /** @param {Look} look */
  constructor(look) {
    this.look = look;
  }

  // Only for those that ask: a large house is drawn without words.
  get words() {
    return text(this.look);
  }

  get mine() {
    return this.look === "asking" || this.look === "mine" || this.look === "yours_booked";
  }
}
