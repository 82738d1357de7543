/** When a page wakes up, what it shows may be old: scripts stood still, and time went on. */

const LOOK_MS = 200;
/** A busy computer is late by less. */
const GAP_MS = 5000;
const JUMP_MS = 2000;

/**
 * Call back when the page may have slept, or comes back from the history of the browser.
 *
 * `performance.now()` may stand still while a computer sleeps: then the clock of the computer jumps,
 * seen from it.
 * @param {() => void} act
 */
export function onWaking(act) {
  let [ticks, wall] = [performance.now(), Date.now()];
  const look = () => {
    const [ticksBefore, wallBefore] = [ticks, wall];
    [ticks, wall] = [performance.now(), Date.now()];
    const gap = ticks - ticksBefore;
    if (gap > GAP_MS || Math.abs(wall - wallBefore - gap) > JUMP_MS) act();
  };
  setInterval(look, LOOK_MS);
  document.addEventListener("visibilitychange", look);
  addEventListener("pageshow", (event) => {
    if (event.persisted) act();
  });
}
