/** How a buyer chooses seats: one by one, or the best. */

import { Problem } from "./api.js";
import { $, duration, element, enumerate, on, page, say, tell, text, textIfAny, withoutDoubles } from "./page.js";

/** The second click of a double click may come later than the answer. */
const DOUBLE_CLICK_MS = 500;

/**
 * Let people choose. Returns what shows anew what they can choose from.
 * @param {import("./shop.js").Shop} shop
 */
export function connectChoosing(shop) {
  const { house } = shop;
  on(
    house,
    "press",
    withoutDoubles((id) => press(shop, id)),
  );
  const show = () => {
    if (!house.plan) return;
    offerCategories(house.plan);
    $("#best-submit").disabled = false;
  };
  house.addEventListener("show", show);
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
  return show;
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
    const first = basket.held.size === 0;
    await basket.add(id);
    sayAdded(shop, [id], first);
  });
}

/** @param {import("./shop.js").Shop} shop */
async function chooseBest(shop) {
  const { basket, house } = shop;
  const split = $("#best-split").checked;
  const category = $("#best-category").value || undefined;
  const first = basket.held.size === 0;
  const ids = await basket.addBest({ count: Number($("#best-count").value), category, split }).catch((problem) => {
    if (problem instanceof Problem && split && problem.code === "not_enough_seats") problem.code = "not_enough_in_rows";
    throw problem;
  });
  if (!ids.length) return;
  house.lookAt(ids);
  sayAdded(shop, ids, first);
  await new Promise((resolve) => setTimeout(resolve, DOUBLE_CLICK_MS));
}

/**
 * Say what is in the basket now, and with the first seat how much time there is.
 * @param {import("./shop.js").Shop} shop
 * @param {string[]} ids
 * @param {boolean} first
 */
function sayAdded({ basket, house }, ids, first) {
  const added = text("added", { seat: house.names(ids), count: ids.length });
  const { timeLeft } = basket;
  const time = first && timeLeft ? text("time_to_book", { time: duration(timeLeft / 1000) }) : "";
  say(`${added} ${time}`.trim());
}

/** @param {import("./plan.js").Plan} plan */
function offerCategories(plan) {
  const names = [...plan.categories.keys()];
  const chosen = $("#best-category").value;
  $("#best-category").replaceChildren(
    element("option", { value: "", textContent: text("best_any") }),
    ...names.map((name) => element("option", { value: name, textContent: plan.categoryName(name) })),
  );
  if (names.includes(chosen)) $("#best-category").value = chosen;
  for (const part of document.querySelectorAll("[data-choice]")) part.toggleAttribute("hidden", names.length < 2);
  const excluded = page.event.policy.best_available_excludes.map((name) => plan.categoryName(name));
  $("#best-excludes").textContent = text("best_excludes", { categories: enumerate(excluded) });
  $("#best-excludes").hidden = !excluded.length;
}
