// Tests: `src/chains/hotstuff2/client/hotstuff2-chain.test.ts`, `src/chains/hotstuff2/client/hostile-peers.test.ts`.
import type { Hash } from '../../../base/hash.ts';
import { decodeValidatorSet } from '../wire/validator-set.ts';
import type { ValidatorSet } from '../wire/validator-set.ts';
import { WireError } from '../wire/wire-error.ts';
import { hashOf, hashOfSet } from './hash.ts';
import type { RuleCode } from './rule-code.ts';
import { SetTerms } from './set-terms.ts';
import type { Place } from './set-terms.ts';

/** Sets whose bytes are kept beside the trusted ones; the oldest goes. A chain names two at a time. */
const MAX_SETS = 16;

/** Fetches the bytes of a set from peers by its hash; undefined: none has them. Rejects with the signal's reason only. */
export type FetchSet = (hash: Hash, signal: AbortSignal) => Promise<Uint8Array | undefined>;

/** A set that has ruled after the pinned one, and the bytes of the finality proof, signed by an earlier set, of a block that announces it. */
export interface SetLink {
  readonly set: ValidatorSet;
  readonly proof: Uint8Array;
}

/** The validator sets by their hash: bytes that somebody sent, and those of which a final block has shown that they rule, and where. */
export class KnownSets {
  readonly #sets = new Map<Hash, ValidatorSet>();
  readonly #terms: SetTerms<SetLink>;
  /** Proofs that announce a set, by its hash; the oldest goes. */
  readonly #announced = new Map<Hash, Uint8Array>();
  readonly #fetch: FetchSet;

  /** `pinned`: the set of genesis or of a checkpoint, which alone may use BLS: its keys have no proof of possession (HotStuff-2 reference, 1.2). */
  constructor(pinned: ValidatorSet, fetch: FetchSet) {
    const hash = hashOfSet(pinned);
    this.#sets.set(hash, pinned);
    this.#terms = new SetTerms(hash);
    this.#fetch = fetch;
  }

  get(hash: Hash): ValidatorSet | undefined {
    return this.#sets.get(hash);
  }

  /** The set that signs a block, if it rules there as far as is known. */
  readonly rulingSet = (place: Place): ValidatorSet | undefined => (this.#terms.rules(place) ? this.#sets.get(place.validators) : undefined);

  /** The set of a child of a block whose set rules there, if that set comes next. */
  readonly nextSet = (parent: Place, next: Hash): ValidatorSet | undefined => (this.#terms.follows(parent, next) ? this.#sets.get(next) : undefined);

  /** The set that followed on our final chain on the one of such a block; undefined: none did yet. */
  followingSet(header: Place): Hash | undefined {
    return this.#terms.following(header);
  }

  /** The sets that rule or have ruled. A set may certify only blocks of its term: see `rulingSet`. */
  get trusted(): readonly Hash[] {
    return [...this.#terms.hashes];
  }

  /** How the trust in the sets after the pinned one came about: those of our chain in their order, and then those learned. */
  get links(): readonly SetLink[] {
    return this.#terms.links;
  }

  /** A finality proof, which was verified, shows that this set is announced. */
  announced(hash: Hash, proof: Uint8Array): void {
    this.#announced.delete(hash);
    this.#announced.set(hash, proof);
    if (this.#announced.size > MAX_SETS) this.#announced.delete(this.#announced.keys().next().value!);
  }

  /** A final block of this header, whose proof was verified, announces a set whose bytes are here. False: another one was announced there. */
  learn(header: Place, next: Hash, proof: Uint8Array): boolean {
    const set = this.#sets.get(next);
    return set !== undefined && this.#terms.learn(header, next, { set, proof });
  }

  /** A final block of our chain; its set keeps the rules of the hand-over. Ascending. */
  ruled(header: Place): void {
    this.#terms.ruled(header, (hash) => {
      const [set, proof] = [this.#sets.get(hash), this.#announced.get(hash)];
      return set && proof && { set, proof };
    });
  }

  /** Back to the pinned set. */
  clear(): void {
    this.#terms.clear();
    this.#announced.clear();
  }

  /** Takes the bytes of a set. Returns the set, if it has this hash and this form. */
  take(hash: Hash, bytes: Uint8Array): ValidatorSet | undefined {
    if (hashOf(bytes) !== hash) return undefined;
    try {
      const set = decodeValidatorSet(bytes);
      this.#sets.set(hash, set);
      const { hashes } = this.#terms;
      const spare = [...this.#sets.keys()].filter((it) => !hashes.has(it));
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
    return set.scheme === 'bls' && !this.#terms.hashes.has(hash) ? 'bls-handover' : set;
  }
}
