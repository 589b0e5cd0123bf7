/** A value that changes by itself, in the form that React's `useSyncExternalStore` needs. */
export interface ExternalStore<T> {
  subscribe(onChange: () => void): () => void;
  get(): T;
}

/**
 * A store that listens to its source only while it has subscribers.
 * @param start begins to listen and sets the value whenever it changes; returns a function that stops listening.
 */
export function externalStore<T>(initial: T, start: (set: (change: (before: T) => T) => void) => () => void): ExternalStore<T> {
  const listeners = new Set<{ readonly onChange: () => void }>();
  let value = initial;
  let stop: (() => void) | undefined;
  return {
    get: () => value,
    subscribe(onChange) {
      const listener = { onChange };
      listeners.add(listener);
      stop ??= start((change) => {
        value = change(value);
        for (const each of Array.from(listeners)) each.onChange();
      });
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        stop?.();
        stop = undefined;
      };
    },
  };
}
