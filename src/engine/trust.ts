/**
 * Trust and finality, the two independent properties of every head and every answer. A level is computed from stored evidence, never set:
 * without the evidence the level falls.
 * @module
 */

/**
 * `claimed`: peers say so. `witnessed`: rests on an election block that was accepted because witnesses vouched for it; or, for a pending block,
 * on a signing key that no final block has proven. `pinned`: rests on an election block pinned in the release. `proven`: rests on genesis.
 */
export type TrustLevel = 'claimed' | 'witnessed' | 'pinned' | 'proven';

/** `final`: at or below a verified macro block. */
export type Finality = 'final' | 'pending';

/** A peer that vouched for the block that was accepted on trust. */
export interface Witness {
  readonly peer: string;
  /** The network that counted as one witness, see `witness-network.ts`. */
  readonly subnet: string;
  /** Unix milliseconds. */
  readonly saidAt: number;
}

/** The block from which everything else was verified forward. */
export interface Anchor {
  readonly kind: 'genesis' | 'pinned' | 'witnesses';
  readonly height: number;
  readonly hash: string;
  /** Empty unless `kind` is `witnesses`. */
  readonly witnesses: readonly Witness[];
  /** True if fewer witnesses than wanted were available. */
  readonly fewWitnesses: boolean;
  /** A zero-knowledge proof covers every election block from genesis up to this one. With `kind` genesis only. */
  readonly proof?: { readonly height: number; readonly hash: string } | undefined;
  /**
   * It came from storage and was not verified again in this session: it earns `witnessed` at most, and no peer is judged by it. Never stored.
   */
  readonly unchecked?: boolean | undefined;
}

/** What was verified since the anchor: how often, by the names that the chain gives, and how long the past took. */
export interface CheckedCounts {
  readonly [name: string]: number;
  /** How long the verification of the past took, from the genesis or a pinned block to the block that was accepted on trust. */
  readonly milliseconds: number;
}

/** The sum, name by name. Both have the same names. */
export function sumOfChecked<T extends CheckedCounts>(a: T, b: T): T {
  return Object.fromEntries(Object.entries(a).map(([name, count]) => [name, count + b[name]!])) as T;
}

const order: readonly TrustLevel[] = ['claimed', 'witnessed', 'pinned', 'proven'];

/** The level, limited to `limit`. */
export function atMost(level: TrustLevel, limit: TrustLevel): TrustLevel {
  return order.indexOf(level) > order.indexOf(limit) ? limit : level;
}

/** Whether a level is `least` or higher. */
export function reaches(level: TrustLevel, least: TrustLevel): boolean {
  return order.indexOf(level) >= order.indexOf(least);
}

/** The level that the evidence earns. Without an anchor the level is `claimed`. */
export function trustLevel(anchor: Anchor | undefined): TrustLevel {
  return anchor?.unchecked ? atMost(levelOf(anchor), 'witnessed') : levelOf(anchor);
}

function levelOf(anchor: Anchor | undefined): TrustLevel {
  switch (anchor?.kind) {
    case 'genesis':
      return 'proven';
    case 'pinned':
      return 'pinned';
    case 'witnesses':
      return anchor.witnesses.length > 0 ? 'witnessed' : 'claimed';
    case undefined:
      return 'claimed';
  }
}
