import type { Clock } from '../../../base/clock.ts';
import { codeOf } from '../../../base/coded-error.ts';
import { RequestError } from '../../../engine/peers/peer-net.ts';

/** Failures in a row that end it: then the connection is dialled anew, with the waits of the dialler. */
const MAX_FAILURES = 3;
/** Milliseconds after a failure: first, doubled up to the longest. */
const BACK_OFF = { first: 2_000, longest: 60_000 } as const;
/**
 * A gateway that was asked too often is asked half as often from then on, and twice as often again after each time in which it did not say so. `slowest`: milliseconds
 * between two polls that this does not exceed; `ease`: milliseconds. The public gateway allows 50 requests a minute without a key (docs.hiro.so, rate
 * limits), and a page may not be able to read for how long it wants to be left alone. Ours.
 */
const SLOWER = { slowest: 30_000, ease: 300_000 } as const;
/** What is no failure of the gateway: our own bound. */
const OWN: readonly string[] = ['busy'];

export interface PollerOptions {
  readonly clock: Clock;
  /** Milliseconds from the end of a poll to the next one. */
  readonly pace: () => number;
  /** One poll. It has its own deadlines, and ends with the signal. */
  readonly poll: (signal: AbortSignal) => Promise<void>;
  /** A poll failed, also the last one. */
  readonly failed: (error: unknown) => void;
  /** Three polls in a row failed; `code` of the last error. Nothing is polled any more. */
  readonly ended: (code: string) => void;
}

/**
 * Polls a gateway again and again, one poll after the other: at its pace, later after failures, and when told to wait not before that. The pace is slower for a gateway that
 * was asked too often.
 */
export class Poller {
  readonly #options: PollerOptions;
  readonly #ending = new AbortController();
  #cancel: (() => void) | undefined;
  #failures = 0;
  /** By which the pace is multiplied, and the monotonic milliseconds since when. */
  #slower = { factor: 1, since: 0 };
  /** Monotonic milliseconds of the end of the last poll, while the next one waits for the pace alone. */
  #since: number | undefined;

  constructor(options: PollerOptions) {
    this.#options = options;
  }

  /** The first poll is one pace away. */
  start(): void {
    this.#paced(this.#options.clock.monotonic());
  }

  /** The pace has changed: a poll that waits for a longer one comes sooner. One that waits after a failure, or was told to wait, does not. */
  paceChanged(): void {
    if (this.#since !== undefined) this.#paced(this.#since);
  }

  stop(reason: Error): void {
    this.#ending.abort(reason);
    this.#cancel?.();
    this.#since = undefined;
  }

  #paced(since: number): void {
    const pace = this.#options.pace();
    const slower = Math.max(pace, Math.min(SLOWER.slowest, pace * this.#slower.factor));
    this.#after(Math.max(0, since + slower - this.#options.clock.monotonic()));
    this.#since = since;
  }

  #after(ms: number): void {
    this.#cancel?.();
    this.#since = undefined;
    if (this.#ending.signal.aborted) return;
    this.#cancel = this.#options.clock.after(ms, () => {
      this.#cancel = undefined;
      this.#since = undefined;
      void this.#poll();
    });
  }

  async #poll(): Promise<void> {
    const { clock, poll } = this.#options;
    const { signal } = this.#ending;
    try {
      await poll(signal);
      if (signal.aborted) return;
      this.#failures = 0;
      const { factor, since } = this.#slower;
      if (factor > 1 && clock.monotonic() - since >= SLOWER.ease) this.#slower = { factor: factor / 2, since: clock.monotonic() };
      this.#paced(clock.monotonic());
    } catch (error) {
      if (!signal.aborted) this.#afterFailure(error);
    }
  }

  #afterFailure(error: unknown): void {
    const { clock, pace, failed, ended } = this.#options;
    const seconds = error instanceof RequestError && error.code === 'rate-limited' ? Number(error.data['seconds'] ?? 0) : undefined;
    if (seconds !== undefined) {
      this.#slower = { factor: Math.min(2 * this.#slower.factor, SLOWER.slowest), since: clock.monotonic() };
      return this.#after(Math.max(pace(), 1000 * seconds));
    }
    if (OWN.includes(codeOf(error))) return this.#paced(clock.monotonic());
    this.#failures += 1;
    failed(error);
    // What `failed` did may have stopped it.
    if (this.#ending.signal.aborted) return;
    if (this.#failures < MAX_FAILURES) return this.#after(Math.max(Math.min(pace(), BACK_OFF.longest), Math.min(BACK_OFF.longest, BACK_OFF.first * 2 ** (this.#failures - 1))));
    ended(codeOf(error));
  }
}
