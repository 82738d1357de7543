/** What a seat looks like: its sign by status, in the colours of the page. */

const TAU = 2 * Math.PI;
/** From this radius on, in pixels, seats have signs. */
const SIGNS = 5;

/** The colours of the page, which are others in the dark.
 * @typedef {ReturnType<typeof readPalette>} Palette */

export function readPalette() {
  const style = getComputedStyle(document.body);
  const read = (/** @type {string} */ name) => style.getPropertyValue(name).trim();
  return {
    ink: read("--ink"),
    paper: read("--paper"),
    panel: read("--panel"),
    faint: read("--seat-faint"),
    taken: read("--seat-taken"),
    edge: read("--seat-edge"),
    label: read("--quiet"),
    /** In the dark, areas have a colour of ours; else their own, and this is "". */
    area: read("--area"),
    areaEdge: read("--area-edge"),
  };
}

/** @typedef {CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D} Context */

/** Draws seats in one context, with the colours of one palette. */
export class SeatSign {
  #context;
  #colors;

  /**
   * @param {Context} context
   * @param {Palette} colors
   */
  constructor(context, colors) {
    this.#context = context;
    this.#colors = colors;
  }

  /**
   * @param {Look} look
   * @param {string | undefined} color of its category
   * @param {string} number
   * @param {number} x
   * @param {number} y
   * @param {number} r
   */
  draw(look, color, number, x, y, r) {
    const colors = this.#colors;
    const line = Math.max(1, r * 0.14);
    switch (look) {
      case "available":
        this.#disc(x, y, r, color || colors.ink);
        this.#ring(x, y, r, colors.edge, Math.max(0.75, r * 0.07));
        if (number) this.#number(number, x, y, r, color || colors.ink);
        break;
      case "mine":
      case "chosen":
        this.#disc(x, y, r * 1.1, colors.ink);
        if (r >= SIGNS) this.#tick(x, y, r, colors.paper, line * 1.3);
        break;
      case "yours_booked":
        this.#disc(x, y, r, colors.paper);
        this.#ring(x, y, r - line / 2, colors.ink, line * 1.4);
        if (r >= SIGNS) this.#tick(x, y, r * 0.9, colors.ink, line * 1.3);
        break;
      case "asking":
        this.#ring(x, y, r, colors.ink, line * 1.4);
        this.#disc(x, y, r * 0.45, colors.ink);
        break;
      case "locked":
        this.#ring(x, y, r - line / 2, colors.taken, line);
        if (r >= SIGNS) this.#disc(x, y, r * 0.24, colors.taken);
        break;
      case "booked":
        this.#disc(x, y, r, colors.faint);
        if (r >= SIGNS) this.#cross(x, y, r, colors.taken, line);
        break;
      case "blocked":
        this.#stroke(colors.taken, line * 1.2, [
          [x - 0.5 * r, y],
          [x + 0.5 * r, y],
        ]);
    }
  }

  /**
   * @param {number} x
   * @param {number} y
   * @param {number} r
   * @param {string} color
   */
  #disc(x, y, r, color) {
    const context = this.#context;
    context.beginPath();
    context.arc(x, y, r, 0, TAU);
    context.fillStyle = color;
    context.fill();
  }

  /**
   * @param {number} x
   * @param {number} y
   * @param {number} r
   * @param {string} color
   * @param {number} width
   */
  #ring(x, y, r, color, width) {
    const context = this.#context;
    context.beginPath();
    context.arc(x, y, r, 0, TAU);
    Object.assign(context, { strokeStyle: color, lineWidth: width });
    context.stroke();
  }

  /**
   * @param {number} x
   * @param {number} y
   * @param {number} r
   * @param {string} color
   * @param {number} width
   */
  #tick(x, y, r, color, width) {
    this.#stroke(color, width, [
      [x - 0.42 * r, y + 0.04 * r],
      [x - 0.12 * r, y + 0.36 * r],
      [x + 0.46 * r, y - 0.3 * r],
    ]);
  }

  /**
   * @param {number} x
   * @param {number} y
   * @param {number} r
   * @param {string} color
   * @param {number} width
   */
  #cross(x, y, r, color, width) {
    const arm = 0.34 * r;
    for (const up of [-arm, arm]) {
      this.#stroke(color, width, [
        [x - arm, y - up],
        [x + arm, y + up],
      ]);
    }
  }

  /**
   * @param {string} color
   * @param {number} width
   * @param {[number, number][]} points
   */
  #stroke(color, width, points) {
    const context = this.#context;
    context.beginPath();
    for (const [x, y] of points) context.lineTo(x, y);
    Object.assign(context, { strokeStyle: color, lineWidth: width, lineCap: "round", lineJoin: "round" });
    context.stroke();
  }

  /**
   * @param {string} number
   * @param {number} x
   * @param {number} y
   * @param {number} r
   * @param {string} color what it is written on
   */
  #number(number, x, y, r, color) {
    const context = this.#context;
    // What is longer than "128" is as wide as that.
    const size = r * (number.length > 2 ? Math.min(0.7, 2.6 / number.length) : 0.92);
    context.fillStyle = color;
    Object.assign(context, {
      font: `600 ${size}px system-ui, sans-serif`,
      fillStyle: textOn(context),
      textAlign: "center",
      textBaseline: "middle",
    });
    context.fillText(number, x, y + size * 0.06);
  }
}

/**
 * Black or white, whichever is easier to read on what was filled last.
 * @param {Context} context
 */
export function textOn(context) {
  // However a colour was written, a canvas gives it back as #0072b2, unless it is transparent.
  const parts = /^#(..)(..)(..)$/.exec(String(context.fillStyle));
  if (!parts) return "#000";
  const [r, g, b] = parts.slice(1).map((part) => {
    const value = parseInt(part, 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  // Relative luminance, as WCAG 2 has it; both contrasts are equal at 0.179.
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.179 ? "#000" : "#fff";
}
