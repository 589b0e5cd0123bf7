/**
 * BLS signatures on MNT6-753: public keys in G2 (285 bytes), signatures in G1 (95 bytes), over 32-byte message hashes (Albatross
 * cryptography reference, 6).
 * @module
 */
import { blsSign } from './bls-signing.ts';
import { blsVerifierOf } from './bls-verifier.ts';
import { CryptoInputError } from './crypto-input-error.ts';
import { isWeight, MAX_WEIGHT } from './signer.ts';
import type { Signer } from './signer.ts';
import { finish } from './finish.ts';
import { decodeG1Steps, encodeG1 } from './mnt6/encoding.ts';
import type { Fq3 } from './mnt6/fq3.ts';
import { g1 } from './mnt6/g1.ts';
import { bigintMnt6 } from './mnt6/mnt6.ts';

const verifier = blsVerifierOf(bigintMnt6);

/**
 * The sum of `weight` times the same signature: the part of an aggregate that a validator with that many slots contributes.
 * @throws {CryptoInputError} `wrong-length`, `secret-out-of-range`, `out-of-range` (weight).
 */
export function blsSignWeighted(secret: Uint8Array, sigHash: Uint8Array, weight: number): Uint8Array {
  if (!isWeight(weight)) throw new CryptoInputError('out-of-range', `weight: expected 1 to ${MAX_WEIGHT}, got ${weight}`);
  return blsSign(secret, sigHash, BigInt(weight));
}

/** The sum of signatures over one message, or undefined if one of them is not a point. */
export function aggregateSignatures(signatures: readonly Uint8Array[]): Uint8Array | undefined {
  let sum = g1.infinity;
  for (const signature of signatures) {
    const point = finish(decodeG1Steps(signature));
    if (!point) return undefined;
    if (point !== 'infinity') sum = g1.add(sum, point);
  }
  return encodeG1(g1.toAffine(sum));
}

/** Whether `signature` (95 bytes) of the message hash is valid under `publicKey` (285 bytes). Accepts any bytes and never throws. */
export function verifyBls(publicKey: Uint8Array, sigHash: Uint8Array, signature: Uint8Array): boolean {
  return verifyMultiSignature({ sigHash, signature, signers: [{ compressed: publicKey, weight: 1 }] });
}

/**
 * Whether `signature` is the sum of all signers' signatures, each taken as often as its weight. False if a key (285 bytes) is not a point
 * of G2, if the sum of the keys is infinity, or if there are no signers. The caller must check that enough validators signed.
 */
export function verifyMultiSignature({ sigHash, signature, signers }: {
  readonly sigHash: Uint8Array;
  readonly signature: Uint8Array;
  readonly signers: readonly { readonly compressed: Uint8Array; readonly weight: number }[];
}): boolean {
  const known: Signer<Fq3>[] = [];
  for (const { compressed, weight } of signers) {
    const key = finish(verifier.keys.decodeSteps({ compressed }));
    if (!key) return false;
    known.push({ key, weight });
  }
  return finish(verifier.verifyWeightedSteps(sigHash, signature, known));
}
