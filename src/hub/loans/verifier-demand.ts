import type { Clock } from '../../base/clock.ts';

export interface VerifierDemandOptions {
  readonly clock: Clock;
  /** Milliseconds that verifiers are kept after the last job for them. */
  readonly keep: number;
  /** Whether verifiers are needed. Called on changes only. */
  readonly want: (wanted: boolean) => void;
}

/**
 * Verifiers are needed while a job for them runs, and a while longer: starting one costs a tenth of a second, keeping one costs some
 * megabytes.
 */
export class VerifierDemand {
  readonly #options: VerifierDemandOptions;
  #running = 0;
  #wanted = false;
  #closed = false;
  #cancelEnd: (() => void) | undefined;

  constructor(options: VerifierDemandOptions) {
    this.#options = options;
  }

  /** Requests verifiers before `run` is called, so that its job is not queued where there are no workers. */
  async during<Result>(run: () => Promise<Result>): Promise<Result> {
    this.#running++;
    this.#cancelEnd?.();
    this.#want(true);
    try {
      return await run();
    } finally {
      this.#running--;
      if (this.#running === 0 && !this.#closed) this.#cancelEnd = this.#options.clock.after(this.#options.keep, () => this.#want(false));
    }
  }

  /** Ends the demand: nothing is requested any more. */
  close(): void {
    this.#closed = true;
    this.#cancelEnd?.();
  }

  #want(wanted: boolean): void {
    if (wanted === this.#wanted || this.#closed) return;
    this.#wanted = wanted;
    this.#options.want(wanted);
  }
}
