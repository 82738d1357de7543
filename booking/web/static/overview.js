/** A small picture of a large house, in a corner of the map: where in it one is. */

import { element } from "./page.js";
import { readPalette } from "./seat-sign.js";

const WIDTH = 120;
const MOST_HEIGHT = 100;
/** For screens with more than one dot a pixel. */
const RATIO = 2;

export class Overview {
  element = element("canvas", { className: "overview", hidden: true, ariaHidden: "true" });
  #outlines = /** @type {import("./sections.js").Corner[][]} */ ([]);
  #colors = /** @type {import("./seat-sign.js").Palette | null} */ (null);
  #bounds = /** @type {Bounds} */ ({ left: 0, top: 0, width: 1, height: 1 });

  /**
   * @param {Bounds} bounds
   * @param {import("./sections.js").Section[]} sections
   */
  show(bounds, sections) {
    this.#bounds = bounds;
    this.#outlines = sections.map((section) => section.outline);
  }

  /** The colours may be others now. */
  forget() {
    this.#colors = null;
  }

  /**
   * Show which part of the house is seen.
   * @param {import("./view.js").View} view
   * @param {number} width of the map
   * @param {number} height
   */
  draw(view, width, height) {
    const { left, top, width: across, height: down } = this.#bounds;
    const scale = Math.min(WIDTH / across, MOST_HEIGHT / down) * RATIO;
    Object.assign(this.element, { width: across * scale, height: down * scale });
    const context = /** @type {CanvasRenderingContext2D} */ (this.element.getContext("2d"));
    this.#colors ??= readPalette();
    const colors = this.#colors;
    context.fillStyle = colors.taken;
    for (const outline of this.#outlines) {
      context.beginPath();
      for (const [x, y] of outline) context.lineTo((x - left) * scale, (y - top) * scale);
      context.fill();
    }
    const [x0, y0] = view.toPlan(0, 0);
    const [x1, y1] = view.toPlan(width, height);
    Object.assign(context, { strokeStyle: colors.ink, lineWidth: 2 * RATIO });
    context.strokeRect((x0 - left) * scale, (y0 - top) * scale, (x1 - x0) * scale, (y1 - y0) * scale);
  }
}
