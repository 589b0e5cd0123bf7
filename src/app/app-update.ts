import { externalStore, type ExternalStore } from '../react/external-store.ts';

/** Milliseconds between two questions for a newer build: browsers ask only when a page is opened, and ours may stay open for weeks. */
const ASK_INTERVAL = 3_600_000;

/** Milliseconds the new service worker has to take over before the page is reloaded all the same. */
const TAKEOVER_TIMEOUT = 3_000;

/** What is used of `navigator.serviceWorker`. */
type Container = Pick<ServiceWorkerContainer, 'register' | 'controller' | 'addEventListener' | 'getRegistration'>;

export interface AppUpdate {
  /** True once a newer build is stored and ready, or another tab has put it in force. */
  readonly ready: ExternalStore<boolean>;
  /** Puts the newer build in force, if one waits, and reloads this page. Other tabs offer it by themselves. */
  apply(): Promise<void>;
}

/**
 * Registers the service worker, which keeps the build for starts without network, and watches for a newer one. Where there is none (the development server, a
 * browser without service workers) the page works without.
 */
export function watchAppUpdate(container: Container | undefined, reload: () => void): AppUpdate {
  const controlled = Boolean(container?.controller);
  let tell = () => {};
  let isReady = false;
  const found = () => {
    isReady = true;
    tell();
  };
  const watch = (registration: ServiceWorkerRegistration) => {
    const look = () => {
      // The very first one replaces nothing.
      if (registration.waiting && registration.active) found();
    };
    registration.addEventListener('updatefound', () => registration.installing?.addEventListener('statechange', look));
    registration.installing?.addEventListener('statechange', look);
    look();
    setInterval(() => void registration.update().catch(() => undefined), ASK_INTERVAL);
  };
  container?.addEventListener('controllerchange', () => {
    if (controlled) found();
  });
  // `none`: what is kept by HTTP caches would keep an old build in force.
  container?.register('/sw.js', { scope: '/', updateViaCache: 'none' }).then(watch).catch(() => undefined);
  return {
    ready: externalStore(false, (set) => {
      tell = () => set(() => isReady);
      tell();
      return () => (tell = () => {});
    }),
    async apply() {
      const waiting = (await container?.getRegistration().catch(() => undefined))?.waiting;
      if (waiting) {
        const changed = new Promise<void>((resolve) => {
          container?.addEventListener('controllerchange', () => resolve(), { once: true });
          setTimeout(resolve, TAKEOVER_TIMEOUT);
        });
        waiting.postMessage({ type: 'SKIP_WAITING' }, []);
        await changed;
      }
      reload();
    },
  };
}
