/** A question that is answered with yes or no, before what cannot be undone. */

import { element, text } from "./page.js";

/**
 * Ask, in a dialog. Resolves to whether the answer is yes.
 * @param {string} question
 * @param {string} yes what the button says that does it
 * @param {Node[]} fields to fill in, between the question and the buttons
 * @returns {Promise<boolean>}
 */
export function ask(question, yes, ...fields) {
  const words = element("p", { id: "ask-text", textContent: question });
  const no = element("button", { type: "button", className: "secondary", textContent: text("keep") });
  const go = element("button", { className: "primary", textContent: yes });
  const form = element("form", {}, words, ...fields, element("div", { className: "pair" }, no, go));
  const dialog = element("dialog", { className: "ask" }, form);
  dialog.setAttribute("aria-labelledby", "ask-text");
  no.addEventListener("click", () => dialog.close());
  form.addEventListener("submit", (submit) => {
    submit.preventDefault();
    dialog.close("yes");
  });
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
  });
}
