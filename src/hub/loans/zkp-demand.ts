import type { Verify } from '../../crypto/jobs.ts';
import type { Clock } from '../../base/clock.ts';
import { VerifierDemand } from './verifier-demand.ts';

/**
 * Milliseconds that the proof worker is kept after the last proof. Peers that join together send theirs within seconds, and restarting the
 * worker costs half a second. Keeping it costs some megabytes.
 */
const KEEP = 10_000;

/** Milliseconds that a background proof waits for consensus. Proofs must also be verified when there are too few peers for consensus. */
const LONGEST_WAIT = 5_000;

export interface ZkpDemandOptions {
  readonly clock: Clock;
  readonly verify: Verify;
  /** Whether the proof worker is needed. Called on changes only. */
  readonly want: (wanted: boolean) => void;
  /** Do not wait for consensus, for example because consensus itself waits for proofs. */
  readonly atOnce?: boolean | undefined;
}

/**
 * Verifies, and requests a worker for zero-knowledge proofs only as long as one is needed. Background proofs wait until there is consensus:
 * each takes a quarter of a second of processor time that is needed for other work.
 */
export class ZkpDemand {
  readonly #options: ZkpDemandOptions;
  readonly #demand: VerifierDemand;
  #closed = false;
  #established: boolean;
  readonly #waiting = new Set<() => void>();

  constructor(options: ZkpDemandOptions) {
    this.#options = options;
    this.#demand = new VerifierDemand({ clock: options.clock, keep: KEEP, want: options.want });
    this.#established = options.atOnce ?? false;
  }

  readonly verify: Verify = async (job, options) => {
    if (job.kind !== 'zk-proof') return this.#options.verify(job, options);
    if (options?.background && !this.#established) await this.#consensus(options.signal);
    return this.#demand.during(() => this.#options.verify(job, options));
  };

  /** There is consensus. */
  established(): void {
    this.#established = true;
    for (const wake of Array.from(this.#waiting)) wake();
  }

  /** Ends the demand: nothing is requested any more. */
  close(): void {
    this.#closed = true;
    this.#demand.close();
    for (const wake of Array.from(this.#waiting)) wake();
  }

  /** Resolves when there is consensus, or when the longest wait is over. */
  async #consensus(signal: AbortSignal | undefined): Promise<void> {
    if (this.#closed || signal?.aborted) return;
    await new Promise<void>((resolve) => {
      const wake = () => {
        cancel();
        signal?.removeEventListener('abort', wake);
        this.#waiting.delete(wake);
        resolve();
      };
      const cancel = this.#options.clock.after(LONGEST_WAIT, wake);
      signal?.addEventListener('abort', wake, { once: true });
      this.#waiting.add(wake);
    });
  }
}
