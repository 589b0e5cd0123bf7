/**
 * The VRF's map from bytes to the Edwards curve: curve25519-dalek's `nonspec_map_to_curve` with SHA-512. It is NOT the Elligator 2 of RFC
 * 9380: the sign bit and the formulas differ (Albatross cryptography reference, 3).
 * @module
 */
import { ed25519 } from '@noble/curves/ed25519.js';
import type { EdwardsPoint } from '@noble/curves/abstract/edwards.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { fromLittleEndian } from './little-endian.ts';

const Fp = ed25519.Point.Fp;

/** The coefficient A of the Montgomery form of the curve (RFC 7748, 4.1). */
const MONTGOMERY_A = 486662n;

/** A point of the prime-order subgroup (possibly the identity), of unknown discrete logarithm. */
export function mapToCurve25519(input: Uint8Array): EdwardsPoint {
  const digest = sha512(input).slice(0, 32);
  const sign = digest[31]! >> 7;
  digest[31]! &= 0x7f;
  const u = montgomeryU(Fp.create(fromLittleEndian(digest)));
  // Montgomery u to Edwards y. No division by zero: u = -1 is not on the curve, as A - 2 is not a square.
  const y = Fp.mul(Fp.sub(u, 1n), Fp.inv(Fp.add(u, 1n)));
  const encoded = Fp.toBytes(y);
  encoded[31]! |= sign << 7;
  return ed25519.Point.fromBytes(encoded, true).clearCofactor();
}

/**
 * Elligator's choice between the two candidates for u: d = -A / (1 + 2 r²) when d³ + A d² + d is a square, else -d - A. The
 * denominator is never zero, as -1/2 is not a square.
 */
function montgomeryU(r: bigint): bigint {
  const d = Fp.mul(Fp.neg(MONTGOMERY_A), Fp.inv(Fp.add(1n, Fp.mul(2n, Fp.sqr(r)))));
  const e = Fp.mul(d, Fp.add(Fp.mul(d, Fp.add(d, MONTGOMERY_A)), 1n));
  return isSquare(e) ? d : Fp.sub(Fp.neg(d), MONTGOMERY_A);
}

/** Zero counts as a square. */
function isSquare(value: bigint): boolean {
  return Fp.pow(value, (Fp.ORDER - 1n) / 2n) !== Fp.ORDER - 1n;
}
