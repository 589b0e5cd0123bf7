/**
 * Points of G1 and scalars as bytes, in the canonical encoding of arkworks (Albatross cryptography reference, 5). A coefficient takes 95
 * bytes, least significant first, and must be below p. The two top bits of the last byte are flags. Decoders never throw: they return
 * undefined for bytes that are not a point.
 * @module
 */
import { fromLittleEndian, toLittleEndian } from '../little-endian.ts';
import { P, R } from './constants.ts';
import { canonical, sqrtFqManySteps } from './fq.ts';
import type { Fq } from './fq.ts';
import { g1, g1RightSide } from './g1.ts';
import type { G1Point } from './g1.ts';

/** Lengths in bytes. */
export const FQ_LENGTH = 95;
export const SCALAR_LENGTH = 95;
const G1_LENGTH = 95;

/** Flags in the last byte. Both together are invalid. */
export const NEGATIVE = 0x80;
export const INFINITY = 0x40;

/** A compressed point of G1 (95 bytes: x). Every point of the curve is in the group. */
export function* decodeG1Steps(bytes: Uint8Array): Generator<void, G1Point | undefined> {
  return (yield* decodeG1ManySteps([bytes]))[0];
}

/** Decodes several points; `roots` computes the square roots. */
export function* decodeG1ManySteps(list: readonly Uint8Array[], roots = sqrtFqManySteps): Generator<void, (G1Point | undefined)[]> {
  const parsed: (ParsedX | undefined)[] = [];
  for (const bytes of list) {
    const parts = bytes.length === G1_LENGTH ? splitFlags(bytes) : undefined;
    const x = parts && readFq(parts.body);
    parsed.push(parts && x !== undefined ? { ...parts, x } : undefined);
    yield;
  }
  const finite = parsed.filter((one) => one !== undefined && !one.infinity);
  const ys = yield* roots(finite.map((one) => g1RightSide(one!.x)));
  const yOf = new Map(finite.map((one, i) => [one, ys[i]]));
  return parsed.map((one) => {
    if (!one) return undefined;
    if (one.infinity) return 'infinity';
    const y = yOf.get(one);
    if (y === undefined) return undefined;
    return isNegativeFq(y) === one.negative ? { x: one.x, y: canonical(y) } : g1.negate({ x: one.x, y: canonical(y) });
  });
}

export function encodeG1(point: G1Point): Uint8Array {
  if (point === 'infinity') return withFlag(new Uint8Array(G1_LENGTH), INFINITY);
  return withFlag(writeFq(point.x), isNegativeFq(point.y) ? NEGATIVE : 0);
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

interface ParsedX extends Parts {
  readonly x: Fq;
}

export interface Parts {
  readonly negative: boolean;
  readonly infinity: boolean;
  /** A copy of the bytes with the flags cleared. */
  readonly body: Uint8Array;
}

export function splitFlags(bytes: Uint8Array): Parts | undefined {
  const body = bytes.slice();
  const last = body.at(-1)!;
  const negative = (last & NEGATIVE) !== 0;
  const infinity = (last & INFINITY) !== 0;
  if (negative && infinity) return undefined;
  body[body.length - 1] = last & ~(NEGATIVE | INFINITY);
  return { negative, infinity, body };
}

export function withFlag(bytes: Uint8Array, flag: number): Uint8Array {
  bytes[bytes.length - 1]! |= flag;
  return bytes;
}

export function readFq(bytes: Uint8Array): Fq | undefined {
  const value = fromLittleEndian(bytes);
  return value < P ? value : undefined;
}

export function writeFq(value: Fq): Uint8Array {
  return toLittleEndian(canonical(value), FQ_LENGTH);
}
