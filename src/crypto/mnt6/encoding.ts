/**
 * Points and scalars as bytes, the canonical encoding of arkworks (Albatross cryptography reference, 5). A coefficient takes 95 bytes,
 * least significant first, and must be below p; three coefficients stand in the order 1, u, u². The two top bits of the last byte are
 * flags. All decoders are total: what is not a point is undefined.
 * @module
 */
import { fromLittleEndian, toLittleEndian } from '../little-endian.ts';
import { P, R } from './constants.ts';
import { canonical } from './fq.ts';
import type { Fq } from './fq.ts';
import { canonicalFq3 } from './fq3.ts';
import type { Fq3 } from './fq3.ts';
import { g1, g1YSteps } from './g1.ts';
import type { G1Point } from './g1.ts';
import { g2, g2YSteps, isInSubgroupSteps, isOnTwist } from './g2.ts';
import type { G2Affine, G2Point } from './g2.ts';

/** Lengths in bytes. */
const FQ_LENGTH = 95;
export const SCALAR_LENGTH = 95;
const G1_LENGTH = 95;
const G2_LENGTH = 285;
const G2_AFFINE_LENGTH = 570;

/** Flags in the last byte. Both together are invalid. */
const NEGATIVE = 0x80;
const INFINITY = 0x40;

/** A compressed point of G1 (95 bytes: x). Every point of the curve is in the group. */
export function* decodeG1Steps(bytes: Uint8Array): Generator<void, G1Point | undefined> {
  const parts = bytes.length === G1_LENGTH ? splitFlags(bytes) : undefined;
  const x = parts && readFq(parts.body);
  if (!parts || x === undefined) return undefined;
  if (parts.infinity) return 'infinity';
  const y = yield* g1YSteps(x);
  if (y === undefined) return undefined;
  const point = { x, y: canonical(y) };
  return isNegativeFq(y) === parts.negative ? point : g1.negate(point);
}

/** A compressed point of G2 (285 bytes: x), checked for being in the subgroup of prime order. */
export function* decodeG2Steps(bytes: Uint8Array): Generator<void, G2Point | undefined> {
  const parts = bytes.length === G2_LENGTH ? splitFlags(bytes) : undefined;
  const x = parts && readFq3(parts.body);
  if (!parts || !x) return undefined;
  if (parts.infinity) return 'infinity';
  const y = yield* g2YSteps(x);
  if (!y) return undefined;
  const point = isNegativeFq3(y) === parts.negative ? { x, y } : g2.negate({ x, y });
  return (yield* isInSubgroupSteps(point)) ? point : undefined;
}

export function encodeG1(point: G1Point): Uint8Array {
  if (point === 'infinity') return withFlag(new Uint8Array(G1_LENGTH), INFINITY);
  return withFlag(writeFq(point.x), isNegativeFq(point.y) ? NEGATIVE : 0);
}

export function encodeG2(point: G2Point): Uint8Array {
  if (point === 'infinity') return withFlag(new Uint8Array(G2_LENGTH), INFINITY);
  return withFlag(writeFq3(point.x), isNegativeFq3(point.y) ? NEGATIVE : 0);
}

/** Both coordinates of a finite point of G2, without flags: 570 bytes, x then y. */
export function exportG2({ x, y }: G2Affine): Uint8Array {
  const bytes = new Uint8Array(G2_AFFINE_LENGTH);
  bytes.set(writeFq3(x));
  bytes.set(writeFq3(y), G2_LENGTH);
  return bytes;
}

/**
 * The point that `bytes` (as of `exportG2`) and `compressed` both give: undefined unless the x are the same, y is on the twist and
 * has the sign of the flag. So it is the very point that decoding `compressed` gives; that this is in the subgroup is NOT checked.
 */
export function importG2(bytes: Uint8Array, compressed: Uint8Array): G2Affine | undefined {
  if (bytes.length !== G2_AFFINE_LENGTH || compressed.length !== G2_LENGTH) return undefined;
  const parts = splitFlags(compressed);
  const xBytes = bytes.subarray(0, G2_LENGTH);
  if (!parts || parts.infinity || parts.body.some((byte, i) => byte !== xBytes[i])) return undefined;
  const x = readFq3(xBytes);
  const y = readFq3(bytes.subarray(G2_LENGTH));
  if (!x || !y || isNegativeFq3(y) !== parts.negative || !isOnTwist({ x, y })) return undefined;
  return { x, y };
}

/** A scalar below r: 95 bytes, without flags. */
export function decodeScalar(bytes: Uint8Array): bigint | undefined {
  const scalar = fromLittleEndian(bytes);
  return bytes.length === SCALAR_LENGTH && scalar < R ? scalar : undefined;
}

/** Whether y > -y, both as integers from 0 to p - 1. */
export function isNegativeFq(y: Fq): boolean {
  return 2n * canonical(y) > P;
}

/** Whether y > -y, compared first by the coefficients of u², then of u, then of 1. */
function isNegativeFq3(y: Fq3): boolean {
  const { c0, c1, c2 } = canonicalFq3(y);
  // A coefficient of zero is its own negative and leaves the decision to the next.
  return isNegativeFq(c2 || c1 || c0);
}

interface Parts {
  readonly negative: boolean;
  readonly infinity: boolean;
  /** A copy of the bytes with the flags cleared. */
  readonly body: Uint8Array;
}

function splitFlags(bytes: Uint8Array): Parts | undefined {
  const body = bytes.slice();
  const last = body.at(-1)!;
  const negative = (last & NEGATIVE) !== 0;
  const infinity = (last & INFINITY) !== 0;
  if (negative && infinity) return undefined;
  body[body.length - 1] = last & ~(NEGATIVE | INFINITY);
  return { negative, infinity, body };
}

function withFlag(bytes: Uint8Array, flag: number): Uint8Array {
  bytes[bytes.length - 1]! |= flag;
  return bytes;
}

function readFq(bytes: Uint8Array): Fq | undefined {
  const value = fromLittleEndian(bytes);
  return value < P ? value : undefined;
}

function readFq3(bytes: Uint8Array): Fq3 | undefined {
  const c0 = readFq(bytes.subarray(0, FQ_LENGTH));
  const c1 = readFq(bytes.subarray(FQ_LENGTH, 2 * FQ_LENGTH));
  const c2 = readFq(bytes.subarray(2 * FQ_LENGTH));
  return c0 === undefined || c1 === undefined || c2 === undefined ? undefined : { c0, c1, c2 };
}

function writeFq(value: Fq): Uint8Array {
  return toLittleEndian(canonical(value), FQ_LENGTH);
}

function writeFq3(value: Fq3): Uint8Array {
  const bytes = new Uint8Array(G2_LENGTH);
  bytes.set(writeFq(value.c0));
  bytes.set(writeFq(value.c1), FQ_LENGTH);
  bytes.set(writeFq(value.c2), 2 * FQ_LENGTH);
  return bytes;
}
