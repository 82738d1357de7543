/** What stands beside the map: what its colours and signs mean, and buttons to zoom. */

import { $, element, text } from "./page.js";
import { readPalette, SeatSign } from "./seat-sign.js";

const SIZE = 40;
/** The signs that are shown, each with how to draw it again.
 * @type {(() => void)[]} */
let signs = [];

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
  for (const draw of signs) draw();
});

/**
 * Let the buttons zoom the map.
 * @param {import("./seat-map.js").SeatMap} map
 */
export function connectTools(map) {
  for (const button of document.querySelectorAll("button")) {
    const { zoom } = button.dataset;
    if (zoom) button.addEventListener("click", () => map.zoom(zoom));
  }
}

/**
 * Show what seats can look like: those that are free by category, and the other looks by name.
 * @param {import("./plan.js").Plan} plan
 * @param {Look[]} looks
 */
export function showLegend(plan, looks) {
  signs = [];
  const names = [...plan.categories.keys()];
  $("#legend").replaceChildren(
    ...names.map((name) => {
      return item(
        "available",
        plan.categories.get(name),
        names.length > 1 ? plan.categoryName(name) : text("available"),
      );
    }),
    ...looks.map((look) => item(look, plan.categories.get(names[0]), text(look))),
  );
}

/**
 * @param {Look} look
 * @param {string | undefined} color
 * @param {string} words
 */
function item(look, color, words) {
  const canvas = element("canvas", { width: SIZE, height: SIZE, ariaHidden: "true" });
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const draw = () => {
    context.clearRect(0, 0, SIZE, SIZE);
    new SeatSign(context, readPalette()).draw(look, color, "", SIZE / 2, SIZE / 2, SIZE * 0.36);
  };
  signs.push(draw);
  draw();
  return element("li", {}, canvas, words);
}
