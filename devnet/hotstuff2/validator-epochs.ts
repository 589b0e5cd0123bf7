import { hashOf } from '../../src/chains/hotstuff2/chain/hash.ts';
import { encodeValidatorSet, type Scheme, type ValidatorSet } from '../../src/chains/hotstuff2/wire/validator-set.ts';
import { replicaKey } from './keys.ts';
import type { ReplicaKey } from './replica-key.ts';

export interface Epoch {
  readonly number: number;
  readonly set: ValidatorSet;
  readonly bytes: Uint8Array;
  readonly hash: string;
  readonly keys: readonly ReplicaKey[];
}

/** The sets of validators of a local network: the same replicas with new keys in every epoch. */
export class ValidatorEpochs {
  readonly scheme: Scheme;
  readonly #seed: string;
  readonly #replicas: number;
  readonly #byHash = new Map<string, Epoch>();
  readonly epochs: Epoch[] = [];

  constructor(seed: string, replicas: number, scheme: Scheme) {
    this.#seed = seed;
    this.#replicas = replicas;
    this.scheme = scheme;
    this.add();
  }

  /** Makes the next set. */
  add(): Epoch {
    const number = this.epochs.length;
    const keys = Array.from({ length: this.#replicas }, (_, index) => replicaKey(this.#seed, number, index, this.scheme));
    const set: ValidatorSet = { scheme: this.scheme, keys: keys.map(({ publicKey }) => publicKey) };
    const bytes = encodeValidatorSet(set);
    const epoch = { number, set, bytes, hash: hashOf(bytes), keys };
    this.epochs.push(epoch);
    this.#byHash.set(epoch.hash, epoch);
    return epoch;
  }

  get(hash: string): Epoch | undefined {
    return this.#byHash.get(hash);
  }
}
