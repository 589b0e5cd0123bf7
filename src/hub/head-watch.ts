import type { Clock } from '../engine/clock.ts';

export interface HeadWatchOptions {
  readonly clock: Clock;
  /** Milliseconds without a new head that the network does not need. */
  readonly staleAfter: number;
  /** Whether the client follows the head at this moment, so that it ought to move. */
  readonly following: () => boolean;
  /** The head stands still, `still` milliseconds by now. Called again each time it has done so for another `staleAfter`. */
  readonly onStale: (still: number) => void;
}

/** Watches whether the head moves while it ought to. */
export class HeadWatch {
  readonly #options: HeadWatchOptions;
  /** When the head moved last, or the client began to follow it; monotonic. */
  #since: number | undefined;
  #told = 0;
  #lookedAt: number;
  #cancel: () => void;

  constructor(options: HeadWatchOptions) {
    this.#options = options;
    this.#lookedAt = options.clock.monotonic();
    this.#cancel = this.#later();
  }

  /** Milliseconds the head stands still; undefined while that is no longer than it may. */
  get stale(): number | undefined {
    if (this.#told === 0 || this.#since === undefined || !this.#options.following()) return undefined;
    return this.#options.clock.monotonic() - this.#since;
  }

  /** The head moved, or there is a reason to begin to count anew. */
  moved(): void {
    this.#since = this.#options.clock.monotonic();
    this.#told = 0;
  }

  stop(): void {
    this.#cancel();
  }

  /** Four looks in the time, so that it is noticed soon after. */
  #later(): () => void {
    return this.#options.clock.after(this.#options.staleAfter / 4, () => {
      this.#cancel = this.#later();
      this.#look();
    });
  }

  #look(): void {
    const { clock, staleAfter, following, onStale } = this.#options;
    // A look that comes late was held up, and so was the head.
    const late = clock.monotonic() - this.#lookedAt > staleAfter / 2;
    this.#lookedAt = clock.monotonic();
    if (late) this.moved();
    if (!following()) return;
    this.#since ??= clock.monotonic();
    const still = clock.monotonic() - this.#since;
    const times = Math.floor(still / staleAfter);
    if (times <= this.#told) return;
    this.#told = times;
    onStale(still);
  }
}
