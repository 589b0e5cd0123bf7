import type { HotStuff2NetEvent } from './net-events.ts';
import type { SeenRequest } from './replica-server.ts';

/** Entries of each list; at the bound the oldest tenth is dropped. */
const MAX_ENTRIES = 100_000;

function keep<T>(list: T[], entry: T): void {
  list.push(entry);
  if (list.length > MAX_ENTRIES) list.splice(0, MAX_ENTRIES / 10);
}

/** What happened on a local network, for tests and for `look`. */
export class NetLog {
  readonly events: HotStuff2NetEvent[] = [];
  readonly requests: SeenRequest[] = [];
  readonly conflicts: HotStuff2NetEvent[] = [];
  /** View to the hash that was certified in it, the newest views. */
  readonly #certified = new Map<number, string>();
  readonly #onEvent: ((event: HotStuff2NetEvent) => void) | undefined;

  constructor(onEvent: ((event: HotStuff2NetEvent) => void) | undefined) {
    this.#onEvent = onEvent;
  }

  tell(event: HotStuff2NetEvent): void {
    keep(this.events, event);
    if (event.event === 'conflict') this.conflicts.push(event);
    this.#onEvent?.(event);
  }

  asked(request: SeenRequest): void {
    keep(this.requests, request);
  }

  /** Notes a certificate. Returns whether it is the first of its view, and whether it excludes an earlier one. */
  certified(view: number, hash: string): 'first' | 'known' | 'conflict' {
    const other = this.#certified.get(view);
    if (other !== undefined) return other === hash ? 'known' : 'conflict';
    this.#certified.set(view, hash);
    if (this.#certified.size > MAX_ENTRIES) this.#certified.delete(this.#certified.keys().next().value!);
    return 'first';
  }
}
