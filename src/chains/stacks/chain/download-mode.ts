/**
 * When the newest two tenures are fetched: NakamotoDownloadStateMachine's two modes (Stacks reference, 10). It has no clock.
 * @module
 */

/** Milliseconds between two checks of whether only the newest tenures are missing (CHECK_UNCONFIRMED_TENURES_MS). */
export const CHECK_INTERVAL = 1_000;
/** Milliseconds between two polls of peers in the mode `Unconfirmed`. */
export const POLL_INTERVAL = 5_000;

export type DownloadMode = 'Confirmed' | 'Unconfirmed';

export interface ModeContext {
  /** Tenures that are being fetched. */
  readonly open: number;
  /** Tenures that the schedule has, which are complete and neither processed nor open. */
  readonly scheduled: number;
  /** Whether all wanted tenures but the newest two are processed. Asked at most once a second. */
  readonly isOnlyNewestMissing: () => boolean;
}

export class DownloadModes {
  #mode: DownloadMode = 'Confirmed';
  #checkedAt = -Infinity;
  #polledAt = -Infinity;

  get mode(): DownloadMode {
    return this.#mode;
  }

  /** Moves to the mode of now, and says whether the peers are to be asked for the newest tenures. */
  step(now: number, { open, scheduled, isOnlyNewestMissing }: ModeContext): { readonly polls: boolean } {
    if (this.#mode === 'Unconfirmed' && scheduled > 0) this.#mode = 'Confirmed';
    if (this.#mode === 'Confirmed' && open === 0 && scheduled === 0 && now - this.#checkedAt >= CHECK_INTERVAL) {
      this.#checkedAt = now;
      if (isOnlyNewestMissing()) this.#mode = 'Unconfirmed';
    }
    const polls = this.#mode === 'Unconfirmed' && now - this.#polledAt >= POLL_INTERVAL;
    if (polls) this.#polledAt = now;
    return { polls };
  }
}
