// What stands between the page and the network: it opens the page where there is none, and tells the reader what
// the page has to tell while they look elsewhere. Owns the kept files; must not know the chat.
//
// JavaScript, not Rust: the browser starts it for a single request, and ends it again, while WebAssembly would
// still be on its way.

/** The page, which is the same at the address of each room. */
const PAGE = "/";
/** Before the name of a room in the address of its page. */
const ROOM_PATH = "/sala/";
/** Milliseconds before what is kept is good enough: a tunnel swallows requests without a word. */
const NETWORK_WAIT_MS = 4_000;
/** In the name of a file that never changes: the hash of what it has in it, as trunk writes it. */
const HASH = /-[0-9a-f]{10,16}[._]/;
/** A file, where the page names one: between quotes. */
const FILE = /["'](\/[\w.-]+\.\w+)["']/g;
/** What the client asks for, and the page does not name. */
const UNNAMED = ["/favicon-news.svg"];

const kept = caches.open("papo");

addEventListener("install", (event) => {
  event.waitUntil(Promise.all([fetch(PAGE).then(keep), skipWaiting()]));
});
addEventListener("activate", (event) => event.waitUntil(clients.claim()));

addEventListener("fetch", (event) => {
  const { origin, pathname } = new URL(event.request.url);
  if (event.request.method !== "GET" || origin !== location.origin) return;
  const isPage = pathname === PAGE || pathname.startsWith(ROOM_PATH);
  event.respondWith(HASH.test(pathname) ? fromHere(event.request) : fromThere(event, isPage));
});

/** What never changes: as it is kept. */
async function fromHere(request) {
  return (await (await kept).match(request)) ?? fetch(request);
}

/** What may have changed: as the server has it, and as it is kept where the server does not answer. */
async function fromThere(event, isPage) {
  const fresh = fetch(event.request).catch(() => undefined);
  if (isPage) event.waitUntil(fresh.then((page) => page && keep(page.clone())));
  const late = new Promise((done) => setTimeout(done, NETWORK_WAIT_MS));
  const first = await Promise.race([fresh, late]);
  // A proxy answers with these in the server's place.
  if (first && first.status < 500) return first;
  const old = await (await kept).match(isPage ? PAGE : event.request);
  return old ?? (await fresh) ?? Response.error();
}

/** Keeps the page with all the files that it names, and nothing else; the old one until the new one is whole. */
async function keep(page) {
  if (!page.ok) return;
  const cache = await kept;
  const text = await page.clone().text();
  if (text === (await (await cache.match(PAGE))?.text())) return;
  const names = [...new Set([...text.matchAll(FILE)].map(([, name]) => name).concat(UNNAMED))];
  const old = (await cache.keys()).map(({ url }) => new URL(url).pathname);
  await cache.addAll(names.filter((name) => !(HASH.test(name) && old.includes(name))));
  await cache.put(PAGE, page);
  await Promise.all(old.filter((name) => name !== PAGE && !names.includes(name)).map((name) => cache.delete(name)));
}

// A notification is tagged with the address of its room: the page goes there, or is opened there.
addEventListener("notificationclick", (event) => {
  const { notification } = event;
  notification.close();
  const go = ([page]) => {
    if (!page) return clients.openWindow(notification.tag);
    page.postMessage(notification.tag);
    return page.focus();
  };
  event.waitUntil(clients.matchAll({ type: "window", includeUncontrolled: true }).then(go));
});
