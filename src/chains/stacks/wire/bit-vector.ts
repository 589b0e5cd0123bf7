/**
 * Bits in the form of Nakamoto headers and inventories: u16 bit count, u32 byte count, bytes, least significant bit first (Stacks reference, 1).
 * @module
 */
import type { ByteReader } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';
import { StacksWireError } from './wire-error.ts';

export interface BitVector {
  /** Bits, at least 1. */
  readonly length: number;
  /** ceil(length / 8) bytes as they came: bits above `length` have no meaning, but they are hashed. */
  readonly bytes: Uint8Array;
}

/** Throws `length` for no bits, more than `most`, or a byte count that does not belong to the bit count. */
export function readBitVector(reader: ByteReader, most: number, what: string): BitVector {
  const length = reader.u16(`bit count of ${what}`);
  requireLength(length, most, what);
  const count = reader.u32(`byte count of ${what}`);
  if (count !== byteCountOf(length)) throw new StacksWireError('length', `${what}: ${count} bytes for ${length} bits`);
  return { length, bytes: reader.bytes(count, what) };
}

export function writeBitVector(writer: ByteWriter, { length, bytes }: BitVector, most: number, what: string): void {
  requireLength(length, most, what);
  writer.u16(length).u32(bytes.length).bytes(bytes, byteCountOf(length));
}

/** Bit `index` of bytes with the least significant bit first; false past the end. */
export function bitOf(bytes: Uint8Array, index: number): boolean {
  return index >= 0 && ((bytes[index >> 3] ?? 0) & (1 << (index & 7))) !== 0;
}

/** The bytes of bits, least significant bit first. */
export function bytesOfBits(bits: readonly boolean[]): Uint8Array {
  const bytes = new Uint8Array(byteCountOf(bits.length));
  for (const [i, bit] of bits.entries()) if (bit) bytes[i >> 3]! |= 1 << (i & 7);
  return bytes;
}

/** The bits of a vector, first bit first. */
export function bitsOf({ length, bytes }: BitVector): readonly boolean[] {
  return Array.from({ length }, (_, i) => bitOf(bytes, i));
}

/** Bytes that hold so many bits. */
export function byteCountOf(bits: number): number {
  return Math.ceil(bits / 8);
}

function requireLength(length: number, most: number, what: string): void {
  if (length < 1 || length > most) throw new StacksWireError('length', `${what} of ${length} bits, expected 1 to ${most}`);
}
