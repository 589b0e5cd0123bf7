import { scriptUrl } from '../client/script-url.ts';
import { externalStore, type ExternalStore } from '../react/external-store.ts';

/** Milliseconds between two checks for a newer build: browsers check only when a page is opened, and ours may stay open for weeks. */
const ASK_INTERVAL = 3_600_000;

/** Milliseconds the new service worker has to take over before the page is reloaded anyway. */
const TAKEOVER_TIMEOUT = 3_000;

/** The used part of `navigator.serviceWorker`. */
type Container = Pick<ServiceWorkerContainer, 'register' | 'controller' | 'addEventListener' | 'getRegistration'>;

export interface AppUpdate {
  /** True once a newer build is stored and ready, or another tab has activated it. */
  readonly ready: ExternalStore<boolean>;
  /** Activates the newer build, if one waits, and reloads this page. Other tabs then offer the update themselves. */
  apply(): Promise<void>;
}

/**
 * Registers the service worker, which keeps the build for starts without network, and watches for a newer build. Without a service worker
 * (development server, or a browser without support) the page works too.
 * @param quiet the registration waits for it, because storing the build takes as long as opening the page.
 */
export function watchAppUpdate(container: Container | undefined, reload: () => void, quiet: Promise<void>): AppUpdate {
  const controlled = Boolean(container?.controller);
  let tell = () => {};
  let isReady = false;
  const found = () => {
    isReady = true;
    tell();
  };
  const watch = (registration: ServiceWorkerRegistration) => {
    const look = () => {
      // The very first worker replaces nothing, so it is not an update.
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
  // `none`: an HTTP cache must not keep an old build in force.
  void quiet.then(() => container?.register(scriptUrl('/sw.js'), { scope: '/', updateViaCache: 'none' }).then(watch)).catch(() => undefined);
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
