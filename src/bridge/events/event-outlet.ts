// Tests: `src/bridge/events/events.test.ts`.
import type { Clock } from '../../base/clock.ts';
import type { ClientEvents, HeadEvent, LogEntry, Notice, Status } from '../contract.ts';
import { readEventRequest, type EventBundle, type EventName } from './event-messages.ts';
import { mergeHeads } from './merge-heads.ts';
import { listen, type Port } from '../ports/port.ts';

/**
 * Milliseconds between two posts to one tab: each post makes the tab render, and no person reads faster. Notices are sent without this
 * wait, and so are a new phase and the first head after a pause.
 */
export const POST_INTERVAL = 100;

/** Notices and log entries kept for a tab that does not take them. Beyond that the oldest are dropped and counted. */
export const MAX_WAITING = { notice: 64, log: 256 };

/** Events of which only the newest value matters; a tab gets it as soon as it subscribes. */
type StateName = 'status' | 'peers' | 'trust' | 'head';
export type Latest = { readonly [K in StateName]: ClientEvents[K] | undefined } & {
  /** The last notices, so that a tab that joins later gets them too. */
  readonly notices: readonly Notice[];
};

/**
 * Sends events to one tab, from the hub. Only one bundle is under way at a time, and the next follows the tab's acknowledgement. So a tab
 * that is stuck costs one bundle and these bounds: the newest state by reference, one merged head event, `MAX_WAITING` notices and log
 * entries.
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
  #sentAt = -Infinity;
  #headSentAt = -Infinity;
  /** The phase in the last status that was sent. */
  #phase = '';
  #urgent = false;
  #cancelTimer: (() => void) | undefined;
  #closed = false;

  /** @param latest returns the current state, with `undefined` for parts that do not exist yet. */
  constructor(port: Port, clock: Clock, latest: () => Latest) {
    this.#port = port;
    this.#clock = clock;
    this.#latest = latest;
    this.#stopListening = listen(port, (data) => this.#onRequest(data));
  }

  /** Takes an event; events that the tab did not subscribe to are ignored. */
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
    if (name === 'notice' || (name === 'status' && phaseOf(event as Status) !== this.#phase)) this.#urgent = true;
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
        this.#urgent = true;
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
    if (this.#changed.size === 0 && !this.#head && this.#notices.length === 0 && this.#log.length === 0) return;
    const now = this.#clock.monotonic();
    const wait = (this.#head ? Math.min(this.#sentAt, this.#headSentAt) : this.#sentAt) + POST_INTERVAL - now;
    if (!this.#urgent && wait > 0) return this.#flushAfter(wait);
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    this.#urgent = false;
    this.#sentAt = now;
    if (this.#head) this.#headSentAt = now;
    this.#port.postMessage(this.#take(), []);
  }

  #flushAfter(wait: number): void {
    this.#cancelTimer?.();
    this.#cancelTimer = this.#clock.after(wait, () => {
      this.#cancelTimer = undefined;
      this.#flush();
    });
  }

  #take(): EventBundle {
    const bundle: EventBundle = {
      kind: 'events',
      seq: ++this.#seq,
      ...this.#takeState(),
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
    if (this.#changed.size === 0) return {};
    const latest = this.#latest();
    const state: Record<string, unknown> = {};
    for (const name of this.#changed) {
      if (this.#subscribed.has(name) && latest[name] !== undefined) state[name] = latest[name];
    }
    if (this.#changed.has('status') && latest.status) this.#phase = phaseOf(latest.status);
    this.#changed = new Set();
    return state as Partial<Pick<EventBundle, 'status' | 'peers' | 'trust'>>;
  }
}

/** The part of the status that the user waits for; a change is sent at once. */
function phaseOf({ phase, consensus }: Status): string {
  return `${phase} ${consensus}`;
}

/** Appends within a bound; returns how many of the oldest items were dropped. */
function push<T>(list: T[], item: T, bound: number): number {
  list.push(item);
  if (list.length <= bound) return 0;
  list.shift();
  return 1;
}
