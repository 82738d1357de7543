/** Send the link to a booking again to whoever has lost it. */

import { Problem, post } from "./api.js";
import { $, text } from "./page.js";
import { explain } from "./problems.js";

const form = document.querySelector("#lost");

form?.addEventListener("submit", async (submit) => {
  submit.preventDefault();
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
});
for (const button of form?.querySelectorAll("button") ?? []) button.disabled = false;
