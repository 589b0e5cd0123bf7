/**
 * BLS signatures over BLS12-381 with keys in G2 and signatures in G1, as gnark's and blst's "short signatures" (HotStuff-2 reference, 1.2). Only chains
 * that use them load this file, because the curve's code is large.
 * @module
 */
import { bls12_381 } from '@noble/curves/bls12-381.js';

/** The tag of the hash to the curve. */
export const BLS12381_TAG = 'BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_';
/** Keys in one signature at most: the largest validator set (HotStuff-2 reference, 3). */
const MAX_KEYS = 1024;
/** Keys that are decoded between two steps; each takes some 3 ms. */
const KEYS_A_STEP = 2;

const { shortSignatures, G1, G2 } = bls12_381;

/**
 * Whether `signature` (48 bytes, compressed G1) is the sum of the signatures of `message` under `keys` (96 bytes each, compressed G2). Keys and signature
 * must be points of the prime-order subgroup and not infinity; nor may the sum of the keys be infinity. Never throws.
 */
export function* verifyBls12381Steps(keys: readonly Uint8Array[], message: Uint8Array, signature: Uint8Array): Generator<void, boolean> {
  if (keys.length === 0 || keys.length > MAX_KEYS || signature.length !== 48) return false;
  try {
    const point = G1.Point.fromBytes(new Uint8Array(signature));
    if (point.is0() || !point.isTorsionFree()) return false;
    let sum = G2.Point.ZERO;
    for (const [i, bytes] of keys.entries()) {
      if (bytes.length !== 96) return false;
      const key = G2.Point.fromBytes(new Uint8Array(bytes));
      if (key.is0() || !key.isTorsionFree()) return false;
      sum = sum.add(key);
      if (i % KEYS_A_STEP === 0) yield;
    }
    if (sum.is0()) return false;
    const hashed = shortSignatures.hash(new Uint8Array(message), BLS12381_TAG);
    yield;
    return shortSignatures.verify(point, hashed, sum);
  } catch {
    return false;
  }
}
