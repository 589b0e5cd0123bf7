import type { SyncProgressView } from './sync-views.ts';

/** Milliseconds of the window over which the rate is measured (HotStuff-2 reference, 7.7). */
const WINDOW = 5_000;
/** A rate that differs by less than this share from the window before is steady. */
const STEADY = 0.1;
/** Milliseconds between two samples that are kept; updates in between replace the newest. Bounds the list to two hundred samples. */
const SAMPLE_INTERVAL = 50;

/** Rate, trend and estimate of a sync. Times are monotonic milliseconds. */
export class ProgressTracker {
  /** Blocks verified until then; the first of a list ends the window. */
  #samples: { readonly at: number; readonly synced: number }[] = [];
  #synced = 0;

  /** A sync begins. */
  start(now: number): void {
    this.#synced = 0;
    this.#samples = [{ at: now, synced: 0 }];
  }

  /** `blocks` more are verified. */
  add(blocks: number, now: number): void {
    this.#synced += blocks;
    const before = this.#samples.at(-2);
    if (before && now - before.at < SAMPLE_INTERVAL) this.#samples.pop();
    this.#samples.push({ at: now, synced: this.#synced });
    while (this.#samples.length > 2 && this.#samples[1]!.at <= now - 2 * WINDOW) this.#samples.shift();
  }

  /** Blocks verified since the start. */
  get synced(): number {
    return this.#synced;
  }

  /** Blocks a second over the last five seconds, or since the start; undefined before half a second has passed. */
  rate(now: number): number | undefined {
    return this.#rateBetween(now - WINDOW, now);
  }

  trend(now: number): SyncProgressView['trend'] {
    const last = this.#rateBetween(now - WINDOW, now);
    if (last === 0) return 'stalled';
    const before = this.#rateBetween(now - 2 * WINDOW, now - WINDOW);
    if (last === undefined || before === undefined) return 'steady';
    if (last > before * (1 + STEADY)) return 'faster';
    return last < before * (1 - STEADY) ? 'slower' : 'steady';
  }

  /** Milliseconds until `remaining` blocks are verified; undefined while the rate is unknown or zero. */
  estimate(remaining: number, now: number): number | undefined {
    if (remaining <= 0) return 0;
    const rate = this.rate(now);
    return rate ? Math.round((remaining * 1000) / rate) : undefined;
  }

  #rateBetween(from: number, to: number): number | undefined {
    const [first] = this.#samples;
    if (!first) return undefined;
    const start = Math.max(from, first.at);
    if (to - start < WINDOW / 10) return undefined;
    return ((this.#at(to) - this.#at(start)) * 1000) / (to - start);
  }

  /** Blocks verified at a moment: those of the newest sample up to it. */
  #at(moment: number): number {
    return this.#samples.findLast(({ at }) => at <= moment)?.synced ?? 0;
  }
}
