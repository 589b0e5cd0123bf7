/**
 * The service worker: stores the build, so that the app starts without a network. The page decides when a newer build takes over
 * (`src/app/app-update.ts`).
 */

import { KeptBuild, type KeptFile } from '../src/app/kept-build.ts';

interface ExtendableEvent extends Event {
  waitUntil(work: Promise<unknown>): void;
}

interface AskingEvent extends Event {
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
  addEventListener(type: 'message', listener: (event: MessageEvent) => void): void;
};

const build = new KeptBuild({ files: self.filesOfBuild.filter((file) => file.integrity !== undefined), origin: self.location.origin, caches: self.caches, fetch: (request) => self.fetch(request) });

self.addEventListener('install', (event) => event.waitUntil(build.store()));
self.addEventListener('activate', (event) => event.waitUntil(build.discardOthers()));
self.addEventListener('fetch', (event) => {
  const file = build.fileFor(event.request);
  // If the stored page is missing, use the server's, as a browser without a service worker would.
  if (file) event.respondWith(build.answer(file).catch((error: unknown) => (event.request.mode === 'navigate' ? self.fetch(event.request) : Promise.reject(error))));
});
self.addEventListener('message', ({ data }: MessageEvent<{ readonly type?: unknown } | undefined>) => {
  if (data?.type === 'SKIP_WAITING') void self.skipWaiting();
});
