import type { MolochReturnedEvent } from '../chain/event-views.ts';
import type { MolochEvent } from '../wire/event.ts';
import { eventId } from '../chain/hash.ts';

/** Events that are kept; at the bound the oldest is dropped. */
const MAX_RETURNED = 1000;

/** Events of blocks that were rolled back and are in no block since: they belong to the pool again (Moloch reference, 6.7). Kept in memory. */
export class ReturnedList {
  readonly #events = new Map<string, MolochReturnedEvent>();

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
  list(): readonly MolochReturnedEvent[] {
    return [...this.#events.values()];
  }

  clear(): void {
    this.#events.clear();
  }
}
