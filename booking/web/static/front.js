/** The front of the house, which the best seats are nearest to: where it is, why, and how to set another. */

import { $, text } from "./page.js";

export class Front {
  #map;

  /**
   * @param {import("./seat-map.js").SeatMap} map
   * @param {(point: Point | null) => Promise<void>} set sets another; null leaves it to the service
   */
  constructor(map, set) {
    this.#map = map;
    $("#front-set").addEventListener("click", () => this.#pick(!map.picking));
    $("#front-find").addEventListener("click", () => set(null));
    map.addEventListener("place", (event) => {
      this.#pick(false);
      set(/** @type {CustomEvent<Point>} */ (event).detail);
    });
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && map.picking) this.#pick(false);
    });
  }

  /** @param {FrontDocument} front */
  show(front) {
    this.#map.mark(front, text("front_mark"));
    $("#front-said").textContent = text(`front.${front.reason}`, { text: front.text?.split(/\s+/).join(" ") ?? "" });
    $("#front-find").hidden = front.reason !== "given";
  }

  /** @param {boolean} on */
  #pick(on) {
    this.#map.picking = on;
    $("#front-set").setAttribute("aria-pressed", String(on));
    $("#front-set").textContent = text(on ? "front_cancel" : "front_set");
    $("#front-hint").hidden = !on;
    if (on) this.#map.scrollIntoView({ block: "nearest" });
  }
}
