import type { Clock } from '../../src/base/clock.ts';

/** A clock for tests that moves only when a test moves it. */
export class ManualClock implements Clock {
  #time = 0;
  readonly #start: number;
  readonly #timers = new Set<{ readonly at: number; readonly callback: () => void }>();

  /** @param start Unix milliseconds at the beginning. */
  constructor(start = 1_700_000_000_000) {
    this.#start = start;
  }

  now(): number {
    return this.#start + this.#time;
  }

  monotonic(): number {
    return this.#time;
  }

  after(ms: number, callback: () => void): () => void {
    const timer = { at: this.#time + Math.max(0, ms), callback };
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  }

  /** Number of timers that have not run. */
  get waiting(): number {
    return this.#timers.size;
  }

  /** Milliseconds until the next timer; undefined if there is none. */
  get nextIn(): number | undefined {
    return this.#timers.size === 0 ? undefined : Math.min(...Array.from(this.#timers, ({ at }) => at)) - this.#time;
  }

  /** Lets time pass as if the thread were frozen: timers that become due run late, at the next `advance`. */
  sleep(ms: number): void {
    this.#time += ms;
  }

  /** Runs the timers that are due in the next `ms` milliseconds, in order. */
  advance(ms: number): void {
    const until = this.#time + ms;
    for (;;) {
      const [next] = Array.from(this.#timers).filter((timer) => timer.at <= until).sort((a, b) => a.at - b.at);
      if (!next) break;
      this.#timers.delete(next);
      this.#time = Math.max(this.#time, next.at);
      next.callback();
    }
    this.#time = until;
  }
}
