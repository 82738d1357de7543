/** What the map shows, drawn anew when it has to be: all of it, or the seats that have changed. */

import { Overview } from "./overview.js";
import { element } from "./page.js";
import { Painter } from "./painter.js";

/** To draw so many seats one by one takes as long as to draw the whole house. */
const MANY = 200;

export class MapDrawing {
  canvas = element("canvas");
  overview = new Overview();
  #view;
  #contents = /** @type {import("./map-contents.js").MapContents | null} */ (null);
  #painter = /** @type {Painter | null} */ (null);
  #changed = /** @type {Set<string>} */ (new Set());
  #size = [0, 0];
  #frame = 0;
  #whole = false;

  /** @param {import("./view.js").View} view */
  constructor(view) {
    this.#view = view;
  }

  /** @param {import("./map-contents.js").MapContents} contents */
  show(contents) {
    this.#contents = contents;
    this.#painter = new Painter(this.canvas, contents.plan, (id) => contents.looks(id).look, contents.sections);
    this.overview.show(contents.plan.bounds, contents.sections);
  }

  /**
   * The map has another size.
   * @param {number} width
   * @param {number} height
   */
  resize(width, height) {
    this.#size = [width, height];
    this.#painter?.resize(width, height);
    // Now, or the canvas is empty until the next frame.
    this.#draw();
  }

  /** The colours are others. */
  recolor() {
    this.#painter?.forget();
    this.#draw();
  }

  /** What is seen of the house has changed. */
  moved() {
    this.#whole = true;
    this.#schedule();
  }

  /**
   * Seats have changed.
   * @param {string[]} ids
   */
  update(ids) {
    for (const id of ids) this.#changed.add(id);
    this.#schedule();
  }

  #schedule() {
    this.#frame ||= requestAnimationFrame(() => {
      if (this.#whole || this.#changed.size > MANY || this.#contents?.showsSections(this.#view)) this.#draw();
      else this.#painter?.drawSeats(this.#changed);
      this.#changed.clear();
      this.#frame = 0;
    });
  }

  #draw() {
    this.#whole = false;
    const contents = this.#contents;
    this.#painter?.draw(this.#view, contents?.showsSections(this.#view) ? contents.left() : undefined);
    this.overview.element.hidden = this.#view.fits || !contents?.isLarge;
    if (!this.overview.element.hidden) this.overview.draw(this.#view, this.#size[0], this.#size[1]);
  }
}
