import type { Anchor } from '../../engine/trust.ts';
import type { Accusation } from './pico-peer.ts';

/** All that bears on what to do about peers that contradict our chain. */
export interface ConflictView {
  readonly anchor: Anchor;
  readonly accused: readonly (Accusation & { readonly subnet: string })[];
  /** Peers behind us of whom nothing shows that their chain is a part of ours. Their subnets. */
  readonly unrelated: readonly string[];
  /** Peers whose chain contains ours, or is contained in it. */
  readonly confirming: number;
  /** Peers of whom we do not know yet. */
  readonly undecided: number;
  /** The time for a peer that knows our chain to come is over. */
  readonly waited: boolean;
  readonly wanted: number;
}

/**
 * - `none`: nothing to decide;
 * - `wait`: for more peers;
 * - `liars`: our chain is verified from genesis, the accused contradict it;
 * - `trial`: our chain rests on others' word: a chain verified from genesis over all peers decides;
 * - `abandon`: no peer knows our chain: start over.
 */
export type ConflictDecision = 'none' | 'wait' | 'liars' | 'trial' | 'abandon';

/** The rule for conflicts, see `ConflictDecision`. */
export function decideConflict(view: ConflictView): ConflictDecision {
  const { accused, anchor, confirming } = view;
  // Whoever only fails a check knows our chain up to there.
  const strangers = accused.filter(({ kind }) => kind !== 'failed-check');
  if (confirming > 0 || (accused.length > 0 && strangers.length === 0)) {
    if (accused.length === 0) return 'none';
    return anchor.kind === 'genesis' ? 'liars' : 'trial';
  }
  const subnets = new Set([...strangers.map(({ subnet }) => subnet), ...view.unrelated]).size;
  if (subnets === 0) return 'none';
  if (strangers.length > 0) return view.waited || (subnets >= view.wanted && view.undecided === 0) ? 'abandon' : 'wait';
  // One peer far behind is a peer far behind. Only in numbers, and for some time, does the silence about our chain say anything.
  if (subnets < view.wanted) return 'none';
  return view.waited ? 'abandon' : 'wait';
}
