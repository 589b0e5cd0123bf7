import { toHex } from '../../../base/bytes.ts';
import type { Clock } from '../../../base/clock.ts';

/** Milliseconds for which a nonce may not come again (Moloch reference, 4.3). */
export const NONCE_TERM = 600_000;
/** Nonces that are remembered. At the bound the oldest is forgotten: ten minutes with more handshakes than one in 150 ms are an attack on memory. */
const MAX_NONCES = 4096;

/** The nonces that peers have used in the last ten minutes, so that a recorded greeting cannot be used again. */
export class NonceMemory {
  readonly #clock: Clock;
  /** Nonce to the time when it came, the oldest first. */
  readonly #seen = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Notes a nonce. Returns whether it is new: false if it came within the last ten minutes. */
  take(nonce: Uint8Array): boolean {
    const now = this.#clock.monotonic();
    for (const [old, at] of this.#seen) {
      if (now - at < NONCE_TERM) break;
      this.#seen.delete(old);
    }
    const key = toHex(nonce);
    if (this.#seen.has(key)) return false;
    if (this.#seen.size >= MAX_NONCES) {
      for (const oldest of this.#seen.keys()) {
        this.#seen.delete(oldest);
        break;
      }
    }
    this.#seen.set(key, now);
    return true;
  }
}
