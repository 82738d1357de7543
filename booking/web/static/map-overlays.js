/** What lies over the map for a moment: the name of a seat, and a frame that is being drawn. */

import { element } from "./page.js";

/** @typedef {import("./map-gestures.js").Spot} Spot */

const GAP = 8;
const EDGE = 4;
/** A tip is no higher. */
const HEIGHT = 36;

/** The name of the seat that a mouse is over. */
export class Tip {
  element = element("p", { className: "tip", dir: "auto", hidden: true });

  /**
   * Show words above a point, or below where there is no room.
   * @param {string} words
   * @param {Spot} at
   * @param {number} radius of what is at that point
   */
  show(words, [x, y], radius) {
    this.element.hidden = false;
    this.element.textContent = words;
    const { offsetWidth, offsetHeight, parentElement } = this.element;
    const half = offsetWidth / 2;
    const room = parentElement?.clientWidth ?? 0;
    const left = Math.min(Math.max(x, half + EDGE), room - half - EDGE);
    const above = y - radius - GAP;
    const top = above > HEIGHT ? above - offsetHeight : y + radius + GAP;
    this.element.style.transform = `translate(${left - half}px, ${top}px)`;
  }

  hide() {
    this.element.hidden = true;
  }
}

/** A frame that is being drawn around seats. */
export class Frame {
  element = element("div", { className: "rubber", hidden: true });

  /**
   * @param {Spot} from
   * @param {Spot} to
   */
  stretch([x0, y0], [x1, y1]) {
    this.element.hidden = false;
    Object.assign(this.element.style, {
      left: `${Math.min(x0, x1)}px`,
      top: `${Math.min(y0, y1)}px`,
      width: `${Math.abs(x1 - x0)}px`,
      height: `${Math.abs(y1 - y0)}px`,
    });
  }

  hide() {
    this.element.hidden = true;
  }
}

/** A point of the plan that is marked, if any. */
export class Mark {
  element = element("p", { className: "mark", hidden: true });
  #at = /** @type {Point | null} */ (null);

  /**
   * @param {Point} at
   * @param {string} words
   */
  set(at, words) {
    this.#at = at;
    Object.assign(this.element, { hidden: false, title: words, ariaLabel: words, role: "img" });
  }

  /** @param {import("./view.js").View} view */
  place(view) {
    if (!this.#at) return;
    const [x, y] = view.toScreen(this.#at.x, this.#at.y);
    this.element.style.transform = `translate(${x}px, ${y}px) translate(-50%, -50%)`;
  }
}
