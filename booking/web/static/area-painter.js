/** Draws what there is of a house besides its seats: stages, tables, texts. */

import { textOn } from "./seat-sign.js";

/** Corners are this round, in pixels, and texts no larger. */
const CORNER = 8;
const LARGEST_TEXT = 22;
/** Smaller texts cannot be read. */
const SMALLEST_TEXT = 5;
const READABLE = 9;

export class AreaPainter {
  #context;
  #letter;

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {import("./plan.js").Plan} plan
   */
  constructor(context, plan) {
    this.#context = context;
    /** The usual height of a letter. */
    this.#letter = 0.8 * plan.spacing;
  }

  /**
   * @param {import("./view.js").View} view
   * @param {PlannedArea} area
   * @param {import("./seat-sign.js").Palette} colors
   */
  draw(view, area, colors) {
    const context = this.#context;
    context.save();
    context.translate(...view.toScreen(area.x, area.y));
    context.rotate(area.turn);
    const onArea = area.shape === "text" ? colors.ink : this.#fill(area, view.scale, colors);
    if (area.lines.length) this.#write(area, view.scale, (!colors.area && area.ink) || onArea, onArea);
    context.restore();
  }

  /**
   * Returns the colour of what is written on it.
   * @param {PlannedArea} area
   * @param {number} scale
   * @param {import("./seat-sign.js").Palette} colors
   */
  #fill(area, scale, colors) {
    const context = this.#context;
    let ink = colors.ink;
    this.#trace(area, scale);
    // A colour that the browser does not know paints nothing.
    if (area.color) {
      context.fillStyle = "transparent";
      context.fillStyle = colors.area || area.color;
      const opaque = context.fillStyle.startsWith("#");
      if (opaque && !colors.area) ink = textOn(context);
      context.fill();
    }
    if (area.border) {
      Object.assign(context, { strokeStyle: "transparent", lineWidth: 1 });
      context.strokeStyle = colors.areaEdge || area.border;
      context.stroke();
    }
    return ink;
  }

  /**
   * @param {PlannedArea} area
   * @param {number} scale
   */
  #trace({ shape, box, points }, scale) {
    const context = this.#context;
    const [width, height] = [box.width * scale, box.height * scale];
    context.beginPath();
    if (shape === "ellipse") context.ellipse(0, 0, width / 2, height / 2, 0, 0, 2 * Math.PI);
    else if (shape === "polygon") for (const { x, y } of points) context.lineTo(x * scale, y * scale);
    else context.roundRect(box.left * scale, box.top * scale, width, height, Math.min(CORNER, height * 0.2));
    context.closePath();
  }

  /**
   * @param {PlannedArea} area
   * @param {number} scale
   * @param {string} ink
   * @param {string} otherwise the ink, if the browser does not know that one
   */
  #write({ shape, box, lines, caption, size }, scale, ink, otherwise) {
    const context = this.#context;
    const alone = shape === "text" || !box.width;
    const letter = this.#letter * scale;
    const room = alone ? letter : ((box.height * scale) / lines.length) * 0.42;
    const wanted = size * scale || Math.min(room, Math.max(1.2 * letter, READABLE), LARGEST_TEXT);
    // A text that stands alone can be read from afar; others, once there is room for them.
    const pixels = alone ? Math.max(wanted, READABLE) : wanted;
    if (pixels <= SMALLEST_TEXT) return;
    const font = `600 ${pixels}px system-ui, sans-serif`;
    Object.assign(context, { font, textAlign: "center", textBaseline: "middle", fillStyle: otherwise });
    context.fillStyle = ink;
    const width = alone || size ? undefined : box.width * scale * 0.9;
    lines.forEach((line, at) => {
      const below = (at - (lines.length - 1) / 2) * pixels * 1.2;
      context.fillText(line, caption.x * scale, caption.y * scale + below, width);
    });
  }
}
