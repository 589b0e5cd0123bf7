/**
 * The values that page and hub exchange, all plain and clonable. The public API (`src/client`) passes them on unchanged. Heights are
 * numbers, hashes lower-case hex, times unix milliseconds, durations milliseconds.
 * @module
 */

import type { VerificationJob } from '../crypto/jobs.ts';
import type { LogCode, NoticeCode } from '../base/log-codes.ts';
import type { ReasonCode } from '../engine/reason-codes.ts';
import type { Anchor, CheckedCounts, Finality, TrustLevel, Witness } from '../engine/trust.ts';
import type { BlockView, ChainClientEvents, ClientStatus, Head, HeadEvent, HeadView, LogEntry, Notice, PeerView, Phase, Progress, ProofView, TrustRecord } from '../engine/view.ts';
import type { BackEnd } from './life/back-end.ts';
import type { VerifierPurpose } from './life/control-messages.ts';

export type { Anchor, CheckedCounts, Finality, LogCode, NoticeCode, ReasonCode, TrustLevel, Witness };
export type { BlockView, Head, HeadEvent, HeadView, LogEntry, Notice, PeerView, Phase, Progress, ProofView, TrustRecord };

/** Signatures, proofs and seeds as jobs. Counted since the hub started; all zero if there is no hub. */
export interface VerificationCounts {
  /** Jobs that wait for a worker. */
  readonly queued: number;
  /** Jobs under way, on workers or on the hub's own thread. */
  readonly running: number;
  /** Jobs answered, valid or not. */
  readonly done: number;
  /** The answered jobs that were `invalid`. */
  readonly failed: number;
  /** Workers lent by tabs; without any, the hub verifies itself. */
  readonly workers: number;
  /** The workers, in the order in which they were lent. */
  readonly verifiers: readonly VerifierView[];
}

/** A worker that verifies, as the hub sees it. `backend` and `reason` are what the worker reports. */
export type VerifierView = BackEnd & {
  /** Zero-knowledge proofs, or everything else. */
  readonly purpose: VerifierPurpose;
  /** The kind of the job that it runs now. */
  readonly busy: VerificationJob['kind'] | undefined;
  /** Jobs it has answered. */
  readonly done: number;
  /** Mean time of those jobs by the hub's clock, message transfer included; undefined before the first. */
  readonly millisecondsPerJob: number | undefined;
};

/** Where the hub runs: in a worker that all tabs share, in the worker of one tab that was elected for all, or in the tab's own worker. */
export type HostKind = 'shared-worker' | 'elected-worker' | 'dedicated-worker';

export interface Status extends ClientStatus {
  readonly host: { readonly kind: HostKind | 'node'; readonly build: string; readonly tabs: number; readonly verifiers: number; readonly fencing: number };
  readonly verification: VerificationCounts;
}

export interface ClientEvents extends Omit<ChainClientEvents, 'status'> {
  status: Status;
}
