import type { Clock } from '../../base/clock.ts';

/** Milliseconds between two checks. */
const INTERVAL = 2_500;
/** Milliseconds without consensus after which a reason is due. With the next check, the user sees it within ten seconds. */
const DUE_AFTER = 7_500;
/**
 * Milliseconds after which a verification no longer counts as progress. It covers a time-out, after which the next blocks are asked of
 * another peer.
 */
const PROGRESS_AGE = 15_000;

export interface StatusWatchOptions {
  readonly clock: Clock;
  readonly established: () => boolean;
  /** A text that changes whenever something was verified. */
  readonly verified: () => string;
  /** The part of the status that time alone can change, as a text. */
  readonly told: () => string;
  readonly onChange: () => void;
}

/** Watches what time alone changes in the status: a reason becomes due, progress stops, a head grows old, the clock is set. */
export class StatusWatch {
  readonly #options: StatusWatchOptions;
  /** Monotonic time since when there is no consensus. */
  #since: number | undefined;
  #verified: string | undefined;
  /** Monotonic time when `#verified` last changed. */
  #verifiedAt = -Infinity;
  #told = '';
  #cancel: () => void;

  constructor(options: StatusWatchOptions) {
    this.#options = options;
    this.#since = options.clock.monotonic();
    this.#cancel = this.#later();
  }

  get due(): boolean {
    return this.#since !== undefined && this.#options.clock.monotonic() - this.#since >= DUE_AFTER;
  }

  get progressing(): boolean {
    return this.#options.clock.monotonic() - this.#verifiedAt < PROGRESS_AGE;
  }

  stop(): void {
    this.#cancel();
  }

  #later(): () => void {
    return this.#options.clock.after(INTERVAL, () => {
      this.#cancel = this.#later();
      this.#look();
    });
  }

  #look(): void {
    const { clock, established, verified, told, onChange } = this.#options;
    this.#since = established() ? undefined : (this.#since ?? clock.monotonic());
    const now = verified();
    if (this.#verified !== undefined && now !== this.#verified) this.#verifiedAt = clock.monotonic();
    this.#verified = now;
    const status = told();
    if (status === this.#told) return;
    this.#told = status;
    onChange();
  }
}
