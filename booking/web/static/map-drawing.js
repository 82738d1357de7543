/** What the map shows, drawn anew when it has to be: all of it, or the seats that have changed. */

import { Overview } from "./overview.js";
import { element } from "./page.js";
import { Painter } from "./painter.js";

/** To draw so many seats one by one takes as long as to draw the whole house. */
const MANY = 200;
/** A house that takes longer to draw, in milliseconds, moves as a picture. When it stands still, it is
 * drawn at once. */
const SLOW_MS = 6;
/** While it moves, the next picture is drawn for so many milliseconds of each frame. */
const AHEAD_MS = 3;

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
  /** Draws the next picture of a house that moves. */
  #ahead = /** @type {Painter | null} */ (null);
  #steps = /** @type {Generator<void> | null} */ (null);
  #sectionsDrawn = false;
  #lastSeen = "";

  /** @param {import("./view.js").View} view */
  constructor(view) {
    this.#view = view;
  }

  /** @param {import("./map-contents.js").MapContents} contents */
  show(contents) {
    this.#contents = contents;
    this.#painter = painterOf(this.canvas, contents);
    this.#painter.resize(...this.#size);
    [this.#ahead, this.#steps] = [null, null];
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
    this.#ahead?.forget();
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
        this.#drawAhead();
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
    return isMoving && this.#took > SLOW_MS && this.#sectionsDrawn === this.#contents?.showsSections(this.#view);
  }

  /** Go on with the next picture, and show it when it is ready. */
  #drawAhead() {
    const contents = this.#contents;
    if (!contents || !this.#painter) return;
    const end = performance.now() + AHEAD_MS;
    this.#ahead ??= painterOf(new OffscreenCanvas(1, 1), contents);
    if (!this.#steps) {
      this.#ahead.resize(...this.#size);
      this.#steps = this.#ahead.steps(this.#view.copy(), this.#sectionsDrawn ? contents.left() : undefined);
    }
    while (performance.now() < end) {
      if (!this.#steps.next().done) continue;
      this.#painter.take(this.#ahead);
      this.#steps = null;
      return;
    }
  }

  #draw() {
    this.#whole = false;
    this.#steps = null;
    const contents = this.#contents;
    const start = performance.now();
    this.#sectionsDrawn = contents?.showsSections(this.#view) ?? false;
    this.#painter?.draw(this.#view, this.#sectionsDrawn ? contents?.left() : undefined);
    this.#took = performance.now() - start;
    this.#drawOverview();
  }

  #drawOverview() {
    const contents = this.#contents;
    this.overview.element.hidden = this.#view.fits || !contents?.isLarge;
    if (!this.overview.element.hidden) this.overview.draw(this.#view, this.#size[0], this.#size[1]);
  }
}

/**
 * @param {HTMLCanvasElement | OffscreenCanvas} canvas
 * @param {import("./map-contents.js").MapContents} contents
 */
function painterOf(canvas, contents) {
  return new Painter(canvas, contents.plan, (id) => contents.looks(id).look, contents.sections);
}
