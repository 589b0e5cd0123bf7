import type { JobResult, Verify } from '../crypto/jobs.ts';
import type { Clock } from '../engine/clock.ts';

/**
 * Milliseconds that the worker for proofs is kept after the last one: peers that join together send theirs within seconds, and starting it
 * anew costs half a second. It holds some megabytes.
 */
const KEEP = 10_000;

export interface ZkpDemandOptions {
  readonly clock: Clock;
  readonly verify: Verify;
  /** Whether the worker for proofs is needed. Told on changes only. */
  readonly want: (wanted: boolean) => void;
}

/** Verifies, and sees to it that there is a worker for zero-knowledge proofs as long as one is needed and no longer. */
export class ZkpDemand {
  readonly #options: ZkpDemandOptions;
  #running = 0;
  #wanted = false;
  #closed = false;
  #cancelEnd: (() => void) | undefined;

  constructor(options: ZkpDemandOptions) {
    this.#options = options;
  }

  readonly verify: Verify = async (job, options) => (job.kind === 'zk-proof' ? this.#whileWanted(() => this.#options.verify(job, options)) : this.#options.verify(job, options));

  /** Nothing is wanted any more. */
  close(): void {
    this.#closed = true;
    this.#cancelEnd?.();
  }

  async #whileWanted(run: () => Promise<JobResult>): Promise<JobResult> {
    this.#running++;
    this.#cancelEnd?.();
    // Before the job is queued, lest it go to any worker.
    this.#want(true);
    try {
      return await run();
    } finally {
      this.#running--;
      if (this.#running === 0 && !this.#closed) this.#cancelEnd = this.#options.clock.after(KEEP, () => this.#want(false));
    }
  }

  #want(wanted: boolean): void {
    if (wanted === this.#wanted) return;
    this.#wanted = wanted;
    this.#options.want(wanted);
  }
}
