/** A question that is answered with yes or no, before what cannot be undone. */

import { element, text } from "./page.js";

/**
 * Ask, in a dialog. Resolves to whether the answer is yes.
 * @param {string} question
 * @param {string} yes what the button says that does it
 * @returns {Promise<boolean>}
 */
export function ask(question, yes) {
  const words = element("p", { id: "ask-text", textContent: question });
  const no = element("button", { type: "button", className: "secondary", textContent: text("keep") });
  const go = element("button", { type: "button", className: "primary", textContent: yes });
  const dialog = element("dialog", { className: "ask" }, words, element("div", { className: "pair" }, no, go));
  dialog.setAttribute("aria-labelledby", "ask-text");
  no.addEventListener("click", () => dialog.close());
  go.addEventListener("click", () => dialog.close("yes"));
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
  });
}
