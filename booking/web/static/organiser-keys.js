/** The keys with which an administrator lets others do a part of what it can do. */

import { Problem } from "./api.js";
import { ask } from "./ask.js";
import { inUtc } from "./organiser-event.js";
import { $, briefTime, element, enumerate, page, tell, text, textIfAny } from "./page.js";

/** @typedef {{key: string, scopes: string[], events: string[] | null, until: string | null}} KeyDocument */

const ADDRESS = "../../keys";

export class Keys {
  #desk;

  /** @param {import("./organiser-event.js").Desk} desk */
  constructor(desk) {
    this.#desk = desk;
    $("#key").addEventListener("submit", (submit) => {
      submit.preventDefault();
      desk.attempt(() => this.#make());
    });
  }

  /** Show the keys, to the administrator alone. */
  async load() {
    try {
      const { document } = await this.#desk.call("GET", ADDRESS);
      $("#key-list").replaceChildren(...document.keys.map((/** @type {KeyDocument} */ key) => this.#row(key)));
      $("#keys").hidden = false;
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      $("#keys").hidden = true;
    }
  }

  /** @param {KeyDocument} key */
  #row({ key, scopes, events, until }) {
    const words = [enumerate(scopes.map(scopeName)), events ? enumerate(events) : text("organising.all_events")];
    if (until) words.push(text("organising.until", { time: briefTime(until) }));
    const end = element("button", {
      type: "button",
      className: "secondary small",
      textContent: text("organising.revoke"),
    });
    end.addEventListener("click", () =>
      this.#desk.attempt(async () => {
        if (!(await ask(text("organising.revoke_question", { key }), text("organising.revoke")))) return;
        await this.#desk.call("DELETE", `${ADDRESS}/${encodeURIComponent(key)}`);
        await this.load();
      }),
    );
    const told = element("p", { className: "quiet", textContent: words.join(" · ") });
    return element("li", {}, element("div", {}, element("strong", { textContent: key }), told), end);
  }

  async #make() {
    const form = $("#key");
    const fields = new FormData(form);
    const body = {
      scopes: fields.getAll("scope"),
      events: fields.has("all_events") ? null : [page.event.event],
      until: inUtc(String(fields.get("until"))),
    };
    $("#key-token").textContent = "";
    if (!body.scopes.length) return tell(text("organising.key_for_what"), "warning");
    const name = encodeURIComponent(String(fields.get("key")).trim());
    const { document } = await this.#desk.call("PUT", `${ADDRESS}/${name}`, { body });
    if (document.token) {
      const token = element("code", { textContent: document.token });
      $("#key-token").append(text("organising.note_token"), " ", token);
    } else tell(text("organising.key_changed", { key: document.key }));
    form.reset();
    await this.load();
  }
}

const scopeName = (/** @type {string} */ scope) => textIfAny(`organising.scope_${scope}`) ?? scope;
