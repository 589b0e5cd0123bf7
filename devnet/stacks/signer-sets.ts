// Tests: `devnet/stacks/stacks-chain.test.ts`.
import { compareBytes, fromHex } from '../../src/base/bytes.ts';
import { seededRandom } from '../seeded-random.ts';
import { keyOf, type DevKey } from './dev-key.ts';

export interface DevSigner {
  readonly key: DevKey;
  readonly weight: number;
}

/** The weight of all signers of a set, and that of the one signer without whom 69 % are left. */
const TOTAL = 100;
const LARGEST = 31;

/** The signer sets of all cycles. They follow from the seed; each cycle leaves two signers of the pool out and has other weights. */
export class SignerSets {
  readonly #seed: string;
  readonly #pool: readonly DevKey[];
  readonly #empty: number | undefined;
  readonly #sets = new Map<number, readonly DevSigner[]>();

  /** `count`: signers of a set, 4 to 60. `emptyCycle`: one in which nobody takes part. */
  constructor(seed: string, count: number, emptyCycle?: number) {
    this.#seed = seed;
    this.#empty = emptyCycle;
    this.#pool = Array.from({ length: count + 2 }, (_, i) => keyOf(seed, 'signer', i));
  }

  /** The set of a cycle, ascending by key. The weights are 100 in all. */
  of(cycle: number): readonly DevSigner[] {
    const known = this.#sets.get(cycle);
    if (known) return known;
    if (cycle === this.#empty) return [];
    const { length } = this.#pool;
    const left = new Set([cycle % length, (cycle * 2 + 3) % length]);
    if (left.size < 2) left.add((cycle + 1) % length);
    const members = this.#pool.filter((_, i) => !left.has(i)).toSorted((a, b) => compareBytes(fromHex(a.key), fromHex(b.key)));
    const weights = this.#weights(cycle, members.length);
    const set = members.map((key, i) => ({ key, weight: weights[i]! }));
    this.#sets.set(cycle, set);
    return set;
  }

  #weights(cycle: number, count: number): readonly number[] {
    const random = seededRandom(this.#seed, `stacks weights ${cycle}`);
    const weights = Array.from({ length: count }, () => 1);
    const largest = cycle % count;
    weights[largest] = LARGEST;
    for (let rest = TOTAL - LARGEST - (count - 1); rest > 0; ) {
      const at = Math.floor(random.next() * count);
      if (at === largest || (count > 3 && weights[at]! >= LARGEST - 1)) continue;
      weights[at]! += 1;
      rest -= 1;
    }
    return weights;
  }
}

/** Signers with 69 % of the weight: all but the largest. */
export function tooLight(set: readonly DevSigner[]): readonly DevSigner[] {
  return set.filter(({ weight }) => weight !== LARGEST);
}

/** Signers with enough weight: all, or all but one that `draw` chooses (0 to 1; from 0.5 on nobody is missing). */
export function enough(set: readonly DevSigner[], draw: number): readonly DevSigner[] {
  const missing = set[Math.floor(draw * 2 * set.length)];
  return missing === undefined || missing.weight > TOTAL - 70 ? set : set.filter((it) => it !== missing);
}
