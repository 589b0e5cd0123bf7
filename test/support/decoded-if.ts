import { decode, DecodeError } from '../../src/base/postcard/codec.ts';
import type { Codec } from '../../src/base/postcard/codec.ts';

/** The value, or undefined where the decoder refuses the bytes. */
export function decodedIf<T>(codec: Codec<T>, bytes: Uint8Array): T | undefined {
  try {
    return decode(codec, bytes);
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}

/** The bytes with one bit flipped; bit 0 is the lowest of the first byte. */
export function withFlippedBit(bytes: Uint8Array, bit: number): Uint8Array {
  return bytes.with(bit >> 3, (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7)));
}

/** About `count` bits of so many bytes, evenly spread. */
export function someBits(bytes: Uint8Array, count: number): number[] {
  const step = Math.max(1, Math.floor((8 * bytes.length) / count));
  return Array.from({ length: Math.floor((8 * bytes.length) / step) }, (_, at) => at * step);
}
