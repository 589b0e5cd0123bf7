import type { Clock } from '../../base/clock.ts';

/** Milliseconds of the rate that may be saved up while nothing is asked. */
const SAVED = 250;

/** Bounds the bytes a second of all answers. A request is booked with its expected size, and corrected when its answer is there. */
export class TokenBucket {
  readonly #clock: Clock;
  /** Bytes a second; 0: no limit. */
  readonly #rate: number;
  #tokens = 0;
  #at: number;

  constructor(clock: Clock, rate: number) {
    this.#clock = clock;
    this.#rate = rate;
    this.#at = clock.monotonic();
  }

  /** Books `bytes` if nothing is owed. What is booked may exceed what is there; then the next ones wait. */
  take(bytes: number): boolean {
    if (this.#rate === 0) return true;
    this.#refill();
    if (this.#tokens < 0) return false;
    this.#tokens -= bytes;
    return true;
  }

  /** The answer was so much larger than booked, or smaller if negative. */
  correct(bytes: number): void {
    if (this.#rate !== 0) this.#tokens -= bytes;
  }

  #refill(): void {
    const now = this.#clock.monotonic();
    this.#tokens = Math.min((this.#rate * SAVED) / 1000, this.#tokens + ((now - this.#at) * this.#rate) / 1000);
    this.#at = now;
  }
}
