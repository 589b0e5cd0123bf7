import type { Clock } from '../base/clock.ts';

/** Keys remembered at once. Beyond that, the least recently used key is forgotten. */
const MAX_KEYS = 4096;

/** Moves `key` to the end of a Map, which iterates in order of insertion, and drops the first entry when there are too many. */
function touch<V>(map: Map<string, V>, key: string, value: V): void {
  map.delete(key);
  map.set(key, value);
  if (map.size > MAX_KEYS) map.delete(map.keys().next().value as string);
}

/**
 * The server's side of a rate limit: counts events per key in fixed windows that start with the first event, as the official node does
 * (Albatross network reference, 3.3).
 */
export class FixedWindows {
  readonly #clock: Clock;
  readonly #windowMs: number;
  readonly #windows = new Map<string, { start: number; count: number }>();

  constructor(clock: Clock, windowMs: number) {
    this.#clock = clock;
    this.#windowMs = windowMs;
  }

  /** Counts one event; `cost` is higher for expensive events. Returns false if the limit is exceeded. */
  admit(key: string, limit: number, cost = 1): boolean {
    const now = this.#clock.monotonic();
    const standing = this.#windows.get(key);
    const window = standing !== undefined && now - standing.start < this.#windowMs ? standing : { start: now, count: 0 };
    window.count += cost;
    touch(this.#windows, key, window);
    return window.count <= limit;
  }
}

/**
 * The client's side of a rate limit: never more than the limit in *any* stretch of the window's length. The server's windows may start at
 * any time; a sliding window respects all of them.
 */
export class SlidingWindows {
  readonly #clock: Clock;
  readonly #windowMs: number;
  readonly #events = new Map<string, number[]>();

  constructor(clock: Clock, windowMs: number) {
    this.#clock = clock;
    this.#windowMs = windowMs;
  }

  /**
   * Reserves the next free slot and returns the milliseconds to wait for it. Returns undefined, and reserves nothing, if that is more than
   * `maxWaitMs`.
   */
  reserve(key: string, limit: number, maxWaitMs: number): number | undefined {
    const now = this.#clock.monotonic();
    const events = (this.#events.get(key) ?? []).filter((time) => time > now - this.#windowMs);
    const blocking = events.length < limit ? undefined : events[events.length - limit];
    const at = blocking === undefined ? now : Math.max(now, blocking + this.#windowMs);
    if (at - now > maxWaitMs) return undefined;
    events.push(at);
    touch(this.#events, key, events);
    return at - now;
  }

  /** The server says that it counts more than we do: assume that no slot is free for one window from now. */
  exhaust(key: string, limit: number): void {
    const now = this.#clock.monotonic();
    touch(this.#events, key, Array.from({ length: limit }, () => now));
  }
}
