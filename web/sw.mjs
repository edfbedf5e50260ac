// Keeps the shell of the page: what stands in SHELL, and the files in /assets, whose names change with what is in them. Never data: /api, /live and
// /sip pass by untouched. The build writes VERSION and SHELL (vite.config.ts).
const VERSION = '__VERSION__';
const SHELL = ['__SHELL__'];
const CACHE = `allo-${VERSION}`;

self.addEventListener('install', (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(SHELL.map((path) => new Request(path, { cache: 'reload' })))));
});

self.addEventListener('activate', (event) => {
  event.waitUntil(caches.keys().then((names) => Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name)))));
});

self.addEventListener('message', (event) => {
  if (event.data === 'take over') void self.skipWaiting();
});

const fromCache = async (request) => {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(request, { ignoreVary: true });
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok) await cache.put(request, answer.clone());
  return answer;
};

/** The page comes from the server while there is one. */
const page = (request) => fetch(request).catch(async () => (await (await caches.open(CACHE)).match('/')) ?? Response.error());

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== self.location.origin) return;
  if (request.mode === 'navigate' && !/^\/(api|metrics|healthz|readyz|wall\.html)(\/|$)/.test(pathname)) event.respondWith(page(request));
  else if (pathname.startsWith('/assets/') || (pathname !== '/' && SHELL.includes(pathname))) event.respondWith(fromCache(request));
});
