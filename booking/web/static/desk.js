/** Signing in with a key, which stays in this tab. */

import { call, Problem } from "./api.js";
import { $, onSubmit, text } from "./page.js";
import { explain } from "./problems.js";

const KEPT_AS = "key";
let authorization = "";

/** @type {typeof call} */
export function authorized(method, address, options = {}) {
  return call(method, address, { ...options, headers: { ...options.headers, Authorization: authorization } });
}

/**
 * Ask for a key until `check` succeeds with it, then show the desk. A key that was used in this tab
 * before is tried first.
 * @param {() => Promise<unknown>} check
 */
export async function signIn(check) {
  const kept = sessionStorage.getItem(KEPT_AS);
  if (kept) {
    const problem = await open(kept, check);
    if (!problem) return;
    // Nobody has typed it here: if it is the key of another page, this one just asks for its own.
    if (!isKeyWrong(problem)) show(problem);
  }
  await new Promise((resolve) => {
    onSubmit($("#sign-in"), async () => {
      const problem = await open($("#token").value, check);
      if (problem) show(problem);
      else resolve(undefined);
    });
  });
}

/** Forget the key. */
export function signOut() {
  sessionStorage.clear();
  location.reload();
}

/** Whether a problem says that the key is not good for this. */
export const isKeyWrong = (/** @type {Problem} */ { code }) =>
  ["administrator_required", "scope_required", "invalid_token"].includes(code);

/**
 * Show the desk if the key is good for it. Resolves to what is wrong, if anything is.
 * @param {string} key
 * @param {() => Promise<unknown>} check
 */
async function open(key, check) {
  // Other characters cannot be sent, and are in no token.
  authorization = `Bearer ${key.replace(/[^!-~]/g, "?")}`;
  try {
    await check();
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    return problem;
  }
  sessionStorage.setItem(KEPT_AS, key);
  $("#sign-in").remove();
  $("#desk").hidden = false;
  return null;
}

/** @param {Problem} problem */
function show(problem) {
  $("#sign-in-problem").textContent = isKeyWrong(problem) ? text("door.key_wrong") : explain(problem);
}
