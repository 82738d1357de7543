/** What is drawn of a house besides its seats: a stage, a bar, a table, or merely a text. */

/** What is so far from each side, as a part of the house, is in its middle. */
const MIDDLE = 0.3;
const STAGE = "#d9d6cf";

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
 * The stage of a house in which none is drawn, before that of its sides which is nearest to the front:
 * above it, if nobody knows. None if the front is in its middle.
 * @param {Bounds} bounds
 * @param {number} depth
 * @param {string} words
 * @param {Point} [front]
 * @returns {PlannedArea[]}
 */
export function stageOf({ left, top, width, height }, depth, words, front) {
  const [across, deep] = front ? [(front.x - left) / width, (front.y - top) / height] : [0.5, 0];
  const [ofSides, ofEnds] = [Math.min(across, 1 - across), Math.min(deep, 1 - deep)];
  if (Math.min(ofSides, ofEnds) > MIDDLE) return [];
  const upright = ofSides < ofEnds;
  const position = upright
    ? { x: across < 0.5 ? left - depth / 2 : left + width + 1.5 * depth, y: top + height * 0.2 }
    : { x: left + width * 0.2, y: deep > 0.5 ? top + height + depth / 2 : top - 1.5 * depth };
  const rectangle = { width: 0.6 * (upright ? height : width), height: depth };
  const rotation = upright ? 90 : 0;
  return [readArea({ position, rectangle, rotation, color: STAGE, text: { text: words } }, 0, 0)];
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
