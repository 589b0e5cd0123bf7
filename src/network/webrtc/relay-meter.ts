import type { Clock } from '../../base/clock.ts';

/** Default for the bytes that may go through relays within an hour, both ways (setting `relayCap`, which explains the number). */
const RELAY_CAP = 2_000_000;

/** Milliseconds. */
const HOUR = 3_600_000;

/** Counts the bytes that go through relays. At the cap nothing more passes until the hour is over. */
export class RelayMeter {
  readonly #clock: Clock;
  readonly #cap: number;
  #since: number;
  #inHour = 0;
  #bytes = 0;

  constructor(clock: Clock, cap = RELAY_CAP) {
    this.#clock = clock;
    this.#cap = cap;
    this.#since = clock.monotonic();
  }

  /** All bytes so far, and the maximum within an hour. */
  get use(): { readonly bytes: number; readonly cap: number } {
    return { bytes: this.#bytes, cap: this.#cap };
  }

  get spent(): boolean {
    this.#turn();
    return this.#inHour >= this.#cap;
  }

  count(bytes: number): void {
    this.#turn();
    this.#bytes += bytes;
    this.#inHour += bytes;
  }

  #turn(): void {
    const now = this.#clock.monotonic();
    if (now - this.#since < HOUR) return;
    this.#since = now;
    this.#inHour = 0;
  }
}
