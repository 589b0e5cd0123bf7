// Tests: `src/base/postcard/postcard.test.ts`.
import { hexOfRange } from '../bytes.ts';
import { DecodeError } from './errors.ts';

/** Maximum number of 7-bit groups in a u64 varint. */
const MAX_U64_BYTES = 10;

/**
 * Which encodings of a value are accepted.
 * - `one`: the one that writers use.
 * - `held`: also forms that official nodes keep and send on as they received them: signers with more words than there are slots, or than
 *   are used.
 * - `any`: also other forms that official nodes read: varints with superfluous groups of zeros.
 */
export type EncodingForm = 'one' | 'held' | 'any';

/**
 * Reads postcard primitives from a byte array, front to back. Every read first checks how much is left, and throws only `DecodeError`.
 * Returned values are copies, so that a small value does not keep a large message alive.
 *
 * Varints are LEB128, low group first. Except for the form `any`, only the shortest form of a number is accepted: hashes are computed over
 * a re-encoding, and with two encodings of one value one hash would stand for two messages (Albatross block reference, section 0).
 */
export class Reader {
  readonly bytes: Uint8Array;
  /** Where the next read begins. */
  offset = 0;
  readonly form: EncodingForm;

  constructor(bytes: Uint8Array, form: EncodingForm = 'one') {
    // A Node Buffer's slice() is a view, not a copy, so wrap its memory in a plain array.
    this.bytes = bytes.constructor === Uint8Array ? bytes : new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.form = form;
  }

  get remaining(): number {
    return this.bytes.length - this.offset;
  }

  /** Moves past `length` bytes and returns where they begin. */
  #take(length: number, what: string): number {
    const start = this.offset;
    if (length > this.bytes.length - start) throw new DecodeError('unexpected-end', start, `${what} of ${length} bytes, ${this.bytes.length - start} left`);
    this.offset = start + length;
    return start;
  }

  /** One raw byte. */
  u8(): number {
    return this.bytes[this.#take(1, 'byte')]!;
  }

  /** One byte that must be 0 or 1; `code` is the error for any other. */
  flag(code: 'invalid-bool' | 'invalid-option'): boolean {
    const start = this.offset;
    const byte = this.u8();
    if (byte > 1) throw new DecodeError(code, start, `tag byte ${byte}`);
    return byte === 1;
  }

  /** Skips bytes that are 0, at most `most`, and returns how many there were. */
  zeros(most: number): number {
    const start = this.offset;
    const end = Math.min(start + most, this.bytes.length);
    while (this.offset < end && this.bytes[this.offset] === 0) this.offset += 1;
    return this.offset - start;
  }

  /** Skips the next `length` bytes. */
  discard(length: number): void {
    this.#take(length, 'skipped bytes');
  }

  /** Skips the next `count` varints, without decoding them: there may be a million. */
  discardVarints(count: number): void {
    for (let i = 0; i < count; i += 1) this.offset = this.#endOfVarint(this.offset, MAX_U64_BYTES);
  }

  /** A copy of the next `length` bytes. */
  fixed(length: number): Uint8Array {
    const start = this.#take(length, 'byte string');
    return this.bytes.slice(start, start + length);
  }

  /** The next `length` bytes as lower-case hex. */
  hex(length: number): string {
    const start = this.#take(length, 'hash');
    return hexOfRange(this.bytes, start, start + length);
  }

  /** `length` (at most 8) bytes, big-endian; above 2^53 - 1 is `number-too-large`. */
  bigEndian(length: number): number {
    const start = this.#take(length, 'big-endian number');
    let value = 0;
    for (let i = start; i < start + length; i += 1) value = value * 256 + this.bytes[i]!;
    if (value > Number.MAX_SAFE_INTEGER) throw new DecodeError('number-too-large', start, 'above 2^53 - 1');
    return value;
  }

  /** A varint of at most `max`, which is at most 2^53 - 1. */
  varint(max: number): number {
    const start = this.offset;
    const end = this.#endOfVarint(start, max <= 0xffff ? 3 : max <= 0xffff_ffff ? 5 : MAX_U64_BYTES);
    let value = 0;
    for (let i = end - 1; i >= start; i -= 1) value = value * 128 + (this.bytes[i]! & 0x7f);
    // Rounding may happen above 2^53 - 1, but never to a number at or below it.
    if (value > max) throw new DecodeError('number-too-large', start, `above ${max}`);
    this.offset = end;
    return value;
  }

  /** A varint of the whole u64 range. */
  varintBig(): bigint {
    const start = this.offset;
    const end = this.#endOfVarint(start, MAX_U64_BYTES);
    const middle = Math.min(end, start + 7);
    let low = 0;
    for (let i = middle - 1; i >= start; i -= 1) low = low * 128 + (this.bytes[i]! & 0x7f);
    let high = 0;
    for (let i = end - 1; i >= middle; i -= 1) high = high * 128 + (this.bytes[i]! & 0x7f);
    // 7 groups below are 49 bits, so 15 are left for the groups above.
    if (high >= 0x8000) throw new DecodeError('number-too-large', start, 'above 2^64 - 1');
    this.offset = end;
    return high === 0 ? BigInt(low) : (BigInt(high) << 49n) | BigInt(low);
  }

  /**
   * A varint length of at most `max`, for items that take at least `itemSize` bytes each. A length that does not fit in the rest of the
   * input is refused.
   */
  length(max: number, itemSize: number): number {
    const start = this.offset;
    const length = this.varint(Number.MAX_SAFE_INTEGER);
    if (length > max) throw new DecodeError('length-over-limit', start, `${length} items or bytes, at most ${max} allowed`);
    const { remaining } = this;
    if (length * itemSize > remaining) throw new DecodeError('unexpected-end', start, `${length} items of ${itemSize} or more bytes, ${remaining} left`);
    return length;
  }

  /** Returns where the varint at `start` ends. Checks its length (at most `most` groups, as its type allows) and its last group. */
  #endOfVarint(start: number, most: number): number {
    const { bytes } = this;
    for (let i = start; i < start + most; i += 1) {
      const byte = bytes[i];
      if (byte === undefined) throw new DecodeError('unexpected-end', start, 'unfinished varint');
      if (byte < 0x80) {
        if (byte === 0 && i > start && this.form !== 'any') throw new DecodeError('non-canonical-varint', start, `${i - start + 1} bytes for a shorter number`);
        return i + 1;
      }
    }
    throw new DecodeError('number-too-large', start, `varint of more than ${most} bytes`);
  }
}
