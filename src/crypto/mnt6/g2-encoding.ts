/**
 * Points of G2 as bytes, in the canonical encoding of arkworks (Albatross cryptography reference, 5): three coefficients in the order 1, u,
 * u², each as in `encoding.ts`, with the flags in the last byte. Decoders never throw: they return undefined for bytes that are not a
 * point.
 * @module
 */
import { FQ_LENGTH, INFINITY, isNegativeFq, NEGATIVE, readFq, splitFlags, withFlag, writeFq } from './encoding.ts';
import type { Fq3Backend } from './fq3-backend.ts';
import type { G2Group } from './g2.ts';
import type { Affine, Point } from './jacobian.ts';

/** Lengths in bytes: x, and both x and y. */
const LENGTH = 285;
const AFFINE_LENGTH = 570;

export interface G2Encoding<E> {
  /** A compressed point (285 bytes: x). Checks that it is in the subgroup of prime order. */
  decodeSteps(bytes: Uint8Array): Generator<void, Point<E> | undefined>;
  encode(point: Point<E>): Uint8Array;
  /** Both coordinates of a finite point, without flags: 570 bytes, x then y. */
  export(point: Affine<E>): Uint8Array;
  /** The point of 570 bytes (from `export`), if it is on the twist. Does NOT check that it is in the subgroup. */
  importUnchecked(bytes: Uint8Array): Affine<E> | undefined;
  /**
   * The point that both `bytes` (from `export`) and `compressed` describe: undefined unless the x are equal, y is on the twist, and y has
   * the sign of the flag. So it is exactly the point that decoding `compressed` gives. Does NOT check that it is in the subgroup.
   */
  import(bytes: Uint8Array, compressed: Uint8Array): Affine<E> | undefined;
}

export function g2EncodingOver<E>(field: Fq3Backend<E>, g2: G2Group<E>): G2Encoding<E> {
  function read(bytes: Uint8Array): E | undefined {
    const c0 = readFq(bytes.subarray(0, FQ_LENGTH));
    const c1 = readFq(bytes.subarray(FQ_LENGTH, 2 * FQ_LENGTH));
    const c2 = readFq(bytes.subarray(2 * FQ_LENGTH));
    return c0 === undefined || c1 === undefined || c2 === undefined ? undefined : field.fromCoefficients({ c0, c1, c2 });
  }

  function write(value: E): Uint8Array {
    const { c0, c1, c2 } = field.toCoefficients(value);
    const bytes = new Uint8Array(LENGTH);
    [c0, c1, c2].forEach((coefficient, i) => bytes.set(writeFq(coefficient), i * FQ_LENGTH));
    return bytes;
  }

  /** Whether y > -y. The coefficients of u² are compared first, then those of u, then those of 1. */
  function isNegative(y: E): boolean {
    const { c0, c1, c2 } = field.toCoefficients(y);
    // A zero coefficient is its own negative, so the next coefficient decides.
    return isNegativeFq(c2 || c1 || c0);
  }

  function importUnchecked(bytes: Uint8Array): Affine<E> | undefined {
    if (bytes.length !== AFFINE_LENGTH) return undefined;
    const x = read(bytes.subarray(0, LENGTH));
    const y = read(bytes.subarray(LENGTH));
    return x !== undefined && y !== undefined && g2.isOnTwist({ x, y }) ? { x, y } : undefined;
  }

  return {
    *decodeSteps(bytes) {
      const parts = bytes.length === LENGTH ? splitFlags(bytes) : undefined;
      const x = parts && read(parts.body);
      if (!parts || x === undefined) return undefined;
      if (parts.infinity) return 'infinity';
      const y = yield* g2.ySteps(x);
      if (y === undefined) return undefined;
      const point = isNegative(y) === parts.negative ? { x, y } : g2.negate({ x, y });
      return (yield* g2.isInSubgroupSteps(point)) ? point : undefined;
    },
    encode(point) {
      if (point === 'infinity') return withFlag(new Uint8Array(LENGTH), INFINITY);
      return withFlag(write(point.x), isNegative(point.y) ? NEGATIVE : 0);
    },
    export({ x, y }) {
      const bytes = new Uint8Array(AFFINE_LENGTH);
      bytes.set(write(x));
      bytes.set(write(y), LENGTH);
      return bytes;
    },
    importUnchecked,
    import(bytes, compressed) {
      const parts = compressed.length === LENGTH ? splitFlags(compressed) : undefined;
      if (!parts || parts.infinity || parts.body.some((byte, i) => byte !== bytes[i])) return undefined;
      const point = importUnchecked(bytes);
      return point && isNegative(point.y) === parts.negative ? point : undefined;
    },
  };
}
