/** Calls of the service. Addresses are relative to the page. */

const TIMEOUT_MS = 10000;

/** Why a call failed: the service's problem document or, if there was no answer, one of our own. */
export class Problem extends Error {
  constructor(document, retryAfter = null) {
    super(document.detail);
    this.code = document.code;
    this.status = document.status;
    this.document = document;
    this.retryAfter = retryAfter;
  }

  /** Whether nobody knows if the call was carried out. */
  get outcomeUnknown() {
    return this.code === "unreachable" || /not known/.test(this.message);
  }
}

/** Call the service. Resolves to its response, the document in it (null if it is not JSON), and when
 * the call was made, in milliseconds of `performance.now()`. Rejects with a Problem. */
export async function call(method, address, { body, headers = {}, type } = {}) {
  const calledAt = performance.now();
  let response, document;
  try {
    response = await fetch(address, {
      method,
      headers: body === undefined ? headers : { "Content-Type": "application/json", ...headers },
      body: body === undefined ? undefined : JSON.stringify(body),
      cache: method === "GET" ? "default" : "no-store",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    document = await read(response, type);
  } catch (error) {
    throw new Problem({ code: "unreachable", status: 0, detail: String(error.message) });
  }
  if (!response.ok && response.status !== 304) {
    const after = Number(response.headers.get("Retry-After"));
    throw new Problem(
      document ?? { code: "unreachable", status: response.status, detail: response.statusText },
      after || null,
    );
  }
  return { response, document, calledAt };
}

async function read(response, type) {
  if (type === "blob" && response.ok) return response.blob();
  const isJson = /json/.test(response.headers.get("Content-Type") ?? "");
  return isJson && response.status !== 304 ? response.json() : null;
}

export const get = (address, options) => call("GET", address, options);
export const post = (address, body, options) => call("POST", address, { body, ...options });

/** A key that makes a call safe to repeat. (`randomUUID` is only there over HTTPS.) */
export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return `"${Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")}"`;
}
