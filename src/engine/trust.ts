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
}

/** What was verified since the anchor. */
export interface CheckedCounts {
  readonly electionBlocks: number;
  readonly checkpoints: number;
  readonly microBlocks: number;
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
