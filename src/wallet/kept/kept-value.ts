/** A value that this browser keeps for the wallet, and that all its tabs see. It holds no secret. */
export interface KeptValue<T> {
  get(): T;
  /** Calls `listener` after every change, also by another tab. The returned function removes it. */
  subscribe(listener: () => void): () => void;
  /** Changes what is kept at this moment, so that a change by another tab is not lost. If the browser has no room, the value lives as long as the page. */
  update(change: (before: T) => T): void;
}

export type PlainStorage = Pick<Storage, 'getItem' | 'setItem'>;

interface Options<T> {
  /** Undefined if the browser blocks site data: then the value lives as long as the page. */
  readonly storage: PlainStorage | undefined;
  readonly key: string;
  /** Checks what was read: a browser's storage may contain anything. Gets `undefined` if there is nothing, or no JSON. */
  readonly read: (stored: unknown) => T;
  /** Tells of changes by other tabs: the window. */
  readonly events?: Pick<Window, 'addEventListener'> | undefined;
}

export function keptValue<T>({ storage, key, read, events }: Options<T>): KeptValue<T> {
  const listeners = new Set<() => void>();
  let text: string | null | undefined;
  let value = read(undefined);
  const load = () => {
    const stored = textIn(storage, key);
    // The same object as long as nothing changes, as `useSyncExternalStore` needs it.
    if (stored === text || stored === undefined) return;
    text = stored;
    value = read(jsonIn(stored));
  };
  const tell = () => {
    for (const listener of Array.from(listeners)) listener();
  };
  load();
  events?.addEventListener('storage', (event) => {
    if (event.key !== key && event.key !== null) return;
    load();
    tell();
  });
  return {
    get: () => value,
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    update(change) {
      load();
      value = change(value);
      const next = JSON.stringify(value);
      try {
        storage?.setItem(key, next);
        text = next;
      } catch {
        // No room: what is kept stays as it was.
      }
      tell();
    },
  };
}

function textIn(storage: PlainStorage | undefined, key: string): string | null | undefined {
  try {
    return storage?.getItem(key);
  } catch {
    return undefined;
  }
}

function jsonIn(text: string | null): unknown {
  try {
    return text === null ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The page's storage; undefined if the browser blocks site data (the access then throws). */
export function pageStorage(): PlainStorage | undefined {
  try {
    return localStorage;
  } catch {
    return undefined;
  }
}
