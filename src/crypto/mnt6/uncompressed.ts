/**
 * Points as both coordinates, the uncompressed canonical encoding of arkworks (Albatross cryptography reference, 5): x then y, each
 * coefficient 95 bytes, least significant first, flags in the two top bits of the last byte. Verifying keys come in this form. The
 * decoders are total: what is not a finite point of the curve is undefined. Whether a point of the twist is in the subgroup is NOT
 * checked.
 * @module
 */
import { encodeG1, encodeG2, exportG2 } from './encoding.ts';
import { fromLittleEndian, toLittleEndian } from '../little-endian.ts';
import { P } from './constants.ts';
import { canonical } from './fq.ts';
import type { Fq } from './fq.ts';
import type { Fq3 } from './fq3.ts';
import { isOnCurve } from './g1.ts';
import type { G1Affine } from './g1.ts';
import { isOnTwist } from './g2.ts';
import type { G2Affine } from './g2.ts';

/** Lengths in bytes. */
const FQ_LENGTH = 95;
export const G1_UNCOMPRESSED_LENGTH = 190;
export const G2_UNCOMPRESSED_LENGTH = 570;

/** The sign of y, which says nothing new here: writers set it, readers pass over it. The other flag, infinity, is refused. */
const NEGATIVE = 0x80;

export function decodeUncompressedG1(bytes: Uint8Array): G1Affine | undefined {
  if (bytes.length !== G1_UNCOMPRESSED_LENGTH) return undefined;
  const [x, y] = coefficients(bytes);
  if (x === undefined || y === undefined) return undefined;
  return isOnCurve({ x, y }) ? { x, y } : undefined;
}

export function decodeUncompressedG2(bytes: Uint8Array): G2Affine | undefined {
  if (bytes.length !== G2_UNCOMPRESSED_LENGTH) return undefined;
  const all = coefficients(bytes);
  const x = fq3Of(all.slice(0, 3));
  const y = fq3Of(all.slice(3));
  return x && y && isOnTwist({ x, y }) ? { x, y } : undefined;
}

export function encodeUncompressedG1(point: G1Affine): Uint8Array {
  const bytes = new Uint8Array(G1_UNCOMPRESSED_LENGTH);
  bytes.set(toLittleEndian(canonical(point.x), FQ_LENGTH));
  bytes.set(toLittleEndian(canonical(point.y), FQ_LENGTH), FQ_LENGTH);
  return withSign(bytes, encodeG1(point));
}

export function encodeUncompressedG2(point: G2Affine): Uint8Array {
  return withSign(exportG2(point), encodeG2(point));
}

function withSign(bytes: Uint8Array, compressed: Uint8Array): Uint8Array {
  bytes[bytes.length - 1]! |= compressed.at(-1)! & NEGATIVE;
  return bytes;
}

/** One for each 95 bytes; undefined where it is not below p. The infinity flag makes the last one larger than p. */
function coefficients(bytes: Uint8Array): (Fq | undefined)[] {
  const body = bytes.slice();
  body[body.length - 1]! &= ~NEGATIVE;
  return Array.from({ length: body.length / FQ_LENGTH }, (_, i) => {
    const value = fromLittleEndian(body.subarray(i * FQ_LENGTH, (i + 1) * FQ_LENGTH));
    return value < P ? value : undefined;
  });
}

function fq3Of([c0, c1, c2]: (Fq | undefined)[]): Fq3 | undefined {
  return c0 === undefined || c1 === undefined || c2 === undefined ? undefined : { c0, c1, c2 };
}
