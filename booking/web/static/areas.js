/** What is drawn of a house besides its seats: a stage, a bar, a table, or merely a text. */

/**
 * @typedef {object} Area
 * @property {number} x where it is in the plan, as is y: the corner of a rectangle, the centre of what is round
 * @property {number} turn by how much it is turned around that, in radians
 * @property {string} shape "rectangle", "ellipse" (or circle), "polygon", "text"
 * @property {[number, number, number, number]} box left, top, width and height, from x and y
 * @property {[number, number][]} points of a polygon, likewise
 * @property {string[]} lines its text
 * @property {[number, number]} caption where the middle of its text is, likewise
 * @property {number} size of its text, in the unit of the plan; 0 is one that fits
 */

/** An area of a document, in a zone whose origin is at (x, y). */
export function readArea(area, x, y) {
  const { shape, points, box } = outline(area);
  const { text = "", position, size = 0, color = "" } = area.text ?? {};
  const middle = [box[0] + box[2] / 2, box[1] + box[3] / 2];
  return {
    x: x + (area.position?.x ?? 0),
    y: y + (area.position?.y ?? 0),
    turn: ((area.rotation ?? 0) * Math.PI) / 180,
    shape, points, box,
    color: paint(area.color),
    border: paint(area.border_color),
    lines: text.split(/\r?\n/).filter((line) => line.trim()),
    caption: position ? [position.x, position.y] : middle,
    size,
    ink: paint(color),
  };
}

/** The points of a plan that an area reaches to. `letter` is the usual height of a letter. */
export function reach({ x, y, turn, box: [left, top, width, height], lines, caption, size, shape }, letter) {
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
  const corners = shape === "text" ? [] : [[left, top], [left + width, top], [left, top + height], [left + width, top + height]];
  if (lines.length && shape === "text") {
    const half = 0.32 * (size || letter) * Math.max(...lines.map((line) => line.length));
    const high = 0.65 * (size || letter) * lines.length;
    for (const [dx, dy] of [[-half, -high], [half, -high], [-half, high], [half, high]]) {
      corners.push([caption[0] + dx, caption[1] + dy]);
    }
  }
  return corners.map(([dx, dy]) => [x + dx * cos - dy * sin, y + dx * sin + dy * cos]);
}

function outline({ shape, rectangle, circle, ellipse, polygon, width = 0, height = 0 }) {
  const round = (rx, ry) => ({ shape: "ellipse", points: [], box: [-rx, -ry, 2 * rx, 2 * ry] });
  if (shape === "text") return { shape, points: [], box: [0, 0, 0, 0] };
  if (circle && (shape ?? "circle") === "circle") return round(circle.radius, circle.radius);
  if (ellipse && (shape ?? "ellipse") === "ellipse") return round(ellipse.radius.x, ellipse.radius.y);
  if (polygon?.points.length && (shape ?? "polygon") === "polygon") {
    const points = polygon.points.map(({ x, y }) => [x, y]);
    const least = [0, 1].map((axis) => points.reduce((low, point) => Math.min(low, point[axis]), Infinity));
    const most = [0, 1].map((axis) => points.reduce((high, point) => Math.max(high, point[axis]), -Infinity));
    return { shape: "polygon", points, box: [...least, most[0] - least[0], most[1] - least[1]] };
  }
  return { shape: "rectangle", points: [], box: [0, 0, rectangle?.width ?? width, rectangle?.height ?? height] };
}

/** A colour that something is painted with; "" for none. */
function paint(color) {
  return ["none", "transparent"].includes(color?.trim().toLowerCase()) ? "" : color ?? "";
}
