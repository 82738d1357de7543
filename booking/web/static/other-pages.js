/** The other pages of this browser that show the event, at whatever address. */

import { page } from "./page.js";

/**
 * What tells them that the basket has changed. `act` is called when one of them tells.
 * @param {() => void} act
 * @returns {() => void}
 */
export function otherPages(act) {
  try {
    const channel = new BroadcastChannel(`basket ${new URL(page.address, location.href).pathname}`);
    channel.onmessage = act;
    return () => channel.postMessage("");
  } catch {
    // A browser that keeps no cookies may have none: then each page is a buyer of its own.
    return () => {};
  }
}
