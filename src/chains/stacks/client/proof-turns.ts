import { sleep, type Clock } from '../../../base/clock.ts';

/** Milliseconds that a proof waits for the one before it: several gateways mostly prove the same, and two tenures of blocks may be many megabytes. */
const PATIENCE = 5_000;

/** Proofs at several gateways run one after the other, so that what one has proven is not fetched from the next. A slow gateway does not hold up the others. */
export class ProofTurns {
  readonly #clock: Clock;
  #last: Promise<unknown> = Promise.resolve();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Runs the work after that before it has ended, or after 5 s. Rejects as the work does, or with the signal's reason. */
  async run<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    const before = this.#last;
    const ended = Promise.withResolvers<void>();
    this.#last = ended.promise;
    const waiting = new AbortController();
    const onAbort = () => waiting.abort(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      signal.throwIfAborted();
      await Promise.race([before, sleep(this.#clock, PATIENCE, waiting.signal)]);
      signal.throwIfAborted();
      return await work();
    } finally {
      waiting.abort(new DOMException('the turn has come', 'AbortError'));
      signal.removeEventListener('abort', onAbort);
      ended.resolve();
    }
  }
}
