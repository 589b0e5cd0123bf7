import type { Clock } from '../../src/base/clock.ts';

interface Event {
  readonly at: number;
  readonly order: number;
  readonly message: boolean;
  readonly run: () => void;
}

/** The time of a local network: it moves only when the network is stepped, and events of one moment run in the order in which they were made. */
export class NetClock implements Clock {
  readonly #start: number;
  #time = 0;
  #order = 0;
  /** Sorted, next event last. */
  readonly #events: Event[] = [];
  #messages = 0;

  /** @param start Unix milliseconds. */
  constructor(start: number) {
    this.#start = start;
  }

  now(): number {
    return this.#start + this.#time;
  }

  monotonic(): number {
    return this.#time;
  }

  after(ms: number, callback: () => void): () => void {
    return this.#add(ms, false, callback);
  }

  /** As `after`, for a message on its way. */
  deliver(ms: number, callback: () => void): void {
    this.#add(ms, true, callback);
  }

  /** Messages on their way. */
  get messages(): number {
    return this.#messages;
  }

  /** Moves to the next event and runs it; false if there is none, or none until `until` (Unix milliseconds). */
  step(until = Number.POSITIVE_INFINITY): boolean {
    const next = this.#events.at(-1);
    if (!next || this.#start + next.at > until) return false;
    this.#events.pop();
    if (next.message) this.#messages -= 1;
    this.#time = Math.max(this.#time, next.at);
    next.run();
    return true;
  }

  /** Moves on to a moment (Unix milliseconds) without running anything; never back. */
  moveTo(moment: number): void {
    this.#time = Math.max(this.#time, moment - this.#start);
  }

  #add(ms: number, message: boolean, run: () => void): () => void {
    const event: Event = { at: this.#time + Math.max(0, ms), order: this.#order++, message, run };
    let low = 0;
    let high = this.#events.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const other = this.#events[middle]!;
      if (other.at > event.at || (other.at === event.at && other.order > event.order)) low = middle + 1;
      else high = middle;
    }
    this.#events.splice(low, 0, event);
    if (message) this.#messages += 1;
    return () => {
      const at = this.#events.indexOf(event);
      if (at >= 0) {
        this.#events.splice(at, 1);
        if (message) this.#messages -= 1;
      }
    };
  }
}
