/** Files that only whoever has the token can have: a link could not bring it. */

import { element } from "./page.js";

/**
 * Let the browser save a file.
 * @param {Blob} file
 * @param {string} name
 */
export function download(file, name) {
  const address = URL.createObjectURL(file);
  element("a", { href: address, download: name }).click();
  URL.revokeObjectURL(address);
}
