/** Why something could not be done, in the words of whoever wanted it. */

import { enumerate, page, serverTime, text, textIfAny } from "./page.js";

/**
 * A sentence for a problem: ours for what happens every day, else that of the service. `names` says
 * what seats are called.
 * @param {import("./api.js").Problem} problem
 * @param {(ids: string[]) => string[]} [names]
 */
export function explain(problem, names = (ids) => ids) {
  const { code, document: told } = problem;
  const ids = told.unavailable?.map((seat) => seat.id) ?? told.seats ?? [];
  if (code === "not_on_sale" && told.on_sale_until && Date.parse(told.on_sale_until) <= serverTime()) {
    return text("sale_over");
  }
  if (code === "lock_expired" && !ids.length) return text("basket_changed");
  const most = page.event?.policy.max_seats_per_holder;
  const counts = { not_enough_seats: told.largest_block, holder_limit_reached: most };
  const count = counts[/** @type {keyof typeof counts} */ (code)] ?? ids.length;
  const values = {
    count,
    seats: enumerate(names(ids)),
    max: most,
    largest_block: told.largest_block,
    reason: told.reason,
  };
  return textIfAny(`problems.${code}`, values) ?? problem.message;
}
