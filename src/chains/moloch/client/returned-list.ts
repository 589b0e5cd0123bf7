import type { MolochEvent } from '../wire/event.ts';
import { eventId } from '../chain/hash.ts';

/** Events that are kept; at the bound the oldest is dropped. */
const MAX_RETURNED = 1000;

/** An event of a block that was rolled back, as a page is told of it. */
export interface ReturnedEvent {
  /** 64 lower-case hex digits. */
  readonly id: string;
  readonly type: string;
  /** Unix milliseconds. */
  readonly time: number;
  /** The kind and the name of what it is about. */
  readonly resource: string;
}

/** Events of blocks that were rolled back and are in no block since: they belong to the pool again (Moloch reference, 6.7). Kept in memory. */
export class ReturnedList {
  readonly #events = new Map<string, ReturnedEvent>();

  add(events: readonly MolochEvent[]): void {
    for (const event of events) {
      const id = eventId(event);
      this.#events.set(id, { id, type: event.type.kind, time: event.time, resource: `${event.resource.kind}/${event.resource.id}` });
      for (const oldest of this.#events.keys()) if (this.#events.size > MAX_RETURNED) this.#events.delete(oldest);
    }
  }

  /** These events are in a block of the chain. */
  taken(events: readonly MolochEvent[]): void {
    if (this.#events.size > 0) for (const event of events) this.#events.delete(eventId(event));
  }

  /** Oldest first. */
  list(): readonly ReturnedEvent[] {
    return [...this.#events.values()];
  }

  clear(): void {
    this.#events.clear();
  }
}
