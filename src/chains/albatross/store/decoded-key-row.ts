import { blake2b } from '../../../crypto/blake2b.ts';
import type { DecodedKey } from '../../../crypto/jobs.ts';
import { concatBytes, equalBytes, toHex } from '../../../base/bytes.ts';

/** Compressed G2 and affine point, in bytes (Albatross cryptography reference, encodings). */
const COMPRESSED_LENGTH = 285;
const POINT_LENGTH = 570;
/** The top two bits of the last compressed byte are flags: larger y, infinity. */
const FLAGS = 0xc0;

/** Key of the row: Blake2b of the compressed key, hex. */
export function decodedKeyId(compressed: Uint8Array): string {
  return toHex(blake2b(compressed));
}

/** compressed (285), point (570). */
export function encodeDecodedKey(key: DecodedKey): Uint8Array {
  return concatBytes(key.compressed, key.point);
}

/** The key, if it is the requested one and its x equals the compressed x. The job that uses it checks that y belongs to it. */
export function decodeDecodedKey(bytes: Uint8Array, compressed: Uint8Array): DecodedKey | undefined {
  if (bytes.length !== COMPRESSED_LENGTH + POINT_LENGTH || !equalBytes(bytes.subarray(0, COMPRESSED_LENGTH), compressed)) return undefined;
  const key = { compressed: bytes.slice(0, COMPRESSED_LENGTH), point: bytes.slice(COMPRESSED_LENGTH) };
  return isDecodedKey(key) ? key : undefined;
}

/** Checks lengths, and the point's x against the compressed one. Infinity is not a valid key. */
export function isDecodedKey(key: DecodedKey): boolean {
  if (key.compressed.length !== COMPRESSED_LENGTH || key.point.length !== POINT_LENGTH) return false;
  const x = key.compressed.slice();
  const flags = x[COMPRESSED_LENGTH - 1]! & FLAGS;
  x[COMPRESSED_LENGTH - 1]! &= ~FLAGS;
  return (flags & 0x40) === 0 && equalBytes(x, key.point.subarray(0, COMPRESSED_LENGTH));
}
