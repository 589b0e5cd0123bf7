import type { Clock } from '../engine/clock.ts';

/** A clock for tests that moves only when told. */
export class ManualClock implements Clock {
  #time = 1_000;
  readonly #timers = new Set<{ readonly at: number; readonly callback: () => void }>();

  now(): number {
    return 1_700_000_000_000 + this.#time;
  }

  monotonic(): number {
    return this.#time;
  }

  after(ms: number, callback: () => void): () => void {
    const timer = { at: this.#time + ms, callback };
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  }

  /** Timers that have not run. */
  get waiting(): number {
    return this.#timers.size;
  }

  /** As if the thread had been frozen: what was due in the meantime runs late, at the next `advance`. */
  sleep(ms: number): void {
    this.#time += ms;
  }

  /** Runs what is due in the next `ms`, in order. */
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
