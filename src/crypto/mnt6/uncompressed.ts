/**
 * Points with both coordinates, in the uncompressed canonical encoding of arkworks (Albatross cryptography reference, 5): x then y, each
 * coefficient 95 bytes, flags in the two top bits of the last byte. Verifying keys use this form. Decoders never throw: they return
 * undefined for anything but a finite point of the curve. The sign flag is redundant here: it is written, but ignored when read. Decoding
 * does NOT check whether a point of the twist is in the subgroup.
 * @module
 */
import { encodeG1, FQ_LENGTH, NEGATIVE, readFq, splitFlags, withFlag, writeFq } from './encoding.ts';
import type { Fq3 } from './fq3.ts';
import { isOnCurve } from './g1.ts';
import type { G1Affine } from './g1.ts';
import type { Affine } from './jacobian.ts';
import { bigintMnt6 } from './mnt6.ts';

/** Lengths in bytes. */
export const G1_UNCOMPRESSED_LENGTH = 190;
export const G2_UNCOMPRESSED_LENGTH = 570;

const { encoding } = bigintMnt6;

export function decodeUncompressedG1(bytes: Uint8Array): G1Affine | undefined {
  const parts = bytes.length === G1_UNCOMPRESSED_LENGTH ? splitFlags(bytes) : undefined;
  if (!parts || parts.infinity) return undefined;
  const x = readFq(parts.body.subarray(0, FQ_LENGTH));
  const y = readFq(parts.body.subarray(FQ_LENGTH));
  return x !== undefined && y !== undefined && isOnCurve({ x, y }) ? { x, y } : undefined;
}

/** On the BigInt back end; another back end converts the coefficients. */
export function decodeUncompressedG2(bytes: Uint8Array): Affine<Fq3> | undefined {
  const parts = bytes.length === G2_UNCOMPRESSED_LENGTH ? splitFlags(bytes) : undefined;
  return parts && !parts.infinity ? encoding.importUnchecked(parts.body) : undefined;
}

export function encodeUncompressedG1(point: G1Affine): Uint8Array {
  return withSign(Uint8Array.of(...writeFq(point.x), ...writeFq(point.y)), encodeG1(point));
}

export function encodeUncompressedG2(point: Affine<Fq3>): Uint8Array {
  return withSign(encoding.export(point), encoding.encode(point));
}

/** Adds the sign flag of the compressed form. */
function withSign(bytes: Uint8Array, compressed: Uint8Array): Uint8Array {
  return withFlag(bytes, compressed.at(-1)! & NEGATIVE);
}
