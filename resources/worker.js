// Keeps crisis help on this device and shows it while the network fails. The server writes VERSION, LIST and INSTEAD.
const DAY = 24 * 60 * 60 * 1000;
const PATIENCE = 3000; // milliseconds to wait for the network where a copy is at hand
const { scope } = registration;
const STORE = `${scope} ${VERSION}`;
const listed = [location.href, ...LIST.map((path) => new URL(path, scope).href)];

const address = (url) => url.split("#")[0];
// Addresses with a question, such as the choice of a county, lead on to a page and are none themselves.
const isPage = (url) => url.startsWith(scope) && url.endsWith("/") && !url.includes("?");
const isGone = ({ status }) => status === 404 || status === 410;
const stores = async () => (await caches.keys()).filter((name) => name.startsWith(`${scope} `));
const olderStores = async () => (await stores()).filter((name) => name !== STORE);

// A copy says itself that it is one: CSS then shows when it was made and hides what only holds at the moment.
async function keep(url, response) {
  const store = await caches.open(STORE);
  if (isGone(response)) return store.delete(url);
  const isText = /^text\/(html|javascript)\b/.test(response.headers.get("Content-Type"));
  if (!isText || !response.ok || response.redirected) return;
  const text = await response.text();
  const headers = new Headers(response.headers);
  headers.delete("Content-Encoding");
  headers.set("Saved", Date.now());
  await store.put(url, new Response(text.replace("<html", '<html class="saved"'), { headers }));
}

// Fetches what is missing or older than `age` of the list and of the pages somebody opened.
async function refresh(age) {
  const store = await caches.open(STORE);
  const opened = [...(await store.keys()), ...(await clients.matchAll({ includeUncontrolled: true }))];
  const pages = opened.map(({ url }) => address(url)).filter(isPage);
  for (const url of new Set([...listed, ...pages])) {
    const copy = await store.match(url);
    if (copy && Math.abs(Date.now() - copy.headers.get("Saved")) < age) continue;
    const response = await fetch(url, { cache: "no-cache" });
    if (response.status >= 500) return; // A broken server is not asked for the rest.
    if (isGone(response) && url === location.href) return retire();
    await keep(url, response);
  }
}

// Browsers keep a worker whose script the site no longer serves. This one then goes by itself, with all it kept.
async function retire() {
  await registration.unregister();
  for (const name of await stores()) await caches.delete(name);
}

async function takeOver() {
  const store = await caches.open(STORE);
  for (const name of await olderStores()) {
    const old = await caches.open(name);
    for (const request of await old.keys()) {
      if (isPage(request.url)) await store.put(request, await old.match(request));
    }
  }
}

async function install() {
  await takeOver();
  await refresh(0);
  // Once more, for what was opened in the meantime.
  await refresh(DAY);
}

async function activate() {
  await registration.navigationPreload?.enable();
  for (const name of await olderStores()) await caches.delete(name);
  await clients.claim();
}

// For a page that is not kept: the county that was chosen, the same page without its question, or a page with numbers.
async function instead(url) {
  const store = await caches.open(STORE);
  const county = new URL(url).searchParams.get("county");
  const page = `${scope}${county}/`;
  if (county && (await store.match(page))) return Response.redirect(page);
  return (await store.match(url, { ignoreSearch: true })) ?? store.match(INSTEAD);
}

async function answer(event) {
  const url = address(event.request.url);
  const fresh = (async () => (await event.preloadResponse) ?? fetch(event.request))();
  const kept = fresh.then((response) => isPage(url) && keep(url, response.clone()));
  event.waitUntil(kept.then(() => refresh(DAY)).catch(() => {}));
  const copy = await (await caches.open(STORE)).match(url);
  const late = new Promise((resolve) => copy && setTimeout(resolve, PATIENCE));
  const response = await Promise.race([fresh, late]).catch(() => {});
  if (response?.status < 500) return response;
  return copy ?? (await instead(url)) ?? response ?? Response.error();
}

addEventListener("install", (event) => {
  skipWaiting();
  // What could not be had now comes with the next page.
  event.waitUntil(install().catch(() => {}));
});
addEventListener("activate", (event) => event.waitUntil(activate()));
addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  if (request.mode === "navigate") event.respondWith(answer(event));
  else if (listed.includes(request.url)) event.respondWith(fetch(request).catch(() => caches.match(request.url)));
});
