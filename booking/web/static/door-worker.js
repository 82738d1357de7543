/** Opens the page of the door without a network. What is asked of the service goes past it. */

const worker = /** @type {any} */ (self);
const CACHE = `door ${worker.registration.scope}`;

worker.addEventListener("install", () => worker.skipWaiting());
worker.addEventListener("activate", (/** @type {any} */ event) => event.waitUntil(worker.clients.claim()));
worker.addEventListener("message", (/** @type {any} */ event) => event.waitUntil(keep(event.data)));
worker.addEventListener("fetch", (/** @type {any} */ event) => {
  const { method, mode, url } = event.request;
  if (method === "GET" && mode === "navigate") event.respondWith(newest(event.request));
  else if (method === "GET" && url.includes("/static/")) event.respondWith(kept(event.request));
});

/**
 * Keep what the page is made of, and nothing of what it was made of before.
 * @param {string[]} addresses
 */
async function keep(addresses) {
  const cache = await caches.open(CACHE);
  await cache.addAll(addresses);
  for (const request of await cache.keys()) if (!addresses.includes(request.url)) await cache.delete(request);
}

/**
 * A page as it is now or, without a network, as it was.
 * @param {Request} request
 */
async function newest(request) {
  const cache = await caches.open(CACHE);
  const old = await cache.match(request, { ignoreVary: true });
  try {
    const response = await fetch(request);
    return response.status >= 500 && old ? old : response;
  } catch (error) {
    if (old) return old;
    throw error;
  }
}

/**
 * A file that never changes at its address.
 * @param {Request} request
 */
async function kept(request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(request, { ignoreVary: true })) ?? fetch(request);
}
