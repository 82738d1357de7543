/** What the map shows, drawn anew when it has to be: all of it, or the seats that have changed. */

import { Overview } from "./overview.js";
import { element } from "./page.js";
import { Painter } from "./painter.js";

/** To draw so many seats one by one takes as long as to draw the whole house. */
const MANY = 200;
/** A house that takes longer to draw, in milliseconds, moves as a picture. It is drawn anew when it
 * stands still, and meanwhile as seldom as that it takes a tenth of the time. */
const SLOW_MS = 6;
const SHARE = 9;

export class MapDrawing {
  canvas = element("canvas");
  overview = new Overview();
  #view;
  #contents = /** @type {import("./map-contents.js").MapContents | null} */ (null);
  #painter = /** @type {Painter | null} */ (null);
  #changed = /** @type {Set<string>} */ (new Set());
  #size = /** @type {[width: number, height: number]} */ ([0, 0]);
  #frame = 0;
  #whole = false;
  #took = 0;
  #drawnAt = 0;
  #sectionsDrawn = false;
  #lastSeen = "";

  /** @param {import("./view.js").View} view */
  constructor(view) {
    this.#view = view;
  }

  /** @param {import("./map-contents.js").MapContents} contents */
  show(contents) {
    this.#contents = contents;
    this.#painter = new Painter(this.canvas, contents.plan, (id) => contents.looks(id).look, contents.sections);
    this.#painter.resize(...this.#size);
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
    this.overview.forget();
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
    this.#contents?.changed();
    for (const id of ids) this.#changed.add(id);
    this.#schedule();
  }

  #schedule() {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      if (this.#whole && this.#mayWait()) {
        this.#painter?.move(this.#view);
        this.#drawOverview();
        return this.#schedule();
      }
      const counts = this.#changed.size > 0 && this.#contents?.showsSections(this.#view);
      if (this.#whole || this.#changed.size > MANY || counts) this.#draw();
      else this.#painter?.drawSeats(this.#changed);
      this.#changed.clear();
    });
  }

  /** Whether the picture that was drawn last will do for now. */
  #mayWait() {
    const { scale, x, y } = this.#view;
    const seen = [scale, x, y].join(" ");
    const isMoving = seen !== this.#lastSeen;
    this.#lastSeen = seen;
    const isSlow = this.#took > SLOW_MS && performance.now() - this.#drawnAt < SHARE * this.#took;
    return isMoving && isSlow && this.#sectionsDrawn === this.#contents?.showsSections(this.#view);
  }

  #draw() {
    this.#whole = false;
    const contents = this.#contents;
    const start = performance.now();
    this.#sectionsDrawn = contents?.showsSections(this.#view) ?? false;
    this.#painter?.draw(this.#view, this.#sectionsDrawn ? contents?.left() : undefined);
    this.#drawnAt = performance.now();
    this.#took = this.#drawnAt - start;
    this.#drawOverview();
  }

  #drawOverview() {
    const contents = this.#contents;
    this.overview.element.hidden = this.#view.fits || !contents?.isLarge;
    if (!this.overview.element.hidden) this.overview.draw(this.#view, this.#size[0], this.#size[1]);
  }
}
