import type { Clock } from '../../src/base/clock.ts';

interface Timer {
  readonly at: number;
  readonly order: number;
  readonly callback: () => void;
}

/** Runs everything that needs no timer to its end: promises, WebCrypto, message ports. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 4; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/**
 * A clock that stands still until a test moves it. Between two timers it waits until all other work is done, so the same world with
 * the same seed behaves the same on any machine. Work outside of the event loop (a verifier's thread) is declared with `busy`, and
 * time stands still until it ends.
 */
export class VirtualClock implements Clock {
  readonly #start: number;
  #time = 0;
  #order = 0;
  #timers: Timer[] = [];
  #busy = 0;

  /** `start`: unix milliseconds at the beginning. */
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
    const timer = { at: this.#time + Math.max(0, ms), order: (this.#order += 1), callback };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  get pending(): number {
    return this.#timers.length;
  }

  /** Time stands still while `work` runs. */
  async busy<T>(work: Promise<T>): Promise<T> {
    this.#busy += 1;
    try {
      return await work;
    } finally {
      this.#busy -= 1;
    }
  }

  /** Lets `ms` of virtual time pass. */
  async advance(ms: number): Promise<void> {
    const end = this.#time + ms;
    await this.#settled();
    while (this.#runNext(end)) await this.#settled();
    this.#time = end;
  }

  /** Lets time pass until `condition` holds. Throws after `limit` virtual milliseconds, or when no timer is left. */
  async untilTrue(condition: () => boolean, limit = 600_000): Promise<void> {
    const end = this.#time + limit;
    await this.#settled();
    while (!condition()) {
      if (!this.#runNext(end)) throw new Error(`condition not met within ${limit} virtual ms: ${condition.toString()}`);
      await this.#settled();
    }
  }

  /** Lets time pass until the promise is settled, and returns its result. */
  async until<T>(promise: Promise<T>, limit = 600_000): Promise<T> {
    let over = false;
    promise.then(() => (over = true), () => (over = true));
    await this.untilTrue(() => over, limit);
    return promise;
  }

  async #settled(): Promise<void> {
    do await settle();
    while (this.#busy > 0);
  }

  /** Runs the earliest timer that is due by `end`. */
  #runNext(end: number): boolean {
    let first: Timer | undefined;
    for (const timer of this.#timers) if (!first || timer.at < first.at || (timer.at === first.at && timer.order < first.order)) first = timer;
    if (!first || first.at > end) return false;
    this.#timers = this.#timers.filter((timer) => timer !== first);
    this.#time = Math.max(this.#time, first.at);
    first.callback();
    return true;
  }
}
