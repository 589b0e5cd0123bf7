import type { ExternalStore } from '../../react/external-store.ts';

/** The values of several stores as one: the same array until one of them changes. */
export function combineStores<T>(stores: readonly ExternalStore<T>[]): ExternalStore<readonly T[]> {
  let values: readonly T[] = stores.map((store) => store.get());
  return {
    get() {
      const next = stores.map((store) => store.get());
      if (next.some((value, place) => value !== values[place])) values = next;
      return values;
    },
    subscribe(onChange) {
      const ends = stores.map((store) => store.subscribe(onChange));
      return () => ends.forEach((end) => end());
    },
  };
}
