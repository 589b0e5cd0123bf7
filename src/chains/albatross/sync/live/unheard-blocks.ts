import type { Clock } from '../../../../base/clock.ts';

/** Minimum milliseconds between two head rounds caused by announcements of peers that are kept aside: a block time of mainnet. */
const PAUSE = 1000;

/**
 * Gossip delivers equal bytes once: if a peer that is kept aside announces a block first, it will not arrive from other peers, so they are
 * asked for their heads. At most one round per pause. An announcement during the pause gets a round at its end; otherwise a false
 * announcement would use up the turn of a true one.
 */
export class UnheardBlocks {
  readonly #clock: Clock;
  readonly #askHeads: () => void;
  /** Monotonic milliseconds of the last round. */
  #askedAt = -Infinity;
  #cancel: (() => void) | undefined;

  constructor(clock: Clock, askHeads: () => void) {
    this.#clock = clock;
    this.#askHeads = askHeads;
  }

  /** A peer that is kept aside has announced a block that may be new. */
  announced(): void {
    if (this.#cancel) return;
    const wait = this.#askedAt + PAUSE - this.#clock.monotonic();
    if (wait <= 0) this.#ask();
    else this.#cancel = this.#clock.after(wait, () => this.#ask());
  }

  stop(): void {
    this.#cancel?.();
  }

  #ask(): void {
    this.#cancel = undefined;
    this.#askedAt = this.#clock.monotonic();
    this.#askHeads();
  }
}
