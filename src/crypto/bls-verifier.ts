/**
 * Verification of BLS signatures over a curve object, with its caches: voting keys as points, their sums, prepared lines.
 * @module
 */
import { firstInvalidOf, systemRandomBytes } from './justification-batch.ts';
import type { FirstInvalidSteps, RandomBytes } from './justification-batch.ts';
import { keySumsOf } from './key-sums.ts';
import { decodeG1Steps } from './mnt6/encoding.ts';
import { hashToG1Steps } from './mnt6/hash-to-g1.ts';
import type { Mnt6 } from './mnt6/mnt6.ts';
import { preparedLinesOf } from './prepared-lines.ts';
import { isWellFormed } from './signer.ts';
import type { Signer } from './signer.ts';
import { votingKeysOf } from './voting-key.ts';
import type { VotingKeys } from './voting-key.ts';

export interface BlsVerifier<E> {
  readonly keys: VotingKeys<E>;
  /**
   * Whether `signature` is the sum of all signers' signatures, each taken as often as its weight. False if the sum of the keys is infinity,
   * or if there are no signers.
   */
  verifyWeightedSteps(sigHash: Uint8Array, signature: Uint8Array, signers: readonly Signer<E>[]): Generator<void, boolean>;
  /** The index of the first signature that `verifyWeightedSteps` refuses, if there is one. */
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
      // Infinity would be a valid signature for an empty sum of keys.
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
