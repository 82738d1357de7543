/** Draws a house on a canvas. */

const TAU = 2 * Math.PI;
/** From this radius on, in pixels, seats are round, and from the second on they have signs. */
const ROUND = 2.5, SIGNS = 5, NUMBERS = 11;
/** Longer numbers of seats are not painted. */
const LONGEST = 9;

export class Painter {
  #canvas;
  #context;
  #ratio = 1;
  #plan = null;
  #lookOf = null;
  #view = null;
  #colors = null;
  /** Pictures of a seat by look, category and size: to copy one takes a fifth of drawing it. */
  #pictures = new Map();

  constructor(canvas) {
    this.#canvas = canvas;
    this.#context = canvas.getContext("2d");
  }

  show(plan, lookOf) {
    this.#plan = plan;
    this.#lookOf = lookOf;
    this.forget();
  }

  /** The colours may be others now. */
  forget() {
    this.#pictures.clear();
    this.#colors = null;
  }

  resize(width, height) {
    this.#ratio = Math.min(devicePixelRatio || 1, 3);
    this.#canvas.width = Math.round(width * this.#ratio);
    this.#canvas.height = Math.round(height * this.#ratio);
  }

  /** Draw everything. The view is the pixels of a unit of the plan, and where its origin is. */
  draw(view) {
    this.#view = view;
    this.#context.setTransform(this.#ratio, 0, 0, this.#ratio, 0, 0);
    this.#paint(0, 0, this.#canvas.width / this.#ratio, this.#canvas.height / this.#ratio);
  }

  /** Draw some seats anew. */
  drawSeats(ids) {
    if (!this.#view) return;
    const { scale, x: dx, y: dy } = this.#view;
    for (const id of ids) {
      const seat = this.#plan.seats.get(id);
      if (!seat) continue;
      const half = Math.ceil(seat.r * scale * 1.15) + 1;
      const [x, y] = [seat.x * scale + dx, seat.y * scale + dy];
      this.#paint(Math.floor(x - half), Math.floor(y - half), 2 * half + 1, 2 * half + 1);
    }
  }

  /** A seat alone, filling the canvas: for a legend. */
  sign(look, color) {
    const size = this.#canvas.width;
    this.#seat(this.#context, look, color, "", size / 2, size / 2, size * 0.36);
  }

  #paint(left, top, width, height) {
    const context = this.#context;
    const { scale, x: dx, y: dy } = this.#view;
    context.save();
    context.beginPath();
    context.rect(left, top, width, height);
    context.clip();
    context.clearRect(left, top, width, height);
    for (const area of this.#plan.areas) this.#area(area);
    const near = 2 / scale + this.#plan.largestRadius;
    const [x0, y0] = [(left - dx) / scale, (top - dy) / scale];
    const [x1, y1] = [x0 + width / scale, y0 + height / scale];
    for (const seat of this.#plan.inside(x0 - near, y0 - near, x1 + near, y1 + near)) {
      const { x, y, r } = seat;
      // Chosen ones are drawn a little larger.
      const reach = 1.15 * r;
      if (x + reach < x0 || x - reach > x1 || y + reach < y0 || y - reach > y1) continue;
      this.#place(seat, x * scale + dx, y * scale + dy, r * scale);
    }
    this.#rowLabels(x0, y0, x1, y1);
    context.restore();
  }

  #place(seat, x, y, r) {
    const context = this.#context;
    const look = this.#lookOf(seat.id);
    if (r < ROUND) {
      const size = Math.max(2, r * 1.7);
      context.fillStyle = this.#fill(look, seat.category);
      context.fillRect(x - size / 2, y - size / 2, size, size);
      return;
    }
    // A number that is cut short would be that of another seat.
    const number = r >= NUMBERS && seat.number.length <= LONGEST ? seat.number : "";
    const key = `${look} ${seat.category} ${r.toFixed(2)} ${number}`;
    let picture = this.#pictures.get(key);
    if (!picture) {
      if (this.#pictures.size > 2000) this.#pictures.clear();
      const side = Math.ceil((r * 2.3 + 2) * this.#ratio);
      picture = new OffscreenCanvas(side, side);
      const own = picture.getContext("2d");
      own.scale(this.#ratio, this.#ratio);
      const middle = side / this.#ratio / 2;
      this.#seat(own, look, this.#plan.categories.get(seat.category), number, middle, middle, r);
      this.#pictures.set(key, picture);
    }
    const side = picture.width / this.#ratio;
    context.drawImage(picture, x - side / 2, y - side / 2, side, side);
  }

  /** Far away: by colour alone, for there is no room for more. */
  #fill(look, category) {
    const colors = this.#palette();
    return { available: this.#plan.categories.get(category) || colors.taken, mine: colors.ink, asking: colors.ink,
      chosen: colors.ink }[look] ?? colors.faint;
  }

  #seat(context, look, color, number, x, y, r) {
    const colors = this.#palette();
    const disc = (radius) => {
      context.beginPath();
      context.arc(x, y, radius, 0, TAU);
    };
    const stroke = (style, width, ...points) => {
      context.beginPath();
      points.forEach(([px, py], at) => context[at ? "lineTo" : "moveTo"](x + px * r, y + py * r));
      Object.assign(context, { strokeStyle: style, lineWidth: width, lineCap: "round", lineJoin: "round" });
      context.stroke();
    };
    const line = Math.max(1, r * 0.14);
    switch (look) {
      case "available":
        disc(r);
        context.fillStyle = color || colors.ink;
        context.fill();
        Object.assign(context, { strokeStyle: colors.edge, lineWidth: Math.max(0.75, r * 0.07) });
        context.stroke();
        if (number) this.#number(context, number, x, y, r, textOn(context));
        break;
      case "mine":
      case "yours_booked":
      case "chosen":
        disc(r * 1.1);
        context.fillStyle = colors.ink;
        context.fill();
        if (r >= SIGNS) stroke(colors.paper, line * 1.3, [-0.42, 0.04], [-0.12, 0.36], [0.46, -0.3]);
        break;
      case "asking":
        disc(r);
        Object.assign(context, { strokeStyle: colors.ink, lineWidth: line * 1.4 });
        context.stroke();
        disc(r * 0.45);
        context.fillStyle = colors.ink;
        context.fill();
        break;
      case "locked":
        disc(r - line / 2);
        Object.assign(context, { strokeStyle: colors.taken, lineWidth: line });
        context.stroke();
        if (r >= SIGNS) {
          disc(r * 0.24);
          context.fillStyle = colors.taken;
          context.fill();
        }
        break;
      case "booked":
        disc(r);
        context.fillStyle = colors.faint;
        context.fill();
        if (r >= SIGNS) {
          stroke(colors.taken, line, [-0.34, -0.34], [0.34, 0.34]);
          stroke(colors.taken, line, [0.34, -0.34], [-0.34, 0.34]);
        }
        break;
      default:
        stroke(colors.taken, line * 1.2, [-0.5, 0], [0.5, 0]);
    }
  }

  #number(context, number, x, y, r, color) {
    // What is longer than "128" is as wide as that.
    const size = r * (number.length > 2 ? Math.min(0.7, 2.6 / number.length) : 0.92);
    Object.assign(context, {
      font: `600 ${size}px system-ui, sans-serif`, fillStyle: color, textAlign: "center", textBaseline: "middle",
    });
    context.fillText(number, x, y + size * 0.06);
  }

  #area({ x, y, turn, shape, box, points, color, border, lines, caption, size, ink }) {
    const context = this.#context;
    const { scale, x: dx, y: dy } = this.#view;
    const colors = this.#palette();
    const [left, top, width, height] = box.map((each) => each * scale);
    context.save();
    context.translate(x * scale + dx, y * scale + dy);
    context.rotate(turn);
    context.beginPath();
    if (shape === "ellipse") context.ellipse(0, 0, width / 2, height / 2, 0, 0, TAU);
    else if (shape === "polygon") for (const [px, py] of points) context.lineTo(px * scale, py * scale);
    else context.roundRect(left, top, width, height, Math.min(8, height * 0.2));
    context.closePath();
    let onArea = colors.ink;
    if (color && shape !== "text") {
      // A colour that the browser does not know paints nothing.
      context.fillStyle = "transparent";
      context.fillStyle = colors.area ?? color;
      onArea = colors.area || !isOpaque(context) ? colors.ink : textOn(context);
      context.fill();
    }
    if (border && shape !== "text") {
      Object.assign(context, { strokeStyle: "transparent", lineWidth: 1 });
      context.strokeStyle = colors.areaEdge ?? border;
      context.stroke();
    }
    const alone = shape === "text" || !width;
    const letter = 0.8 * this.#plan.spacing * scale;
    const fitting = Math.min(alone ? letter : (height / lines.length) * 0.42, Math.max(1.2 * letter, 9), 22);
    // A text that stands alone can be read from afar; others, once there is room for them.
    const pixels = alone ? Math.max(size * scale || fitting, 9) : size * scale || fitting;
    if (lines.length && pixels > 5) {
      Object.assign(context, { font: `600 ${pixels}px system-ui, sans-serif`, textAlign: "center", textBaseline: "middle" });
      context.fillStyle = onArea;
      if (ink && !colors.area) context.fillStyle = ink;
      lines.forEach((line, at) => {
        const below = (at - (lines.length - 1) / 2) * pixels * 1.2;
        const room = alone || size ? undefined : width * 0.9;
        context.fillText(line, caption[0] * scale, caption[1] * scale + below, room);
      });
    }
    context.restore();
  }

  #rowLabels(left, top, right, bottom) {
    const context = this.#context;
    const { scale, x: dx, y: dy } = this.#view;
    for (const { label, labels } of this.#plan.rows) {
      for (const { x, y, side, r } of labels) {
        const size = Math.min(r * scale * 1.05, 15);
        const reach = 4 * r;
        if (size < 6 || x < left - reach || x > right + reach || y < top - reach || y > bottom + reach) continue;
        Object.assign(context, {
          font: `500 ${size}px system-ui, sans-serif`, textBaseline: "middle", fillStyle: this.#palette().label,
          textAlign: side < 0 ? "right" : side > 0 ? "left" : "center",
        });
        context.fillText(label, x * scale + dx + side * -size * 0.2, y * scale + dy);
      }
    }
  }

  /** The colours of the page, which are others in the dark. */
  #palette() {
    if (!this.#colors) {
      const style = getComputedStyle(this.#canvas.isConnected ? this.#canvas : document.body);
      const read = (name) => style.getPropertyValue(name).trim() || undefined;
      this.#colors = {
        ink: read("--ink"), paper: read("--paper"), faint: read("--seat-faint"), taken: read("--seat-taken"),
        edge: read("--seat-edge"), label: read("--quiet"), area: read("--area"), areaEdge: read("--area-edge"),
      };
    }
    return this.#colors;
  }
}

/** Whether what is filled next hides what is under it. */
function isOpaque(context) {
  return context.fillStyle.startsWith("#");
}

/** Black or white, whichever is easier to read on what was filled last. */
function textOn(context) {
  // However a colour was written, a canvas gives it back as #0072b2, unless it is transparent.
  const parts = /^#(..)(..)(..)$/.exec(context.fillStyle);
  if (!parts) return "#000";
  const [r, g, b] = parts.slice(1).map((part) => {
    const value = parseInt(part, 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  // Relative luminance, as WCAG 2 has it; both contrasts are equal at 0.179.
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.179 ? "#000" : "#fff";
}
