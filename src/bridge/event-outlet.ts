import type { Clock } from '../engine/clock.ts';
import type { ClientEvents, HeadEvent, LogEntry, Notice } from './contract.ts';
import { readEventRequest, type EventBundle, type EventName } from './event-messages.ts';
import { mergeHeads } from './merge-heads.ts';
import { listen, type Port } from './port.ts';

/** Milliseconds between two posts of state to one tab: one frame of a 60 Hz screen. Heads, notices and log entries do not wait for it. */
export const STATE_INTERVAL = 16;

/** Notices and log entries kept for a tab that does not take them; past it the oldest go and are counted. */
export const MAX_WAITING = { notice: 64, log: 256 };

/** The events whose newest value is all that matters; a tab gets it as soon as it subscribes. */
type StateName = 'status' | 'peers' | 'trust' | 'head';
export type Latest = { readonly [K in StateName]: ClientEvents[K] | undefined } & {
  /** The last notices: a tab that comes later is to know them too. */
  readonly notices: readonly Notice[];
};

/**
 * The events of one tab, at the hub. One bundle is on its way at a time and the next follows the tab's acknowledgement, so a tab that stands
 * still costs one bundle and these bounds: the newest state by reference, one merged head event, `MAX_WAITING` notices and log entries.
 */
export class EventOutlet {
  readonly #port: Port;
  readonly #clock: Clock;
  readonly #latest: () => Latest;
  readonly #stopListening: () => void;
  #subscribed: ReadonlySet<EventName> = new Set();
  #changed = new Set<'status' | 'peers' | 'trust'>();
  #head: HeadEvent | undefined;
  #notices: Notice[] = [];
  #log: LogEntry[] = [];
  #dropped = { notices: 0, log: 0 };
  #seq = 0;
  #acknowledged = 0;
  #stateSentAt = -Infinity;
  #cancelTimer: (() => void) | undefined;
  #closed = false;

  /** @param latest the state of this moment, `undefined` where there is none yet. */
  constructor(port: Port, clock: Clock, latest: () => Latest) {
    this.#port = port;
    this.#clock = clock;
    this.#latest = latest;
    this.#stopListening = listen(port, (data) => this.#onRequest(data));
  }

  /** Takes note of an event; what the tab did not subscribe to is ignored. */
  offer<K extends EventName>(name: K, event: ClientEvents[K]): void {
    if (this.#closed || !this.#subscribed.has(name)) return;
    switch (name) {
      case 'head':
        this.#head = this.#head ? mergeHeads(this.#head, event as HeadEvent) : (event as HeadEvent);
        break;
      case 'notice':
        this.#dropped.notices += push(this.#notices, event as Notice, MAX_WAITING.notice);
        break;
      case 'log':
        this.#dropped.log += push(this.#log, event as LogEntry, MAX_WAITING.log);
        break;
      default:
        this.#changed.add(name as 'status' | 'peers' | 'trust');
    }
    this.#flush();
  }

  close(): void {
    this.#closed = true;
    this.#cancelTimer?.();
    this.#stopListening();
    this.#port.close?.();
  }

  #onRequest(data: unknown): void {
    const request = readEventRequest(data);
    if (!request || this.#closed) return;
    if (request.kind === 'ack') {
      if (request.seq === this.#seq) this.#acknowledged = request.seq;
    } else {
      const before = this.#subscribed;
      this.#subscribed = new Set(request.names);
      for (const name of this.#subscribed) {
        if (before.has(name)) continue;
        const head = name === 'head' ? this.#latest().head : undefined;
        if (head) this.#head = { ...head, adopted: [], reverted: [] };
        if (name === 'status' || name === 'peers' || name === 'trust') this.#changed.add(name);
        if (name === 'notice') this.#notices = this.#latest().notices.slice(-MAX_WAITING.notice);
      }
    }
    this.#flush();
  }

  #flush(): void {
    if (this.#closed || this.#acknowledged < this.#seq) return;
    const wait = this.#stateSentAt + STATE_INTERVAL - this.#clock.monotonic();
    const withState = this.#changed.size > 0 && wait <= 0;
    if (this.#changed.size > 0 && wait > 0) this.#flushAfter(wait);
    if (!withState && !this.#head && this.#notices.length === 0 && this.#log.length === 0) return;
    const bundle = this.#take(withState);
    if (withState) this.#stateSentAt = this.#clock.monotonic();
    this.#port.postMessage(bundle, []);
  }

  #flushAfter(wait: number): void {
    this.#cancelTimer ??= this.#clock.after(wait, () => {
      this.#cancelTimer = undefined;
      this.#flush();
    });
  }

  #take(withState: boolean): EventBundle {
    const bundle: EventBundle = {
      kind: 'events',
      seq: ++this.#seq,
      ...(withState ? this.#takeState() : {}),
      ...(this.#head ? { head: this.#head } : {}),
      notices: this.#notices,
      log: this.#log,
      dropped: this.#dropped,
    };
    this.#head = undefined;
    this.#notices = [];
    this.#log = [];
    this.#dropped = { notices: 0, log: 0 };
    return bundle;
  }

  #takeState(): Partial<Pick<EventBundle, 'status' | 'peers' | 'trust'>> {
    const latest = this.#latest();
    const state: Record<string, unknown> = {};
    for (const name of this.#changed) {
      if (this.#subscribed.has(name) && latest[name] !== undefined) state[name] = latest[name];
    }
    this.#changed = new Set();
    return state as Partial<Pick<EventBundle, 'status' | 'peers' | 'trust'>>;
  }
}

/** Appends within a bound; returns how many of the oldest had to go. */
function push<T>(list: T[], item: T, bound: number): number {
  list.push(item);
  if (list.length <= bound) return 0;
  list.shift();
  return 1;
}
