import type { Clock } from './clock.ts';
import type { Random } from './random.ts';

/** The host's clock. `after` is limited to what timers can hold: 2^31 - 1 ms. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after: (ms, callback) => {
    const timer = setTimeout(callback, Math.min(Math.max(ms, 0), 0x7fffffff));
    return () => clearTimeout(timer);
  },
};

/** One call of `getRandomValues` gives at most this many bytes (Web Cryptography API). */
const MAX_BYTES_PER_CALL = 65_536;

/** The host's randomness. `bytes` is fit for keys and nonces, `next` only for choices. */
export const systemRandom: Random = {
  next: () => Math.random(),
  bytes: (length) => {
    const bytes = new Uint8Array(length);
    for (let offset = 0; offset < length; offset += MAX_BYTES_PER_CALL) {
      crypto.getRandomValues(bytes.subarray(offset, Math.min(offset + MAX_BYTES_PER_CALL, length)));
    }
    return bytes;
  },
};

/** Whether this host may open `ws` to other hosts than itself: a page over https may not (mixed content, W3C). */
export function insecureSocketsOpen(): boolean {
  return typeof location === 'undefined' || location.protocol !== 'https:';
}
