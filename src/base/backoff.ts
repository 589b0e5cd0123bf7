import type { Random } from './random.ts';

/** How the waits grow. Milliseconds. */
export interface BackoffSettings {
  /** Upper end of the first wait. */
  readonly base: number;
  /** No wait is longer than this. */
  readonly cap: number;
}

/**
 * Waits between attempts with full jitter: the n-th wait is uniform in [0, min(cap, base * 2^n)). Full jitter, because clients that lost
 * the same peer at the same moment must not come back at the same moment.
 */
export class Backoff {
  readonly #random: Random;
  readonly #settings: BackoffSettings;
  #failures = 0;

  constructor(random: Random, settings: BackoffSettings) {
    this.#random = random;
    this.#settings = settings;
  }

  /** How many waits were handed out since the last `reset`. */
  get failures(): number {
    return this.#failures;
  }

  /** The next wait in milliseconds. */
  next(): number {
    const { base, cap } = this.#settings;
    // 2^32 * base is far beyond any cap; without the bound the power would end as Infinity, which is harmless but unreadable.
    const ceiling = Math.min(cap, base * 2 ** Math.min(this.#failures, 32));
    this.#failures += 1;
    return ceiling * this.#random.next();
  }

  reset(): void {
    this.#failures = 0;
  }
}
