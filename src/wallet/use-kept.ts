import { useSyncExternalStore } from 'react';
import type { KeptValue } from './kept/kept-value.ts';
import type { OpenAccounts } from './open-accounts.ts';
import { parseRoute, type Route } from './route.ts';

/** What is kept, as it is now. */
export function useKept<T>(kept: KeptValue<T>): T {
  return useSyncExternalStore(kept.subscribe, kept.get, kept.get);
}

/** Whether any account is unlocked. */
export function useAnyOpen(open: OpenAccounts): boolean {
  return useSyncExternalStore(open.subscribe, open.any, open.any);
}

/** What the URL opens now; links and the browser's buttons change it. */
export function useRoute(): Route {
  return parseRoute(useSyncExternalStore(subscribe, () => location.hash));
}

function subscribe(onChange: () => void): () => void {
  addEventListener('hashchange', onChange);
  return () => removeEventListener('hashchange', onChange);
}
