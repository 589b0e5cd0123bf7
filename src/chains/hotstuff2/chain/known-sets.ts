import type { Hash } from '../../../base/hash.ts';
import { decodeValidatorSet } from '../wire/validator-set.ts';
import type { ValidatorSet } from '../wire/validator-set.ts';
import { WireError } from '../wire/wire-error.ts';
import { hashOf, hashOfSet } from './hash.ts';
import type { RuleCode } from './rule-code.ts';

/** Sets whose bytes are kept beside the trusted ones; the oldest goes. A chain names two at a time. */
const MAX_SETS = 16;

/** Fetches the bytes of a set from peers by its hash; undefined: none has them. Rejects with the signal's reason only. */
export type FetchSet = (hash: Hash, signal: AbortSignal) => Promise<Uint8Array | undefined>;

/** A set that has ruled after the pinned one, and the bytes of the finality proof, signed by an earlier set, of a block that announces it. */
export interface SetLink {
  readonly set: ValidatorSet;
  readonly proof: Uint8Array;
}

/** The validator sets by their hash: bytes that somebody sent, and those of which a final block has shown that they rule. */
export class KnownSets {
  readonly #sets = new Map<Hash, ValidatorSet>();
  readonly #trusted = new Set<Hash>();
  /** Proofs that announce a set, by its hash; the oldest goes. */
  readonly #announced = new Map<Hash, Uint8Array>();
  readonly #links = new Map<Hash, SetLink>();
  readonly #fetch: FetchSet;

  /** `pinned`: the set of genesis or of a checkpoint, which alone may use BLS: its keys have no proof of possession (HotStuff-2 reference, 1.2). */
  constructor(pinned: ValidatorSet, fetch: FetchSet) {
    const hash = hashOfSet(pinned);
    this.#sets.set(hash, pinned);
    this.#trusted.add(hash);
    this.#fetch = fetch;
  }

  get(hash: Hash): ValidatorSet | undefined {
    return this.#sets.get(hash);
  }

  /** The set, if it rules or has ruled. */
  readonly trustedSet = (hash: Hash): ValidatorSet | undefined => (this.#trusted.has(hash) ? this.#sets.get(hash) : undefined);

  get trusted(): readonly Hash[] {
    return [...this.#trusted];
  }

  /** How the trust in the sets after the pinned one came about, in this order. */
  get links(): readonly SetLink[] {
    return [...this.#links.values()];
  }

  /** A finality proof, which was verified, shows that this set is announced. */
  announced(hash: Hash, proof: Uint8Array): void {
    if (this.#trusted.has(hash)) return;
    this.#announced.set(hash, proof);
    if (this.#announced.size > MAX_SETS) this.#announced.delete(this.#announced.keys().next().value!);
  }

  /** A final block is signed by this set, after a hand-over whose rules it has kept; or a final block of an earlier set announces it. */
  trust(hash: Hash): void {
    const set = this.#sets.get(hash);
    if (!set || this.#trusted.has(hash)) return;
    this.#trusted.add(hash);
    const proof = this.#announced.get(hash);
    if (proof) this.#links.set(hash, { set, proof });
    this.#announced.delete(hash);
  }

  /** Takes the bytes of a set. Returns the set, if it has this hash and this form. */
  take(hash: Hash, bytes: Uint8Array): ValidatorSet | undefined {
    if (hashOf(bytes) !== hash) return undefined;
    try {
      const set = decodeValidatorSet(bytes);
      this.#sets.set(hash, set);
      const spare = [...this.#sets.keys()].filter((it) => !this.#trusted.has(it));
      if (spare.length > MAX_SETS) this.#sets.delete(spare[0]!);
      return set;
    } catch (error) {
      if (error instanceof WireError) return undefined;
      throw error;
    }
  }

  /** The set that a header names, fetched if need be; or the rule that this breaks. */
  async find(hash: Hash, signal: AbortSignal): Promise<ValidatorSet | RuleCode> {
    let set = this.#sets.get(hash);
    if (!set) {
      const bytes = await this.#fetch(hash, signal);
      set = bytes && this.take(hash, bytes);
    }
    if (!set) return 'set-unknown-bytes';
    return set.scheme === 'bls' && !this.#trusted.has(hash) ? 'bls-handover' : set;
  }
}
