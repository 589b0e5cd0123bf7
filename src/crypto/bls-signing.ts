/**
 * BLS keys and signatures on MNT6-753, made from a secret (Albatross cryptography reference, 6). It does not run in constant time.
 * @module
 */
import { SIG_HASH_LENGTH } from './signer.ts';
import { CryptoInputError, requireLength } from './crypto-input-error.ts';
import { finish } from './finish.ts';
import { R } from './mnt6/constants.ts';
import { decodeScalar, encodeG1, SCALAR_LENGTH } from './mnt6/encoding.ts';
import { fq3 } from './mnt6/fq3.ts';
import { g1 } from './mnt6/g1.ts';
import { g2EncodingOver } from './mnt6/g2-encoding.ts';
import { g2Over } from './mnt6/g2.ts';
import { hashToG1Steps } from './mnt6/hash-to-g1.ts';

/** Without the pairing: who only signs does not load it. */
const g2 = g2Over(fq3);
const encoding = g2EncodingOver(fq3, g2);

/** Whether these bytes (285) are a key: a point of G2, and not infinity. Takes some milliseconds. Never throws. */
export function isBlsPublicKey(bytes: Uint8Array): boolean {
  const point = finish(encoding.decodeSteps(bytes));
  return point !== undefined && point !== 'infinity';
}

/**
 * The public key (285 bytes) of a secret (95 bytes, little endian, 0 < secret < r).
 * @throws {CryptoInputError} `wrong-length`, `secret-out-of-range`.
 */
export function blsPublicKey(secret: Uint8Array): Uint8Array {
  return encoding.encode(g2.toAffine(finish(g2.multiplySteps(g2.generator, readSecret(secret)))));
}

/**
 * The signature (95 bytes) of a message hash (32 bytes). `times`: the sum of as many of it, at least 1.
 * @throws {CryptoInputError} `wrong-length`, `secret-out-of-range`.
 */
export function blsSign(secret: Uint8Array, sigHash: Uint8Array, times = 1n): Uint8Array {
  requireLength(sigHash, SIG_HASH_LENGTH, 'message hash');
  return encodeG1(g1.toAffine(finish(g1.multiplySteps(finish(hashToG1Steps(sigHash)), (readSecret(secret) * times) % R))));
}

function readSecret(bytes: Uint8Array): bigint {
  requireLength(bytes, SCALAR_LENGTH, 'BLS secret');
  const secret = decodeScalar(bytes);
  if (!secret) throw new CryptoInputError('secret-out-of-range', 'BLS secret: expected more than zero and less than the group order');
  return secret;
}
