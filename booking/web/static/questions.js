/** A form for what the organiser asks: its fields, their answers, and what is wrong with them.
 *
 * Whether an answer will do, the service decides; here it is said beside the field.
 */

import { $, canonical, element, text, textIfAny } from "./page.js";

/** What a browser knows of those that every organiser may ask. */
const KNOWN = /** @type {{[kind: string]: Partial<HTMLInputElement>}} */ ({
  name: { type: "text", autocomplete: "name", autocapitalize: "words", maxLength: 200 },
  email: { type: "email", autocomplete: "email", maxLength: 254 },
  phone: { type: "tel", autocomplete: "tel", maxLength: 41 },
});
const LONGEST_TEXT = 1000;

export class Questions {
  #form;
  #box;
  #title;
  /** What is asked, as JSON: answers stay as long as it is the same. */
  #asked = "";
  #questions = /** @type {QuestionDocument[]} */ ([]);

  /**
   * @param {HTMLFormElement} form
   * @param {HTMLElement} box where the fields are
   * @param {string} title what they are called together
   */
  constructor(form, box, title) {
    this.#form = form;
    this.#box = box;
    this.#title = title;
  }

  get count() {
    return this.#questions.length;
  }

  /**
   * Ask these from now on.
   * @param {QuestionDocument[]} questions
   */
  ask(questions) {
    const asked = canonical(questions);
    if (asked === this.#asked) return;
    this.#asked = asked;
    this.#questions = questions;
    this.#box.replaceChildren(
      element("legend", { textContent: this.#title }),
      ...questions.map((question) => this.#field(question)),
    );
  }

  focus() {
    if (this.count) this.#control(this.#questions[0].id)?.focus();
  }

  /** The answers by question; what was left empty is no answer. */
  get answers() {
    /** @type {{[id: string]: string | boolean}} */
    const answers = {};
    const given = new FormData(this.#form);
    for (const { id, type } of this.#questions) {
      const answer = String(given.get(id) ?? "").trim();
      if (answer) answers[id] = type === "yes_no" ? answer === "yes" : answer;
    }
    return answers;
  }

  /**
   * Say beside each field what is wrong with its answer, and go to the first. Returns whether all of
   * these are in the form.
   * @param {{[id: string]: string}} faults
   */
  showFaults(faults) {
    for (const { id, type } of this.#questions) {
      const missing = !(id in this.answers);
      const kind = missing ? "required" : (type ?? id);
      const words = id in faults ? (textIfAny(`faults.${kind}`) ?? text("faults.other")) : "";
      $(`#detail-${id}-fault`).textContent = words;
      for (const control of this.#controls(id)) control.setAttribute("aria-invalid", String(id in faults));
    }
    const [first] = this.#questions.filter(({ id }) => id in faults);
    if (first) this.#control(first.id)?.focus();
    return Object.keys(faults).every((id) => this.#questions.some((question) => question.id === id));
  }

  /** @param {string} id */
  #controls(id) {
    return /** @type {NodeListOf<HTMLInputElement>} */ (this.#box.querySelectorAll(`[name="${id}"]`));
  }

  /** @param {string} id */
  #control(id) {
    return this.#controls(id)[0];
  }

  /** @param {QuestionDocument} question */
  #field(question) {
    const { id, type, required } = question;
    const words = element("span", { dir: "auto" }, question.question ?? text(`questions.${id}`));
    const label = required ? [words] : [words, " ", element("small", { textContent: text("optional") })];
    const fault = element("p", { id: `detail-${id}-fault`, className: "mistake" });
    if (type === "yes_no") {
      const answers = ["yes", "no"].map((value) => {
        const radio = element("input", { type: "radio", name: id, value, required });
        radio.setAttribute("aria-describedby", fault.id);
        return element("label", { className: "check" }, radio, text(value));
      });
      return element("fieldset", { className: "question" }, element("legend", {}, ...label), ...answers, fault);
    }
    const control = controlFor(question);
    Object.assign(control, { id: `detail-${id}`, name: id, required });
    control.setAttribute("aria-describedby", fault.id);
    const named = element("label", { htmlFor: control.id }, ...label);
    return element("div", { className: "question" }, named, control, fault);
  }
}

/**
 * What a question is answered with.
 * @param {QuestionDocument} question
 */
function controlFor({ id, type, choices = [] }) {
  if (type === "choice") {
    const options = choices.map((choice) => element("option", { value: choice, textContent: choice }));
    return element(
      "select",
      { dir: "auto" },
      element("option", { value: "", textContent: text("choose_one") }),
      ...options,
    );
  }
  if (type === "text") return element("textarea", { dir: "auto", rows: 2, maxLength: LONGEST_TEXT });
  return element("input", { dir: "auto", ...KNOWN[id] });
}
