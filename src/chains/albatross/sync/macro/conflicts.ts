import type { Anchor } from '../../../../engine/trust.ts';
import { distinctNetworks } from '../../../../engine/peers/witness-network.ts';
import type { Accusation } from '../pico-peer.ts';

/** Everything that matters for deciding about peers that contradict our chain or do not know it. Missing statements of peers do not count. */
export interface ConflictView {
  readonly anchor: Anchor;
  readonly accused: readonly (Accusation & { readonly subnet: string })[];
  /** Subnets of peers that are behind us and not shown to be on our chain. */
  readonly unrelated: readonly string[];
  /** For some time no heard peer has known our chain: see `isUnknown`. */
  readonly unknown: boolean;
  /** Number of peers whose chain contains ours, or is contained in it. */
  readonly confirming: number;
  readonly wanted: number;
}

/**
 * - `none`: nothing to decide;
 * - `liars`: our chain is verified from genesis and other peers know it, so the accused have lied;
 * - `trial`: what the accused have is verified beside our chain, which stays until that has shown something better. The same is done
 *   without accusers if our chain rests on peers' word, or was only read from storage, and no peer has known it for some time.
 */
export type ConflictDecision = 'none' | 'liars' | 'trial';

/** The rule for conflicts, see `ConflictDecision`. */
export function decideConflict({ anchor, accused, confirming, unknown }: ConflictView): ConflictDecision {
  if (accused.length === 0) return unknown && !isVerified(anchor) ? 'trial' : 'none';
  // A peer whose next block merely fails a check knows our chain up to there.
  const known = confirming > 0 || accused.every(({ kind }) => kind === 'failed-check');
  return known && anchor.kind === 'genesis' && isVerified(anchor) ? 'liars' : 'trial';
}

/** Whether our chain was verified here. Only such a chain can convict a peer, and only a verified and longer chain replaces it. */
export function isVerified({ kind, unchecked }: Anchor): boolean {
  return kind !== 'witnesses' && unchecked !== true;
}

/** Whether none of the heard peers knows our chain, although some are on another one. */
export function isUnknown({ anchor, accused, unrelated, confirming, wanted }: Omit<ConflictView, 'unknown'>): boolean {
  if (confirming > 0) return false;
  if (accused.some(({ kind }) => kind !== 'failed-check')) return true;
  // If our chain is verified, one such peer may just be far behind. Cheap networks are counted in full here, because this alone decides
  // nothing against a verified chain.
  return distinctNetworks(unrelated).size >= (isVerified(anchor) ? wanted : 1);
}
