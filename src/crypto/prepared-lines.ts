/**
 * The lines of points of G2, prepared once and cached, 0.5 MB each.
 * @module
 */
import { bytesToHex } from '@noble/hashes/utils.js';
import { BoundedCache } from '../base/bounded-cache.ts';
import type { Affine } from './mnt6/jacobian.ts';
import type { Mnt6 } from './mnt6/mnt6.ts';
import type { PreparedG2 } from './mnt6/pairing.ts';
import { pointOf } from './voting-key.ts';
import type { VotingKey } from './voting-key.ts';

/** While the same validators sign block after block, the sum of their keys stays the same. */
const SUMS = 4;

/** Voting keys whose lines are cached, some 60 MB: more than all validators that take turns in an elected set of 60. */
const KEYS = 128;

export interface PreparedLines<E> {
  /** The lines of minus the generator, which every verification needs. */
  generatorSteps(): Generator<void, PreparedG2<E>>;
  /** The lines of a sum of keys. */
  sumSteps(point: Affine<E>): Generator<void, PreparedG2<E>>;
  keySteps(key: VotingKey<E>): Generator<void, PreparedG2<E>>;
  hasKey(key: VotingKey<E>): boolean;
}

export function preparedLinesOf<E>({ g2, pairing, encoding }: Mnt6<E>): PreparedLines<E> {
  /** By the compressed point in hex. */
  const sums = new BoundedCache<PreparedG2<E>>(SUMS);
  const keys = new BoundedCache<PreparedG2<E>>(KEYS);
  let generator: PreparedG2<E> | undefined;

  function* through(cache: BoundedCache<PreparedG2<E>>, name: string, point: () => Affine<E>): Generator<void, PreparedG2<E>> {
    const lines = cache.get(name) ?? (yield* pairing.prepareSteps(point()));
    cache.set(name, lines);
    return lines;
  }

  return {
    *generatorSteps() {
      generator ??= yield* pairing.prepareSteps(g2.negate(g2.generator));
      return generator;
    },
    sumSteps: (point) => through(sums, bytesToHex(encoding.encode(point)), () => point),
    keySteps: (key) => through(keys, key.name, () => pointOf(key)),
    hasKey: (key) => keys.has(key.name),
  };
}
