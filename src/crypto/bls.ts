/**
 * BLS signatures on MNT6-753: public keys in G2 (285 bytes), signatures in G1 (95 bytes), over 32-byte message hashes (Albatross
 * cryptography reference, 6). Signing is here for the devnet and the tests; it does not run in constant time.
 * @module
 */
import { blsVerifierOf } from './bls-verifier.ts';
import { isWeight, MAX_WEIGHT, SIG_HASH_LENGTH } from './signer.ts';
import type { Signer } from './signer.ts';
import { CryptoInputError, requireLength } from './crypto-input-error.ts';
import { finish } from './finish.ts';
import { R } from './mnt6/constants.ts';
import { decodeG1Steps, decodeScalar, encodeG1, SCALAR_LENGTH } from './mnt6/encoding.ts';
import type { Fq3 } from './mnt6/fq3.ts';
import { g1 } from './mnt6/g1.ts';
import { hashToG1Steps } from './mnt6/hash-to-g1.ts';
import { bigintMnt6 } from './mnt6/mnt6.ts';

const { g2, encoding } = bigintMnt6;

const verifier = blsVerifierOf(bigintMnt6);

/**
 * The public key (285 bytes) of a secret (95 bytes, little endian, 0 < secret < r).
 * @throws {CryptoInputError} `wrong-length`, `secret-out-of-range`.
 */
export function blsPublicKey(secret: Uint8Array): Uint8Array {
  return encoding.encode(g2.toAffine(finish(g2.multiplySteps(g2.generator, readSecret(secret)))));
}

/**
 * The signature (95 bytes) of a message hash (32 bytes).
 * @throws {CryptoInputError} `wrong-length`, `secret-out-of-range`.
 */
export function blsSign(secret: Uint8Array, sigHash: Uint8Array): Uint8Array {
  return blsSignWeighted(secret, sigHash, 1);
}

/**
 * The sum of `weight` times the same signature: the part of an aggregate that a validator with that many slots contributes.
 * @throws {CryptoInputError} `wrong-length`, `secret-out-of-range`, `out-of-range` (weight).
 */
export function blsSignWeighted(secret: Uint8Array, sigHash: Uint8Array, weight: number): Uint8Array {
  requireLength(sigHash, SIG_HASH_LENGTH, 'message hash');
  if (!isWeight(weight)) throw new CryptoInputError('out-of-range', `weight: expected 1 to ${MAX_WEIGHT}, got ${weight}`);
  const scalar = (readSecret(secret) * BigInt(weight)) % R;
  return encodeG1(g1.toAffine(finish(g1.multiplySteps(finish(hashToG1Steps(sigHash)), scalar))));
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

function readSecret(bytes: Uint8Array): bigint {
  requireLength(bytes, SCALAR_LENGTH, 'BLS secret');
  const secret = decodeScalar(bytes);
  if (!secret) throw new CryptoInputError('secret-out-of-range', 'BLS secret: expected more than zero and less than the group order');
  return secret;
}
