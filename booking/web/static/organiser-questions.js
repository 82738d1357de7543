/** What buyers are asked, as the organiser edits it. */

import { element, text } from "./page.js";

/** Those that need no words. */
const STANDARD = ["name", "email", "phone"];
const MOST_OWN = 5;
const KINDS = ["text", "choice", "yes_no"];

/**
 * @typedef {{id: string, required: boolean, type?: string, question?: string, choices?: string[]}} Asked
 */

/**
 * @param {HTMLElement} box
 * @param {Asked[]} asked
 */
export function showAsked(box, asked) {
  const standard = STANDARD.map((id) => {
    const known = asked.find((question) => question.id === id);
    const select = choice(["no", "optional", "required"], "organising.ask_");
    select.dataset.standard = id;
    select.value = !known ? "no" : known.required ? "required" : "optional";
    return element("label", {}, element("span", { textContent: text(`questions.${id}`) }), select);
  });
  const add = element("button", {
    type: "button",
    className: "secondary small",
    textContent: text("organising.add_question"),
  });
  const own = element("div", { className: "own-questions" });
  const limit = () => {
    add.hidden = own.childElementCount >= MOST_OWN;
  };
  add.addEventListener("click", () => {
    own.append(ownQuestion({ id: freeId(own), required: false, type: "text", question: "" }, limit));
    limit();
    own.lastElementChild?.querySelector("input")?.focus();
  });
  for (const question of asked) {
    if (!STANDARD.includes(question.id)) own.append(ownQuestion(question, limit));
  }
  limit();
  box.replaceChildren(element("div", { className: "columns" }, ...standard), own, add);
}

/**
 * @param {HTMLElement} box
 * @returns {Asked[]}
 */
export function askedIn(box) {
  const standard = /** @type {NodeListOf<HTMLSelectElement>} */ (box.querySelectorAll("select[data-standard]"));
  const asked = /** @type {Asked[]} */ ([]);
  for (const { value, dataset } of standard) {
    if (value !== "no") asked.push({ id: dataset.standard ?? "", required: value === "required" });
  }
  for (const row of /** @type {NodeListOf<HTMLElement>} */ (box.querySelectorAll("[data-own]"))) {
    const field = (/** @type {string} */ name) =>
      /** @type {HTMLInputElement} */ (row.querySelector(`[data-field=${name}]`));
    const type = field("type").value;
    const choices = field("choices")
      .value.split(",")
      .map((each) => each.trim())
      .filter(Boolean);
    asked.push({
      id: row.dataset.own ?? "",
      type,
      question: field("question").value.trim(),
      required: field("required").checked,
      ...(type === "choice" && { choices }),
    });
  }
  return asked;
}

/**
 * @param {Asked} question
 * @param {() => void} onRemoved
 */
function ownQuestion({ id, required, type = "text", question = "", choices = [] }, onRemoved) {
  const words = element("input", { value: question, required: true, maxLength: 200 });
  words.dataset.field = "question";
  words.setAttribute("aria-label", text("organising.question"));
  const kind = choice(KINDS, "organising.kind_");
  kind.dataset.field = "type";
  kind.value = type;
  kind.setAttribute("aria-label", text("organising.kind"));
  const among = element("input", { value: choices.join(", "), placeholder: text("organising.choices") });
  among.dataset.field = "choices";
  among.setAttribute("aria-label", text("organising.choices"));
  const must = element("input", { type: "checkbox", checked: required });
  must.dataset.field = "required";
  const remove = element("button", {
    type: "button",
    className: "secondary small",
    textContent: text("organising.remove"),
  });
  const showChoices = () => {
    among.hidden = kind.value !== "choice";
    among.required = !among.hidden;
  };
  kind.addEventListener("change", showChoices);
  showChoices();
  const check = element("label", { className: "check" }, must, text("organising.ask_required"));
  const row = element("div", { className: "own-question" }, words, kind, among, check, remove);
  row.dataset.own = id;
  remove.addEventListener("click", () => {
    row.remove();
    onRemoved();
  });
  return row;
}

/**
 * @param {string[]} values
 * @param {string} prefix of the names of their texts
 */
function choice(values, prefix) {
  const options = values.map((each) => element("option", { value: each, textContent: text(prefix + each) }));
  return element("select", {}, ...options);
}

/** @param {HTMLElement} own */
function freeId(own) {
  const taken = new Set(Array.from(own.children, (row) => /** @type {HTMLElement} */ (row).dataset.own));
  for (let number = 1; ; number += 1) if (!taken.has(`question_${number}`)) return `question_${number}`;
}
