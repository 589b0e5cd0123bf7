/**
 * Trust and finality, the two axes of every head and every answer. A level is computed from stored evidence, never set: take the
 * evidence away and the level falls.
 * @module
 */

/** `claimed`: peers say so. `pico`: rests on an election block taken on witnesses' word, or, of a pending block, on a signing key that no final block has proven. `pinned`: on one pinned in the release. `proven`: on genesis. */
export type TrustLevel = 'claimed' | 'pico' | 'pinned' | 'proven';

/** `final`: at or below a verified macro block. */
export type Finality = 'final' | 'pending';

/** A peer that vouched for the block that was taken on trust. */
export interface Witness {
  readonly peer: string;
  /** What counted as one witness: /24, /48, host, or on loopback the peer id. */
  readonly subnet: string;
  /** Unix milliseconds. */
  readonly saidAt: number;
}

/** The block everything else was verified forward from. */
export interface Anchor {
  readonly kind: 'genesis' | 'pinned' | 'witnesses';
  readonly height: number;
  readonly hash: string;
  /** Empty unless `kind` is `witnesses`. */
  readonly witnesses: readonly Witness[];
  /** True when fewer witnesses than wanted could be had. */
  readonly fewWitnesses: boolean;
  /** A zero-knowledge proof stands for every election block from genesis up to this one. With `kind` genesis only. */
  readonly proof?: { readonly height: number; readonly hash: string } | undefined;
}

/** What was verified since the anchor. */
export interface CheckedCounts {
  readonly electionBlocks: number;
  readonly checkpoints: number;
  readonly microBlocks: number;
  /** Aggregate signatures of macro blocks. */
  readonly justifications: number;
  /** Zero-knowledge proofs. */
  readonly proofs: number;
  /** How long the verification of the past took, from the genesis or a pinned block to the one that was taken on trust. */
  readonly milliseconds: number;
}

export const nothingChecked: CheckedCounts = { electionBlocks: 0, checkpoints: 0, microBlocks: 0, justifications: 0, proofs: 0, milliseconds: 0 };

export function sumOfChecked(a: CheckedCounts, b: CheckedCounts): CheckedCounts {
  return {
    electionBlocks: a.electionBlocks + b.electionBlocks,
    checkpoints: a.checkpoints + b.checkpoints,
    microBlocks: a.microBlocks + b.microBlocks,
    justifications: a.justifications + b.justifications,
    proofs: a.proofs + b.proofs,
    milliseconds: a.milliseconds + b.milliseconds,
  };
}

const order: readonly TrustLevel[] = ['claimed', 'pico', 'pinned', 'proven'];

/** The level, but no more than `limit`. */
export function atMost(level: TrustLevel, limit: TrustLevel): TrustLevel {
  return order.indexOf(level) > order.indexOf(limit) ? limit : level;
}

/** The level that the evidence earns. Without an anchor nothing is more than claimed. */
export function trustLevel(anchor: Anchor | undefined): TrustLevel {
  switch (anchor?.kind) {
    case 'genesis':
      return 'proven';
    case 'pinned':
      return 'pinned';
    case 'witnesses':
      return anchor.witnesses.length > 0 ? 'pico' : 'claimed';
    case undefined:
      return 'claimed';
  }
}
