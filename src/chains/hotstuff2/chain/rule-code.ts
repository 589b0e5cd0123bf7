import type { Fault } from '../../../engine/sync/sync-chain.ts';

/**
 * The rule that a block, a certificate or a proof breaks.
 * - Of one block: `chain-id`, `genesis` (height 0, and not our genesis), `no-certificate`, `no-payload`, `payload-root`, `operation`.
 * - Between parent and child: `parent`, `height`, `view`, `time`, and `proposer` for the leader of the view.
 * - Of validator sets (HotStuff-2 reference, 4.6): `announcement-changed`, `not-empty`, `handover-not-final`, `second-announcement`, `unknown-set`,
 *   `set-unknown-bytes`; `bls-handover`: a BLS set that was not pinned.
 * - Of a certificate: `qc-view`, `qc-hash`, `qc-scheme`, `qc-signer` (an index out of range), `qc-quorum`, `qc` (a signature).
 * - `not-final`: what it holds does not prove that it is final.
 * - Of the state: `state-root`, `state-too-large`.
 */
export type RuleCode =
  | 'chain-id'
  | 'genesis'
  | 'no-certificate'
  | 'no-payload'
  | 'payload-root'
  | 'operation'
  | 'parent'
  | 'height'
  | 'view'
  | 'time'
  | 'proposer'
  | 'announcement-changed'
  | 'not-empty'
  | 'handover-not-final'
  | 'second-announcement'
  | 'unknown-set'
  | 'set-unknown-bytes'
  | 'bls-handover'
  | 'qc-view'
  | 'qc-hash'
  | 'qc-scheme'
  | 'qc-signer'
  | 'qc-quorum'
  | 'qc'
  | 'not-final'
  | 'state-root'
  | 'state-too-large';

/** Codes that do not prove a lie: the blocks that follow may decide, or a set has to be fetched first. */
const undecided: ReadonlySet<RuleCode> = new Set(['not-final', 'set-unknown-bytes', 'no-payload', 'state-too-large']);

/** A broken rule as the sync handles it, with height and hash of the block as evidence. */
export function faultOf(code: RuleCode, block: { readonly height: number; readonly id: string }): Fault {
  return { code, weight: undecided.has(code) ? 'offence' : 'lie', data: { height: block.height, hash: block.id } };
}
