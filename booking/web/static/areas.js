/** What is drawn of a house besides its seats: a stage, a bar, a table, or merely a text. */

/**
 * An area of a document, in a zone whose origin is at (x, y).
 * @param {AreaDocument} area
 * @param {number} x
 * @param {number} y
 * @returns {PlannedArea}
 */
export function readArea(area, x, y) {
  const { shape, points, box } = outline(area);
  const { text = "", position, size = 0, color } = area.text ?? {};
  return {
    x: x + (area.position?.x ?? 0),
    y: y + (area.position?.y ?? 0),
    turn: ((area.rotation ?? 0) * Math.PI) / 180,
    shape,
    points,
    box,
    color: paint(area.color),
    border: paint(area.border_color),
    lines: text.split(/\r?\n/).filter((line) => line.trim()),
    caption: position ?? { x: box.left + box.width / 2, y: box.top + box.height / 2 },
    size,
    ink: paint(color),
  };
}

/**
 * The points of a plan that an area reaches to.
 * @param {PlannedArea} area
 * @param {number} letter the usual height of a letter
 * @returns {[x: number, y: number][]}
 */
export function reach({ x, y, turn, box, lines, caption, size, shape }, letter) {
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
  const { left, top, width, height } = shape === "text" ? textBox(lines, caption, size || letter) : box;
  if (shape === "text" && !lines.length) return [];
  return [left, left + width].flatMap((dx) =>
    [top, top + height].map(
      (dy) => /** @type {[number, number]} */ ([x + dx * cos - dy * sin, y + dx * sin + dy * cos]),
    ),
  );
}

/**
 * About as much room as a text takes.
 * @param {string[]} lines
 * @param {Point} middle
 * @param {number} letter
 * @returns {Bounds}
 */
function textBox(lines, middle, letter) {
  const width = 0.64 * letter * Math.max(...lines.map((line) => line.length));
  const height = 1.3 * letter * lines.length;
  return { left: middle.x - width / 2, top: middle.y - height / 2, width, height };
}

/**
 * @param {AreaDocument} area
 * @returns {Pick<PlannedArea, "shape" | "points" | "box">}
 */
function outline({ shape, rectangle, circle, ellipse, polygon, width = 0, height = 0 }) {
  if (shape === "text") return { shape, points: [], box: { left: 0, top: 0, width: 0, height: 0 } };
  if (circle && (shape ?? "circle") === "circle") return round(circle.radius, circle.radius);
  if (ellipse && (shape ?? "ellipse") === "ellipse") return round(ellipse.radius.x, ellipse.radius.y);
  if (polygon?.points.length && (shape ?? "polygon") === "polygon") {
    return { shape: "polygon", points: polygon.points, box: boxAround(polygon.points) };
  }
  const box = { left: 0, top: 0, width: rectangle?.width ?? width, height: rectangle?.height ?? height };
  return { shape: "rectangle", points: [], box };
}

/**
 * @param {number} rx
 * @param {number} ry
 * @returns {Pick<PlannedArea, "shape" | "points" | "box">}
 */
function round(rx, ry) {
  return { shape: "ellipse", points: [], box: { left: -rx, top: -ry, width: 2 * rx, height: 2 * ry } };
}

/**
 * @param {Point[]} points
 * @returns {Bounds}
 */
function boxAround(points) {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { x, y } of points) {
    [left, right] = [Math.min(left, x), Math.max(right, x)];
    [top, bottom] = [Math.min(top, y), Math.max(bottom, y)];
  }
  return { left, top, width: right - left, height: bottom - top };
}

/**
 * A colour that something is painted with; "" for none.
 * @param {string} [color]
 */
function paint(color = "") {
  return ["none", "transparent"].includes(color.trim().toLowerCase()) ? "" : color;
}
