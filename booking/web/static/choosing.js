/** How a buyer chooses seats: one by one, or the best. */

import { Problem } from "./api.js";
import { $, element, on, say, tell, text, textIfAny } from "./page.js";

/** The second click of a double click may come later than the answer. */
const DOUBLE_CLICK_MS = 500;

/** @param {import("./shop.js").Shop} shop */
export function connectChoosing(shop) {
  const { house } = shop;
  on(house, "press", (id) => press(shop, id));
  house.addEventListener("show", () => offerCategories([...(house.plan?.categories.keys() ?? [])]));
  $("#best").addEventListener("submit", (submit) => {
    submit.preventDefault();
    shop.attempt(() => chooseBest(shop), submit.submitter);
  });
  for (const button of document.querySelectorAll("button")) {
    const { step } = button.dataset;
    if (!step) continue;
    button.addEventListener("click", () => {
      if (step === "1") $("#best-count").stepUp();
      else $("#best-count").stepDown();
    });
  }
}

/**
 * @param {import("./shop.js").Shop} shop
 * @param {string} id
 */
function press(shop, id) {
  const { basket, house } = shop;
  const { look } = house.looks(id);
  if (look === "mine") return shop.remove([id]);
  if (look === "asking") return;
  // A seat that someone holds may be one's own, if an answer got lost: the service knows.
  if (look !== "available" && look !== "locked") {
    const words = textIfAny(`problems.seat_${look}`, { seats: house.name(id) });
    return tell(words ?? `${house.name(id)}: ${text(look)}.`, "problem");
  }
  shop.attempt(async () => {
    await basket.add(id);
    say(text("added", { seat: house.name(id) }));
  });
}

/** @param {import("./shop.js").Shop} shop */
async function chooseBest({ basket, house }) {
  const split = $("#best-split").checked;
  const category = $("#best-category").value || undefined;
  const ids = await basket.addBest({ count: Number($("#best-count").value), category, split }).catch((problem) => {
    if (problem instanceof Problem && split && problem.code === "not_enough_seats") problem.code = "not_enough_in_rows";
    throw problem;
  });
  if (!ids.length) return;
  house.lookAt(ids);
  say(text("added", { seat: house.names(ids) }));
  await new Promise((resolve) => setTimeout(resolve, DOUBLE_CLICK_MS));
}

/** @param {string[]} names */
function offerCategories(names) {
  $("#best-category").replaceChildren(
    element("option", { value: "", textContent: text("best_any") }),
    ...names.map((name) => element("option", { value: name, textContent: name })),
  );
  for (const part of document.querySelectorAll("[data-choice]")) part.toggleAttribute("hidden", names.length < 2);
}
