import { cacheUse, shellFiles } from './cachePolicy.ts';

/** Makes the client installable, and shows its page without a network. Its cache holds the build's files and nothing of anybody. */

/** Of the Service Workers specification; the library of workers does not go together with that of pages. */
interface WorkerEvent extends Event {
  waitUntil: (work: Promise<unknown>) => void;
}
interface FetchEvent extends WorkerEvent {
  request: Request;
  respondWith: (answer: Promise<Response>) => void;
}

const cacheName = 'clearway-1';
/** Builds come and go; of their files the newest stay. */
const mostFiles = 150;

const scope = self as unknown as {
  addEventListener: ((type: 'install' | 'activate', listener: (event: WorkerEvent) => void) => void) & ((type: 'fetch', listener: (event: FetchEvent) => void) => void);
  skipWaiting: () => Promise<void>;
  clients: { claim: () => Promise<void> };
};

scope.addEventListener('install', (event: WorkerEvent) => {
  event.waitUntil(caches.open(cacheName).then((cache) => cache.addAll(shellFiles)).then(() => scope.skipWaiting()));
});

scope.addEventListener('activate', (event: WorkerEvent) => {
  event.waitUntil(forgetOthers().then(() => scope.clients.claim()));
});

scope.addEventListener('fetch', (event: FetchEvent) => {
  const { url, method, mode, headers } = event.request;
  const use = cacheUse({ url, method, mode, hasRange: headers.has('range') }, location.origin);
  if (use === 'shell') event.respondWith(shell(event));
  if (use === 'asset') event.respondWith(asset(event));
});

/** The page as it is on the server, and as it was there the last time where there is no way to it. */
async function shell(event: FetchEvent): Promise<Response> {
  // One page for all addresses, kept without any of them.
  const name = event.request.mode === 'navigate' ? '/' : event.request.url;
  try {
    const answer = await fetch(event.request);
    if (answer.ok) event.waitUntil(keep(name, answer.clone()));
    return answer;
  } catch (error) {
    const kept = await caches.match(name);
    if (kept === undefined) throw error;
    return kept;
  }
}

/** A file whose name tells its content never changes. */
async function asset(event: FetchEvent): Promise<Response> {
  const kept = await caches.match(event.request);
  if (kept !== undefined) return kept;
  const answer = await fetch(event.request);
  if (answer.ok) event.waitUntil(keep(event.request, answer.clone()));
  return answer;
}

async function keep(name: RequestInfo, answer: Response): Promise<void> {
  const cache = await caches.open(cacheName);
  await cache.put(name, answer);
  const files = (await cache.keys()).filter(({ url }) => new URL(url).pathname.startsWith('/assets/'));
  await Promise.all(files.slice(0, Math.max(0, files.length - mostFiles)).map((file) => cache.delete(file)));
}

async function forgetOthers(): Promise<void> {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name !== cacheName).map((name) => caches.delete(name)));
}
