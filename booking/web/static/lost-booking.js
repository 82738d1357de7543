/** Send the link to a booking again to whoever has lost it. */

import { Problem, post } from "./api.js";
import { $, onSubmit, text } from "./page.js";
import { explain } from "./problems.js";

/** @type {HTMLElement | null} */
const form = document.querySelector("#lost");
if (form) onSubmit(form, send);

async function send() {
  const note = $("#lost-note");
  note.className = "";
  try {
    await post("link", { email: $("#lost-email").value.trim() });
    note.textContent = text("lost_done");
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    note.className = "mistake";
    note.textContent = explain(problem);
  }
}
