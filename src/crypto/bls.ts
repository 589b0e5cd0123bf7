/**
 * BLS signatures on MNT6-753: public keys in G2 (285 bytes), signatures in G1 (95 bytes), over 32-byte message hashes (Albatross
 * cryptography reference, 6). Signing is here for the devnet and the tests; it does not run in constant time.
 * @module
 */
import { bytesToHex } from '@noble/hashes/utils.js';
import { BoundedCache } from './bounded-cache.ts';
import { CryptoInputError, requireLength } from './crypto-input-error.ts';
import { finish } from './finish.ts';
import { R } from './mnt6/constants.ts';
import { decodeG1Steps, decodeScalar, encodeG1, encodeG2, SCALAR_LENGTH } from './mnt6/encoding.ts';
import { g1 } from './mnt6/g1.ts';
import type { G1Affine } from './mnt6/g1.ts';
import { g2, g2Generator } from './mnt6/g2.ts';
import type { G2Affine } from './mnt6/g2.ts';
import { hashToG1Steps } from './mnt6/hash-to-g1.ts';
import type { Weighted } from './mnt6/jacobian.ts';
import { isPairingProductOneSteps, prepareSteps } from './mnt6/pairing.ts';
import type { PreparedG2 } from './mnt6/pairing.ts';
import { votingKeySteps } from './voting-key.ts';

/** Length of a message hash in bytes. */
const SIG_HASH_LENGTH = 32;

/** The most that a weight may be: far more than the 512 slots there are. */
const MAX_WEIGHT = 0xffff;

/**
 * The lines of the last few aggregate keys, 0.5 MB each: where the same validators sign block after block, the sum of their keys is
 * the same. By the compressed key in hex.
 */
const preparedKeys = new BoundedCache<PreparedG2>(4);

/** Those of minus the generator, which every verification needs. */
let preparedGenerator: PreparedG2 | undefined;

/**
 * The public key (285 bytes) of a secret (95 bytes, little endian, 0 < secret < r).
 * @throws {CryptoInputError} `wrong-length`, `secret-out-of-range`.
 */
export function blsPublicKey(secret: Uint8Array): Uint8Array {
  return encodeG2(g2.toAffine(finish(g2.multiplySteps(g2Generator, readSecret(secret)))));
}

/**
 * The signature (95 bytes) of a message hash (32 bytes).
 * @throws {CryptoInputError} `wrong-length`, `secret-out-of-range`.
 */
export function blsSign(secret: Uint8Array, sigHash: Uint8Array): Uint8Array {
  return blsSignWeighted(secret, sigHash, 1);
}

/**
 * The sum of `weight` times the same signature: what a validator with that many slots adds to an aggregate.
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

/** Whether `signature` (95 bytes) of the message hash is valid under `publicKey` (285 bytes). Any bytes are answered. */
export function verifyBls(publicKey: Uint8Array, sigHash: Uint8Array, signature: Uint8Array): boolean {
  const key = finish(votingKeySteps({ compressed: publicKey }));
  return key !== undefined && finish(verifyWeightedSteps(sigHash, signature, [{ point: key.point, weight: 1 }]));
}

/** A key of 285 bytes, and how many slots it signs for. */
export interface Signer {
  readonly compressed: Uint8Array;
  readonly weight: number;
}

/**
 * Whether `signature` is the sum of all signers' signatures, each as often as its weight says. False if a key is not a point of G2,
 * if the sum of the keys is infinity, or if there are no signers. How many must sign is for the caller to check.
 */
export function verifyMultiSignature({ sigHash, signature, signers }: { sigHash: Uint8Array; signature: Uint8Array; signers: readonly Signer[] }): boolean {
  const keys: Weighted<G2Affine['x']>[] = [];
  for (const { compressed, weight } of signers) {
    const key = finish(votingKeySteps({ compressed }));
    if (!key) return false;
    keys.push({ point: key.point, weight });
  }
  return finish(verifyWeightedSteps(sigHash, signature, keys));
}

/** As `verifyMultiSignature`, of keys that are decoded and checked already, in steps. */
export function* verifyWeightedSteps(sigHash: Uint8Array, signature: Uint8Array, keys: readonly Weighted<G2Affine['x']>[]): Generator<void, boolean> {
  if (sigHash.length !== SIG_HASH_LENGTH || !keys.every(({ weight }) => isWeight(weight))) return false;
  const point = yield* decodeG1Steps(signature);
  // Infinity would be the signature of the sum of no keys.
  if (!point || point === 'infinity') return false;
  const key = g2.toAffine(yield* g2.weightedSumSteps(keys));
  if (key === 'infinity') return false;
  return yield* verifyPointsSteps(yield* hashToG1Steps(sigHash), point, key);
}

/** e(signature, -G2) · e(H(message), key) = 1. */
function* verifyPointsSteps(message: G1Affine, signature: G1Affine, key: G2Affine): Generator<void, boolean> {
  preparedGenerator ??= yield* prepareSteps(g2.negate(g2Generator));
  const name = bytesToHex(encodeG2(key));
  const preparedKey = preparedKeys.get(name) ?? (yield* prepareSteps(key));
  preparedKeys.set(name, preparedKey);
  return yield* isPairingProductOneSteps([
    { p: signature, q: preparedGenerator },
    { p: message, q: preparedKey },
  ]);
}

function readSecret(bytes: Uint8Array): bigint {
  requireLength(bytes, SCALAR_LENGTH, 'BLS secret');
  const secret = decodeScalar(bytes);
  if (!secret) throw new CryptoInputError('secret-out-of-range', 'BLS secret: expected more than zero and less than the group order');
  return secret;
}

function isWeight(weight: number): boolean {
  return Number.isInteger(weight) && weight >= 1 && weight <= MAX_WEIGHT;
}
