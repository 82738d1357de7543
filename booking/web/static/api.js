/** Calls of the service. Addresses are relative to the page. */

import { giveWay } from "./page.js";

/** A service that says nothing for so long is away; one that is slow is not. */
const SILENCE_MS = 10000;
/** Whether this browser keeps cookies for the site. Chromium says so even if it is set to block them,
 * but then refuses storage as well. */
export const keepsCookies = navigator.cookieEnabled && hasStorage();
/** Without cookies, the page has a token of its own: whose the seats are is forgotten with the page. */
const AUTHORIZATION = keepsCookies ? null : `Bearer ${randomHex(32)}`;
const UNREACHABLE = { code: "unreachable", status: 0, detail: "" };

/** Why a call failed: the service's problem document or, if there was no answer, one of our own. */
export class Problem extends Error {
  /** @param {ProblemDocument} document */
  constructor(document) {
    super(document.detail);
    this.code = document.code;
    this.document = document;
  }

  /** Whether nobody knows if the call was carried out. */
  get outcomeUnknown() {
    const { code, document } = this;
    return code === "unreachable" || document.outcome_unknown === true;
  }
}

/**
 * @typedef {object} Options
 * @property {unknown} [body]
 * @property {{[name: string]: string}} [headers]
 * @property {"blob"} [type] what is answered is no JSON but a file
 * @property {(bytes: number) => void} [progress] is told how much of the answer is here
 */

/**
 * Call the service. Resolves to its response, the document in it (null for 304), and when the call
 * was made, in milliseconds of `performance.now()`. Rejects with a Problem.
 *
 * What changes something has a key: a browser or a proxy sends it again by itself when a connection
 * closes without an answer, and the service then carries it out once.
 *
 * @param {string} method
 * @param {string} address
 * @param {Options} [options]
 * @returns {Promise<{response: Response, document: any, calledAt: number}>}
 */
export async function call(method, address, { body, headers = {}, type, progress } = {}) {
  const calledAt = performance.now();
  const silence = new Silence();
  let response, document;
  try {
    response = await fetch(address, {
      method,
      headers: {
        ...(method !== "GET" && { "Idempotency-Key": newKey() }),
        ...(body !== undefined && { "Content-Type": "application/json" }),
        ...(AUTHORIZATION && { Authorization: AUTHORIZATION }),
        ...headers,
      },
      body: body === undefined ? undefined : JSON.stringify(body),
      cache: method === "GET" ? "default" : "no-store",
      signal: silence.signal,
    });
    document = await read(response, type, (bytes) => {
      silence.broken();
      progress?.(bytes);
    });
  } catch (error) {
    throw new Problem({ ...UNREACHABLE, detail: String(error) });
  } finally {
    silence.end();
  }
  // Other answers come from something in between: a proxy, or the page of a Wi-Fi.
  const ours = response.status === 304 || (response.ok ? document !== null : document?.code);
  if (!ours) throw new Problem({ ...UNREACHABLE, status: response.status });
  if (document?.code) throw new Problem(document);
  return { response, document, calledAt };
}

/** Ends a call when nothing has been heard for too long. */
class Silence {
  #end = new AbortController();
  #timer = 0;

  constructor() {
    this.broken();
  }

  get signal() {
    return this.#end.signal;
  }

  broken() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#end.abort(new DOMException("no answer", "TimeoutError")), SILENCE_MS);
  }

  end() {
    clearTimeout(this.#timer);
  }
}

/**
 * @param {Response} response
 * @param {"blob" | undefined} type
 * @param {(bytes: number) => void} progress
 */
async function read(response, type, progress) {
  const isJson = /json/.test(response.headers.get("Content-Type") ?? "");
  const isFile = type === "blob" && response.ok;
  if (response.status === 304 || !response.body || !(isJson || isFile)) return null;
  const parts = [];
  const reader = response.body.getReader();
  for (let bytes = 0; ; ) {
    progress(bytes);
    await giveWay();
    const { done, value } = await reader.read();
    if (done) break;
    bytes += value.length;
    parts.push(value);
  }
  const file = new Blob(parts);
  if (isFile) return file;
  const document = JSON.parse(await file.text());
  await giveWay();
  return document;
}

/**
 * @param {string} address
 * @param {Options} [options]
 */
export const get = (address, options) => call("GET", address, options);

/**
 * @param {string} address
 * @param {unknown} [body]
 * @param {Options} [options]
 */
export const post = (address, body, options) => call("POST", address, { body, ...options });

/** Let the service give this browser the cookie that says whose the seats are, unless it has one.
 * One page of the browser at a time: two cookies would be two buyers. */
export async function introduce() {
  // No page of another site can send this header, nor a link.
  const ask = () => get("basket", { headers: { "X-Requested-With": "fetch" } });
  if (AUTHORIZATION) return;
  await (navigator.locks ? navigator.locks.request("holder", ask) : ask());
}

/**
 * Do something now or, if the service is away, as soon as it is back.
 * @template T
 * @param {() => Promise<T>} task
 */
export async function retrying(task) {
  for (;;) {
    try {
      return await task();
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      await new Promise((resolve) => setTimeout(resolve, 1000 + 1000 * Math.random()));
    }
  }
}

/** A key that makes a call safe to repeat. (`randomUUID` is only there over HTTPS.) */
export function newKey() {
  return `"${randomHex(16)}"`;
}

function hasStorage() {
  try {
    return Boolean(localStorage);
  } catch {
    return false;
  }
}

/** @param {number} length in bytes */
function randomHex(length) {
  const bytes = crypto.getRandomValues(new Uint8Array(length));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
