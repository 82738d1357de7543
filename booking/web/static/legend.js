/** What stands beside the map: what its colours and signs mean, and buttons to zoom. */

import { $, element, text } from "./page.js";
import { Painter } from "./painter.js";

/** Let the buttons zoom the map. */
export function connectTools(map) {
  for (const button of document.querySelectorAll("[data-zoom]")) {
    button.addEventListener("click", () => map.zoom(button.dataset.zoom));
  }
}

/** Show what seats can look like: those that are free by category, and the other looks by name. */
export function showLegend(plan, looks) {
  const [first] = plan.categories.keys();
  const item = (look, category, words) => {
    const canvas = element("canvas", { width: 40, height: 40 });
    canvas.setAttribute("aria-hidden", "true");
    const draw = () => {
      canvas.getContext("2d").clearRect(0, 0, 40, 40);
      new Painter(canvas).sign(look, plan.categories.get(category));
    };
    draw();
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
    return element("li", {}, canvas, words);
  };
  const names = [...plan.categories.keys()];
  $("#legend").replaceChildren(
    ...names.map((name) => item("available", name, names.length > 1 ? plan.categoryName(name) : text("available"))),
    ...looks.map((look) => item(look, first, text(look))),
  );
}
