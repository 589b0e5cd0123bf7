import type { Clock } from '../../base/clock.ts';

export interface HeadWatchOptions {
  readonly clock: Clock;
  /** Milliseconds without a new head that count as too long. */
  readonly staleAfter: number;
  /** Whether the client follows the head now, so that the head should move. */
  readonly following: () => boolean;
  /** The head has not moved for `still` milliseconds. Called again after each further `staleAfter`. */
  readonly onStale: (still: number) => void;
}

/** Checks that the head moves while it should. */
export class HeadWatch {
  readonly #options: HeadWatchOptions;
  /** Monotonic time when the head last moved, or when the client began to follow it. */
  #since: number | undefined;
  #told = 0;
  #lookedAt: number;
  #cancel: () => void;

  constructor(options: HeadWatchOptions) {
    this.#options = options;
    this.#lookedAt = options.clock.monotonic();
    this.#cancel = this.#later();
  }

  /** Milliseconds since the head last moved; undefined while that is within the limit. */
  get stale(): number | undefined {
    if (this.#told === 0 || this.#since === undefined || !this.#options.following()) return undefined;
    return this.#options.clock.monotonic() - this.#since;
  }

  /** The head moved, or there is another reason to restart the count. */
  moved(): void {
    this.#since = this.#options.clock.monotonic();
    this.#told = 0;
  }

  stop(): void {
    this.#cancel();
  }

  /** Checks four times per `staleAfter`, so that a stale head is noticed soon. */
  #later(): () => void {
    return this.#options.clock.after(this.#options.staleAfter / 4, () => {
      this.#cancel = this.#later();
      this.#look();
    });
  }

  #look(): void {
    const { clock, staleAfter, following, onStale } = this.#options;
    // If this check comes late, the whole thread was held up, and the head with it.
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
