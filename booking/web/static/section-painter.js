/** Draws the sections of a house: as shapes, or their names above their seats. */

import { grouped, text } from "./page.js";

/** @typedef {import("./seat-sign.js").Palette} Palette */
/** @typedef {import("./view.js").View} View */

const NAME_SIZE = 15;
const FONT = "system-ui, sans-serif";
/** A name needs so much room, in pixels a character. */
const CHARACTER = 7;

export class SectionPainter {
  #context;
  #plan;
  #sections;

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {import("./plan.js").Plan} plan
   * @param {import("./sections.js").Section[]} sections
   */
  constructor(context, plan, sections) {
    this.#context = context;
    this.#plan = plan;
    this.#sections = sections;
  }

  /**
   * Each as a shape, with its name and how many seats are left in it.
   * @param {View} view
   * @param {number[]} left
   * @param {Palette} colors
   */
  drawShapes(view, left, colors) {
    const context = this.#context;
    this.#sections.forEach(({ name, seats, outline, middle, category, bounds }, at) => {
      context.beginPath();
      for (const [x, y] of outline) context.lineTo(...view.toScreen(x, y));
      context.closePath();
      context.fillStyle = this.#plan.categories.get(category) || colors.faint;
      // The fuller, the fainter.
      context.globalAlpha = left[at] ? 0.18 + (0.4 * left[at]) / seats.length : 0.06;
      context.fill();
      context.globalAlpha = 1;
      Object.assign(context, { strokeStyle: colors.taken, lineWidth: 1.5, lineJoin: "round" });
      context.stroke();
      const [x, y] = view.toScreen(...middle);
      const room = bounds.width * view.scale;
      this.#write(name, x, y - 0.6 * NAME_SIZE, 600, room, colors);
      const words = left[at] ? text("section_left", { count: left[at] }) : text("sold_out");
      // On a phone there is room for the number alone.
      const fits = words.length * CHARACTER <= room;
      this.#write(fits ? words : grouped(left[at]), x, y + 0.7 * NAME_SIZE, 400, room, colors);
    });
  }

  /**
   * The name of each above its seats, unless the plan has it written somewhere, or it would lie across
   * seats or another name.
   * @param {View} view
   * @param {Palette} colors
   */
  drawNames(view, colors) {
    const written = [...this.#names(view)];
    for (const { name, x, y, room } of written) {
      const half = 0.3 * NAME_SIZE * name.length;
      const isFree = !written.some(
        (other) =>
          other.name !== name &&
          Math.abs(other.x - x) < half + 0.3 * NAME_SIZE * other.name.length &&
          Math.abs(other.y - y) < NAME_SIZE,
      );
      if (isFree && !this.#isOnSeats(view, x, y, half)) this.#write(name, x, y, 600, room, colors);
    }
  }

  /**
   * The names that there is room for, each with its place on the screen.
   * @param {View} view
   */
  *#names(view) {
    for (const { name, bounds } of this.#sections) {
      const room = bounds.width * view.scale;
      if (room < name.length * CHARACTER || this.#plan.areas.some((area) => area.lines.join(" ") === name)) continue;
      const [x, y] = view.toScreen(bounds.left + bounds.width / 2, bounds.top);
      // Close to the seats where a stage is in front of them.
      const above = this.#isInArea(view, x, y - NAME_SIZE) ? 0.1 : 0.7;
      yield { name, x, y: y - above * NAME_SIZE, room };
    }
  }

  /**
   * Whether there are seats where a name would be written.
   * @param {View} view
   * @param {number} x
   * @param {number} y
   * @param {number} half of its width
   */
  #isOnSeats(view, x, y, half) {
    const [left, top] = view.toPlan(x - half, y - 0.4 * NAME_SIZE);
    const [right, bottom] = view.toPlan(x + half, y + 0.4 * NAME_SIZE);
    for (const seat of this.#plan.inside(left, top, right, bottom)) {
      const { r } = seat;
      if (seat.x > left - r && seat.x < right + r && seat.y > top - r && seat.y < bottom + r) return true;
    }
    return false;
  }

  /**
   * Whether a point of the screen is in an area, or would be if that were not turned.
   * @param {View} view
   * @param {number} x
   * @param {number} y
   */
  #isInArea(view, x, y) {
    const [px, py] = view.toPlan(x, y);
    return this.#plan.areas.some(({ x: ax, y: ay, box }) => {
      const [dx, dy] = [px - ax - box.left, py - ay - box.top];
      return dx >= 0 && dx <= box.width && dy >= 0 && dy <= box.height;
    });
  }

  /**
   * @param {string} words
   * @param {number} x
   * @param {number} y
   * @param {number} weight
   * @param {number} room
   * @param {Palette} colors
   */
  #write(words, x, y, weight, room, colors) {
    const context = this.#context;
    Object.assign(context, {
      font: `${weight} ${NAME_SIZE}px ${FONT}`,
      textAlign: "center",
      textBaseline: "middle",
      lineJoin: "round",
      lineWidth: 4,
      strokeStyle: colors.panel,
      fillStyle: colors.ink,
    });
    const width = Math.max(room * 1.2, 3 * NAME_SIZE);
    context.strokeText(words, x, y, width);
    context.fillText(words, x, y, width);
  }
}
