/** Draws a house on a canvas: its areas, its seats, the labels of its rows and sections. */

import { AreaPainter } from "./area-painter.js";
import { readPalette, SeatSign } from "./seat-sign.js";
import { SectionPainter } from "./section-painter.js";

/** @typedef {import("./plan.js").Plan} Plan */
/** @typedef {import("./view.js").View} View */

/** From this radius on, in pixels, seats are round, and from the second on they have numbers. */
const ROUND = 2.5;
const NUMBERS = 11;
/** Longer numbers of seats are not painted. */
const LONGEST = 9;
/** Labels stay so far from the edge of the map. */
const EDGE = 4;
/** How a label is aligned that is at the left of its row, above or below it, or at the right. */
const ALIGNED = /** @type {const} */ (["right", "center", "left"]);
const MOST_PICTURES = 2000;
/** So many seats are drawn in a step. */
const STEP = 200;

export class Painter {
  #canvas;
  #context;
  #ratio = 1;
  #plan;
  #lookOf;
  #areas;
  #sections;
  /** Whether sections are drawn instead of seats. */
  #shapesOnly = false;
  #view = /** @type {View | null} */ (null);
  #colors = /** @type {import("./seat-sign.js").Palette | null} */ (null);
  /** The house as it was drawn last, to be moved; null before it has to be. */
  #kept = /** @type {OffscreenCanvas | null} */ (null);
  /** Where the house was when it was drawn last. */
  #drawn = { scale: 1, x: 0, y: 0 };
  /** Pictures of a seat by look, category and size: to copy one takes a fifth of drawing it. */
  #pictures = /** @type {Map<string, OffscreenCanvas>} */ (new Map());

  /**
   * @param {HTMLCanvasElement | OffscreenCanvas} canvas
   * @param {Plan} plan
   * @param {(id: string) => Look} lookOf
   * @param {import("./sections.js").Section[]} sections
   */
  constructor(canvas, plan, lookOf, sections) {
    this.#canvas = canvas;
    this.#plan = plan;
    this.#lookOf = lookOf;
    // What is drawn with is the same for both.
    this.#context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    this.#areas = new AreaPainter(this.#context, plan);
    this.#sections = new SectionPainter(this.#context, plan, sections);
  }

  /** The colours may be others now. */
  forget() {
    this.#pictures.clear();
    this.#colors = null;
  }

  /**
   * @param {number} width
   * @param {number} height
   */
  resize(width, height) {
    this.#ratio = Math.min(devicePixelRatio || 1, 3);
    this.#canvas.width = Math.round(width * this.#ratio);
    this.#canvas.height = Math.round(height * this.#ratio);
  }

  /**
   * Draw everything; with `left`, the seats that are left in each section, instead of its seats.
   * @param {View} view
   * @param {number[]} [left]
   */
  draw(view, left) {
    finish(this.steps(view, left));
  }

  /**
   * The same, one step at a time.
   * @param {View} view
   * @param {number[]} [left]
   */
  *steps(view, left) {
    this.#view = view;
    this.#drawn = { scale: view.scale, x: view.x, y: view.y };
    this.#kept = null;
    this.#shapesOnly = left !== undefined;
    this.#context.setTransform(this.#ratio, 0, 0, this.#ratio, 0, 0);
    yield* this.#paint(view, 0, 0, this.#canvas.width / this.#ratio, this.#canvas.height / this.#ratio);
    if (left) this.#sections.drawShapes(view, left, this.#palette());
    else this.#sections.drawNames(view, this.#palette());
  }

  #keep() {
    const { width, height } = this.#canvas;
    const kept = new OffscreenCanvas(width, height);
    kept.getContext("2d")?.drawImage(this.#canvas, 0, 0);
    return kept;
  }

  /**
   * Move the picture that another one has drawn from now on.
   * @param {Painter} other
   */
  take(other) {
    this.#kept = other.#keep();
    this.#drawn = other.#drawn;
  }

  /**
   * Draw the picture that was drawn last where it is now: coarse, but in no time.
   * @param {View} view
   */
  move({ scale, x, y }) {
    this.#kept ??= this.#keep();
    const { scale: before, x: dx, y: dy } = this.#drawn;
    const by = scale / before;
    const context = this.#context;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, this.#canvas.width, this.#canvas.height);
    context.setTransform(by, 0, 0, by, (x - dx * by) * this.#ratio, (y - dy * by) * this.#ratio);
    context.drawImage(this.#kept, 0, 0);
  }

  /**
   * Draw some seats anew.
   * @param {Iterable<string>} ids
   */
  drawSeats(ids) {
    if (!this.#view || this.#shapesOnly) return;
    const { scale, x: dx, y: dy } = this.#view;
    for (const id of ids) {
      const seat = this.#plan.seats.get(id);
      if (!seat) continue;
      const half = Math.ceil(seat.r * scale * 1.15) + 1;
      const [x, y] = [seat.x * scale + dx, seat.y * scale + dy];
      finish(this.#paint(this.#view, Math.floor(x - half), Math.floor(y - half), 2 * half + 1, 2 * half + 1));
    }
  }

  /**
   * @param {View} view
   * @param {number} left
   * @param {number} top
   * @param {number} width
   * @param {number} height
   */
  *#paint(view, left, top, width, height) {
    const context = this.#context;
    const { scale, x: dx, y: dy } = view;
    context.save();
    context.beginPath();
    context.rect(left, top, width, height);
    context.clip();
    context.clearRect(left, top, width, height);
    for (const area of this.#plan.areas) this.#areas.draw(view, area, this.#palette());
    if (this.#shapesOnly) return context.restore();
    let placed = 0;
    const near = 2 / scale + this.#plan.largestRadius;
    const [x0, y0] = [(left - dx) / scale, (top - dy) / scale];
    const [x1, y1] = [x0 + width / scale, y0 + height / scale];
    for (const seat of this.#plan.inside(x0 - near, y0 - near, x1 + near, y1 + near)) {
      const { x, y, r } = seat;
      // Chosen ones are drawn a little larger.
      const reach = 1.15 * r;
      if (x + reach < x0 || x - reach > x1 || y + reach < y0 || y - reach > y1) continue;
      this.#place(seat, x * scale + dx, y * scale + dy, r * scale);
      placed += 1;
      if (placed % STEP === 0) yield;
    }
    this.#rowLabels(view, x0, y0, x1, y1);
    context.restore();
  }

  /**
   * @param {PlannedSeat} seat
   * @param {number} x
   * @param {number} y
   * @param {number} r
   */
  #place(seat, x, y, r) {
    const context = this.#context;
    const look = this.#lookOf(seat.id);
    if (r < ROUND) {
      const size = Math.max(2, r * 1.7) * dotSize(look);
      context.fillStyle = this.#fill(look, seat.category);
      context.fillRect(x - size / 2, y - size / 2, size, size);
      return;
    }
    // A number that is cut short would be that of another seat.
    const number = r >= NUMBERS && seat.number.length <= LONGEST ? seat.number : "";
    const picture = this.#picture(look, seat.category, number, r);
    const side = picture.width / this.#ratio;
    context.drawImage(picture, x - side / 2, y - side / 2, side, side);
  }

  /**
   * @param {Look} look
   * @param {string} category
   * @param {string} number
   * @param {number} r
   */
  #picture(look, category, number, r) {
    const key = `${look} ${category} ${r.toFixed(2)} ${number}`;
    const kept = this.#pictures.get(key);
    if (kept) return kept;
    if (this.#pictures.size > MOST_PICTURES) this.#pictures.clear();
    const side = Math.ceil((r * 2.3 + 2) * this.#ratio);
    const picture = new OffscreenCanvas(side, side);
    const own = /** @type {OffscreenCanvasRenderingContext2D} */ (picture.getContext("2d"));
    own.scale(this.#ratio, this.#ratio);
    const middle = side / this.#ratio / 2;
    new SeatSign(own, this.#palette()).draw(look, this.#plan.categories.get(category), number, middle, middle, r);
    this.#pictures.set(key, picture);
    return picture;
  }

  /**
   * Far away: by colour alone, for there is no room for more.
   * @param {Look} look
   * @param {string} category
   */
  #fill(look, category) {
    const colors = this.#palette();
    if (look === "available") return this.#plan.categories.get(category) || colors.taken;
    return look === "mine" || look === "asking" || look === "chosen" ? colors.ink : colors.taken;
  }

  /**
   * @param {View} view
   * @param {number} left
   * @param {number} top
   * @param {number} right
   * @param {number} bottom
   */
  #rowLabels({ scale, x: dx, y: dy }, left, top, right, bottom) {
    const context = this.#context;
    const { label: ink, panel } = this.#palette();
    for (const { label, labels, seats } of this.#plan.rows) {
      for (const { x, y, side, r } of labels) {
        const size = Math.min(r * scale * 1.05, 15);
        const reach = 4 * r;
        if (size < 6 || y < top - reach || y > bottom + reach) continue;
        const shown = x * scale + dx - side * size * 0.2;
        // The first seats of the row are out of sight, but not the row: its label stays.
        const rightmost = Math.max(seats[0].x, seats[seats.length - 1].x) * scale + dx;
        const stays = side < 0 && shown < size + EDGE && rightmost > 4 * size;
        if (!stays && (x < left - reach || x > right + reach)) continue;
        Object.assign(context, {
          font: `500 ${size}px system-ui, sans-serif`,
          textBaseline: "middle",
          textAlign: stays ? "left" : ALIGNED[side + 1],
          fillStyle: ink,
          strokeStyle: panel,
          lineWidth: 4,
          lineJoin: "round",
        });
        if (stays) context.strokeText(label, EDGE, y * scale + dy);
        context.fillText(label, stays ? EDGE : shown, y * scale + dy);
      }
    }
  }

  #palette() {
    this.#colors ??= readPalette();
    return this.#colors;
  }
}

/** @param {Iterator<void>} steps */
function finish(steps) {
  while (!steps.next().done);
}

/**
 * Dots are told apart by size as well: not everyone sees colours.
 * @param {Look} look
 */
function dotSize(look) {
  if (look === "mine" || look === "asking" || look === "chosen") return 1.4;
  return look === "available" ? 1 : 0.5;
}
