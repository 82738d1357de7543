/** The answer to whoever stands at the door: large, green or red, with a sound. */

import { $ } from "./page.js";

/** Browsers let a page make a sound once somebody has pressed something. */
let sound = /** @type {AudioContext | null} */ (null);

/**
 * @param {"yes" | "no"} kind
 * @param {string} title
 * @param {string} [guest] who, and where they sit
 * @param {string} [detail]
 */
export function answer(kind, title, guest = "", detail = "") {
  $("#answer").className = kind;
  $("#answer-title").textContent = title;
  $("#answer-guest").textContent = guest;
  $("#answer-detail").textContent = detail;
  $("#answer").hidden = false;
  $("#answer").scrollIntoView({ block: "nearest" });
  // One high tone is yes, two low ones are no: nobody has to look.
  if (kind === "yes") tone(880, 0);
  else for (const start of [0, 0.25]) tone(220, start);
  navigator.vibrate?.(kind === "yes" ? 80 : [120, 80, 120]);
}

/**
 * @param {number} hertz
 * @param {number} start in seconds from now
 */
function tone(hertz, start) {
  sound ??= new AudioContext();
  const oscillator = new OscillatorNode(sound, { frequency: hertz });
  const volume = new GainNode(sound, { gain: 0.2 });
  oscillator.connect(volume).connect(sound.destination);
  oscillator.start(sound.currentTime + start);
  oscillator.stop(sound.currentTime + start + 0.18);
}
