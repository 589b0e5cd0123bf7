import type { VerificationJob, Verify } from '../../crypto/jobs.ts';
import type { Clock } from '../../base/clock.ts';
import { VerifierDemand } from './verifier-demand.ts';
import { isShort } from './job-traits.ts';

/** Milliseconds that signature verifiers are kept after their last job, so that a sync finds them still running for its next request. */
const KEEP = 2_500;

export interface SignatureDemandOptions {
  readonly clock: Clock;
  readonly verify: Verify;
  /** Whether proofs have a verifier of their own; otherwise the signature verifiers verify proofs too. */
  readonly proofsApart: boolean;
  /** Whether signature verifiers are needed. Called on changes only. */
  readonly want: (wanted: boolean) => void;
}

/**
 * Verifies, and requests signature verifiers until there is consensus, and afterwards for jobs that take long. The hub itself verifies a
 * live block: that costs less than a worker that waits for it.
 */
export class SignatureDemand {
  readonly #options: SignatureDemandOptions;
  readonly #demand: VerifierDemand;
  readonly #consensus = Promise.withResolvers<void>();

  constructor(options: SignatureDemandOptions) {
    this.#options = options;
    this.#demand = new VerifierDemand({ clock: options.clock, keep: KEEP, want: options.want });
  }

  readonly verify: Verify = (job, options) => (this.#takesLong(job) ? this.#demand.during(() => this.#options.verify(job, options)) : this.#options.verify(job, options));

  /** The first sync begins; the verifiers start in parallel. */
  start(): void {
    void this.#demand.during(() => this.#consensus.promise);
  }

  /** There is consensus. */
  established(): void {
    this.#consensus.resolve();
  }

  close(): void {
    this.#demand.close();
    this.#consensus.resolve();
  }

  #takesLong(job: VerificationJob): boolean {
    return !isShort(job) && (job.kind !== 'zk-proof' || !this.#options.proofsApart);
  }
}
