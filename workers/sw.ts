/**
 * The service worker: stores the build, so that the app starts without a network. The page decides when a newer build takes over
 * (`src/app/app-update.ts`).
 */

import { KeptBuild, type KeptFile } from '../src/app/kept-build.ts';

interface ExtendableEvent extends Event {
  waitUntil(work: Promise<unknown>): void;
}

interface AskingEvent extends ExtendableEvent {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}

/**
 * The used part of `ServiceWorkerGlobalScope`. The build inserts the list of files. A plugin adds the web manifest, which is needed
 * only online.
 */
declare const self: {
  readonly filesOfBuild: readonly (KeptFile | { readonly url: string; readonly integrity?: undefined })[];
  readonly caches: CacheStorage;
  readonly location: Location;
  skipWaiting(): Promise<void>;
  fetch(request: Request): Promise<Response>;
  addEventListener(type: 'install' | 'activate', listener: (event: ExtendableEvent) => void): void;
  addEventListener(type: 'fetch', listener: (event: AskingEvent) => void): void;
  addEventListener(type: 'message', listener: (event: ExtendableEvent & MessageEvent) => void): void;
};

const build = new KeptBuild({ files: self.filesOfBuild.filter((file) => file.integrity !== undefined), origin: self.location.origin, caches: self.caches, fetch: (request) => self.fetch(request) });

self.addEventListener('install', (event) => event.waitUntil(build.store()));
self.addEventListener('activate', (event) => event.waitUntil(build.discardOthers()));
self.addEventListener('fetch', (event) => {
  const file = build.fileFor(event.request);
  // If the stored page is missing, use the server's, as a browser without a service worker would.
  if (file?.later) event.waitUntil(keepOtherChains());
  if (file) event.respondWith(build.answer(file).catch((error: unknown) => (event.request.mode === 'navigate' ? self.fetch(event.request) : Promise.reject(error))));
});
self.addEventListener('message', (event: ExtendableEvent & MessageEvent<{ readonly type?: unknown } | undefined>) => {
  const type = event.data?.type;
  if (type === 'SKIP_WAITING') void self.skipWaiting();
  // From a page that follows another chain: it may have been opened before this worker was there to see its requests.
  if (type === 'KEEP_OTHER_CHAINS') event.waitUntil(keepOtherChains());
});

let keeping: Promise<void> | undefined;

/** Once at a time. What cannot be stored comes from the server when it is asked for, and is stored then. */
function keepOtherChains(): Promise<void> {
  keeping ??= build.storeOtherChains().catch(() => void (keeping = undefined));
  return keeping;
}
