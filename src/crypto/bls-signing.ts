/**
 * BLS keys and signatures on MNT6-753, made from a secret (Albatross cryptography reference, 6). It does not run in constant time.
 * @module
 */
import { isWeight, MAX_WEIGHT, SIG_HASH_LENGTH } from './signer.ts';
import { CryptoInputError, requireLength } from './crypto-input-error.ts';
import { finish } from './finish.ts';
import { R } from './mnt6/constants.ts';
import { decodeScalar, encodeG1, SCALAR_LENGTH } from './mnt6/encoding.ts';
import { g1 } from './mnt6/g1.ts';
import { hashToG1Steps } from './mnt6/hash-to-g1.ts';
import { bigintMnt6 } from './mnt6/mnt6.ts';

const { g2, encoding } = bigintMnt6;

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

function readSecret(bytes: Uint8Array): bigint {
  requireLength(bytes, SCALAR_LENGTH, 'BLS secret');
  const secret = decodeScalar(bytes);
  if (!secret) throw new CryptoInputError('secret-out-of-range', 'BLS secret: expected more than zero and less than the group order');
  return secret;
}
