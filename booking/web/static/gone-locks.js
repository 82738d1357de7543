/** Why seats are no longer held for this browser. */

import { Problem, post } from "./api.js";

/** The service may be a moment ahead of our counting, in milliseconds. */
const AHEAD_MS = 2000;

/**
 * @typedef {object} Gone seats that are gone for one reason
 * @property {string[]} ids
 * @property {"ran_out" | "taken" | "lost"} why
 * @property {string} [reason] what the box office says to having taken them
 * @property {boolean} isFree whether anyone can have them now
 */

/**
 * What became of seats whose locks are gone, by reason. The service is asked to extend each lock: it
 * refuses, and says why.
 * @param {[string, import("./locks.js").Lock][]} locks
 * @param {number} now
 */
export async function whyGone(locks, now) {
  const found = await Promise.all(locks.map(([id, lock]) => fate(id, lock, now)));
  const groups = /** @type {Map<string, Gone>} */ (new Map());
  for (const gone of found) {
    if (!gone) continue;
    const { ids, ...cause } = gone;
    const key = JSON.stringify(cause);
    groups.set(key, { ...cause, ids: [...(groups.get(key)?.ids ?? []), ...ids] });
  }
  return [...groups.values()];
}

/**
 * @param {string} id
 * @param {import("./locks.js").Lock} lock
 * @param {number} now
 * @returns {Promise<Gone | null>} null if another page of this browser has just locked it again
 */
async function fate(id, { deadline, expectedEnd }, now) {
  try {
    await post("extend", { seats: [id] });
    return null;
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    const { code, document } = problem;
    if (code === "lock_taken") return { ids: [id], why: "taken", reason: document.reason, isFree: true };
    if (code === "lock_expired") return { ids: [id], why: "ran_out", isFree: true };
    // Someone else has it by now. While a computer sleeps, only the clock on its wall goes on.
    const ranOut = deadline < now + AHEAD_MS || expectedEnd < Date.now();
    return { ids: [id], why: ranOut ? "ran_out" : "lost", isFree: false };
  }
}
