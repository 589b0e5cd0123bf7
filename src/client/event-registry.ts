import type { ClientEvents, HeadEvent } from '../bridge/contract.ts';
import type { EventName } from '../bridge/events/event-messages.ts';

type Listener = (value: never) => void;
type StateName = 'status' | 'head' | 'peers' | 'trust';

/** A page's listeners, and the newest state for listeners that are added later. */
export class EventRegistry {
  readonly #listeners = new Map<EventName, Set<{ readonly call: Listener }>>();
  readonly #current = new Map<StateName, unknown>();
  readonly #onNames: (names: readonly EventName[]) => void;

  /** @param onNames called with the names of all events listened to, whenever that list changes. */
  constructor(onNames: (names: readonly EventName[]) => void) {
    this.#onNames = onNames;
  }

  get names(): readonly EventName[] {
    return Array.from(this.#listeners.keys());
  }

  on<K extends EventName>(name: K, listener: (value: ClientEvents[K]) => void): () => void {
    const entry = { call: listener as Listener };
    let set = this.#listeners.get(name);
    const isFirst = !set;
    this.#listeners.set(name, (set ??= new Set()));
    set.add(entry);
    if (isFirst) this.#onNames(this.names);
    else if (this.#current.has(name as StateName)) this.#giveCurrent(name as StateName, set, entry);
    return () => {
      if (!set.delete(entry) || set.size > 0) return;
      if (this.#listeners.get(name) === set) this.#listeners.delete(name);
      // Without listeners the value is no longer kept up to date.
      this.#current.delete(name as StateName);
      this.#onNames(this.names);
    };
  }

  dispatch<K extends EventName>(name: K, value: ClientEvents[K]): void {
    const set = this.#listeners.get(name);
    if (!set) return;
    if (name === 'head') this.#current.set('head', { head: (value as HeadEvent).head, adopted: [], reverted: [] } satisfies HeadEvent);
    else if (name === 'status' || name === 'peers' || name === 'trust') this.#current.set(name, value);
    for (const entry of Array.from(set)) call(entry.call, value);
  }

  close(): void {
    this.#listeners.clear();
    this.#current.clear();
  }

  /** Calls the listener in a microtask, so that the caller of `on` gets its result first, and only if no newer value came meanwhile. */
  #giveCurrent(name: StateName, set: ReadonlySet<unknown>, entry: { readonly call: Listener }): void {
    const promised = this.#current.get(name);
    queueMicrotask(() => {
      // If a newer value came meanwhile, the listener has already been given it.
      if (set.has(entry) && this.#current.get(name) === promised) call(entry.call, promised);
    });
  }
}

function call(listener: Listener, value: unknown): void {
  try {
    listener(value as never);
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}
