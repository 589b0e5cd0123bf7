import { useSyncExternalStore } from 'react';
import { parseRoute, type Route } from './route.ts';

/** What the URL opens now; links and the browser's buttons change it. */
export function useRoute(): Route {
  return parseRoute(useSyncExternalStore(subscribe, () => location.hash));
}

function subscribe(onChange: () => void): () => void {
  addEventListener('hashchange', onChange);
  return () => removeEventListener('hashchange', onChange);
}
