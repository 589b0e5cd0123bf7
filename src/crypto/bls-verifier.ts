/**
 * Verification of BLS signatures over a curve object, with what it remembers: voting keys as points, prepared lines.
 * @module
 */
import { bytesToHex } from '@noble/hashes/utils.js';
import { BoundedCache } from './bounded-cache.ts';
import { decodeG1Steps } from './mnt6/encoding.ts';
import type { G1Affine } from './mnt6/g1.ts';
import { hashToG1Steps } from './mnt6/hash-to-g1.ts';
import type { Affine, Weighted } from './mnt6/jacobian.ts';
import type { Mnt6 } from './mnt6/mnt6.ts';
import type { PreparedG2 } from './mnt6/pairing.ts';
import { pointOf, votingKeysOf } from './voting-key.ts';
import type { VotingKey, VotingKeySteps } from './voting-key.ts';

/** Length of a message hash in bytes. */
export const SIG_HASH_LENGTH = 32;

/** The most that a weight may be: far more than the 512 slots there are. */
export const MAX_WEIGHT = 0xffff;

export function isWeight(weight: number): boolean {
  return Number.isInteger(weight) && weight >= 1 && weight <= MAX_WEIGHT;
}

/** A key and how many slots it signs for. */
export interface Signer<E> {
  readonly key: VotingKey<E>;
  readonly weight: number;
}

export interface BlsVerifier<E> {
  readonly votingKeySteps: VotingKeySteps<E>;
  /**
   * Whether `signature` is the sum of all signers' signatures, each as often as its weight says. False if the sum of the keys is
   * infinity, or if there are no signers.
   */
  verifyWeightedSteps(sigHash: Uint8Array, signature: Uint8Array, signers: readonly Signer<E>[]): Generator<void, boolean>;
}

export function blsVerifierOf<E>(curve: Mnt6<E>): BlsVerifier<E> {
  const { g2, pairing, encoding } = curve;

  /**
   * The lines of the last few aggregate keys, 0.5 MB each: where the same validators sign block after block, the sum of their keys is
   * the same. By the compressed key in hex.
   */
  const preparedKeys = new BoundedCache<PreparedG2<E>>(4);

  /** Those of minus the generator, which every verification needs. */
  let preparedGenerator: PreparedG2<E> | undefined;

  /** e(signature, -G2) · e(H(message), key) = 1. */
  function* verifyPointsSteps(message: G1Affine, signature: G1Affine, key: Affine<E>): Generator<void, boolean> {
    preparedGenerator ??= yield* pairing.prepareSteps(g2.negate(g2.generator));
    const name = bytesToHex(encoding.encode(key));
    const preparedKey = preparedKeys.get(name) ?? (yield* pairing.prepareSteps(key));
    preparedKeys.set(name, preparedKey);
    return yield* pairing.isProductOneSteps([
      { p: signature, q: preparedGenerator },
      { p: message, q: preparedKey },
    ]);
  }

  return {
    votingKeySteps: votingKeysOf(curve),
    *verifyWeightedSteps(sigHash, signature, signers) {
      if (sigHash.length !== SIG_HASH_LENGTH || !signers.every(({ weight }) => isWeight(weight))) return false;
      const point = yield* decodeG1Steps(signature);
      // Infinity would be the signature of the sum of no keys.
      if (!point || point === 'infinity') return false;
      const weighted: Weighted<E>[] = signers.map(({ key, weight }) => ({ point: pointOf(key), weight }));
      const key = g2.toAffine(yield* g2.weightedSumSteps(weighted));
      if (key === 'infinity') return false;
      return yield* verifyPointsSteps(yield* hashToG1Steps(sigHash), point, key);
    },
  };
}
