/**
 * Verification of BLS signatures over a curve object, with what it remembers: voting keys as points, their sums, prepared lines.
 * @module
 */
import { firstInvalidOf, systemRandomBytes } from './justification-batch.ts';
import type { FirstInvalidSteps, RandomBytes } from './justification-batch.ts';
import { keySumsOf } from './key-sums.ts';
import { decodeG1Steps } from './mnt6/encoding.ts';
import { hashToG1Steps } from './mnt6/hash-to-g1.ts';
import type { Mnt6 } from './mnt6/mnt6.ts';
import { preparedLinesOf } from './prepared-lines.ts';
import { votingKeysOf } from './voting-key.ts';
import type { VotingKey, VotingKeys } from './voting-key.ts';

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

/** Whether the message hash has 32 bytes, and the signers' weights are such. */
export function isWellFormed({ sigHash, signers }: { readonly sigHash: Uint8Array; readonly signers: readonly { readonly weight: number }[] }): boolean {
  return sigHash.length === SIG_HASH_LENGTH && signers.every(({ weight }) => isWeight(weight));
}

export interface BlsVerifier<E> {
  readonly keys: VotingKeys<E>;
  /**
   * Whether `signature` is the sum of all signers' signatures, each as often as its weight says. False if the sum of the keys is
   * infinity, or if there are no signers.
   */
  verifyWeightedSteps(sigHash: Uint8Array, signature: Uint8Array, signers: readonly Signer<E>[]): Generator<void, boolean>;
  /** Which of many signatures, if any, is the first that `verifyWeightedSteps` refuses. */
  readonly firstInvalidSteps: FirstInvalidSteps<E>;
}

export function blsVerifierOf<E>(curve: Mnt6<E>, random: RandomBytes = systemRandomBytes): BlsVerifier<E> {
  const { pairing } = curve;
  const keySumSteps = keySumsOf(curve);
  const lines = preparedLinesOf(curve);
  return {
    keys: votingKeysOf(curve),
    *verifyWeightedSteps(sigHash, signature, signers) {
      if (!isWellFormed({ sigHash, signers })) return false;
      const point = yield* decodeG1Steps(signature);
      // Infinity would be the signature of the sum of no keys.
      if (!point || point === 'infinity') return false;
      const key = yield* keySumSteps(signers);
      if (key === 'infinity') return false;
      // e(signature, -G2) · e(H(message), key) = 1.
      return yield* pairing.isProductOneSteps([
        { p: point, q: yield* lines.generatorSteps() },
        { p: yield* hashToG1Steps(sigHash), q: yield* lines.sumSteps(key) },
      ]);
    },
    firstInvalidSteps: firstInvalidOf({ curve, lines, keySumSteps, random }),
  };
}
