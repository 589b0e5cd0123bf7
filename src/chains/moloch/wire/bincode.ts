/**
 * Bincode 1.x with its default options, as the moloch crates write it (Moloch reference, 1): integers little-endian and of fixed length, the length of a
 * list, text or byte string as u64, the index of an enum as u32, an option as one byte 0 or 1.
 * @module
 */
import { fromHex, hexOfRange } from '../../../base/bytes.ts';
import { MolochCodecError, type MolochCodecCode } from './codec-error.ts';

/** Resources inside of each other, at most: a bound of ours, so that no input exhausts the stack (Moloch reference, 1). */
const MAX_NESTING = 32;
/** Milliseconds: the range of times that the crates read (Moloch reference, 1). */
export const MIN_TIME = -8_334_601_228_800_000;
export const MAX_TIME = 8_210_266_876_799_999;

/** Whether 32 bytes are the encoding of a point of the curve; not canonical ones too. */
export type IsKey = (key: Uint8Array) => boolean;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const toUtf8 = new TextEncoder();

/** Reads values front to back. It checks what is left before each read, and throws only `MolochCodecError`. Returned bytes are copies. */
export class BincodeReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #isKey: IsKey | undefined;
  /** Where the next read begins. */
  offset = 0;
  #nesting = 0;

  constructor(bytes: Uint8Array, isKey?: IsKey) {
    // A Node Buffer's slice() is a view, not a copy, so its memory is wrapped in a plain array.
    this.#bytes = bytes.constructor === Uint8Array ? bytes : new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#isKey = isKey;
  }

  get remaining(): number {
    return this.#bytes.length - this.offset;
  }

  #take(length: number): number {
    const start = this.offset;
    if (length > this.remaining) this.#refuse('unexpected-end', start, `${length} bytes, ${this.remaining} left`);
    this.offset = start + length;
    return start;
  }

  #refuse(code: MolochCodecCode, at: number, detail: string): never {
    throw new MolochCodecError(code, at, detail);
  }

  u8(): number {
    return this.#bytes[this.#take(1)]!;
  }

  u16(): number {
    return this.#view.getUint16(this.#take(2), true);
  }

  u32(): number {
    return this.#view.getUint32(this.#take(4), true);
  }

  /** A u64 as number; above 2^53 - 1 it is `too-large`. */
  u64(): number {
    const at = this.offset;
    const value = Number(this.u64big());
    if (value > Number.MAX_SAFE_INTEGER) this.#refuse('too-large', at, 'a number above 2^53 - 1');
    return value;
  }

  /** A whole u64. */
  u64big(): bigint {
    return this.#view.getBigUint64(this.#take(8), true);
  }

  /** Unix milliseconds, as i64, of the range that the crates read. */
  time(): number {
    const at = this.offset;
    const value = Number(this.#view.getBigInt64(this.#take(8), true));
    if (value < MIN_TIME || value > MAX_TIME) this.#refuse('bad-time', at, 'milliseconds out of range');
    return value;
  }

  /** An i64 as number; beyond 2^53 - 1 on either side it is `too-large`. */
  i64(): number {
    const at = this.offset;
    const value = Number(this.#view.getBigInt64(this.#take(8), true));
    if (!Number.isSafeInteger(value)) this.#refuse('too-large', at, 'a number beyond 2^53 - 1');
    return value;
  }

  /** One byte that must be 0 or 1. */
  flag(code: 'bad-bool' | 'bad-option'): boolean {
    const at = this.offset;
    const value = this.u8();
    if (value > 1) this.#refuse(code, at, `byte ${value}`);
    return value === 1;
  }

  /** The index of an enum, less than `count`, counted from `first`. */
  index(count: number, first = 0): number {
    const at = this.offset;
    const value = this.u32();
    if (value < first || value >= first + count) this.#refuse('bad-index', at, `index ${value}, ${count} known from ${first}`);
    return value - first;
  }

  /** The length of a list whose items take at least `minSize` bytes: refused before anything is allocated if the input cannot hold so many. */
  length(minSize: number): number {
    const at = this.offset;
    const value = this.u64big();
    if (value * BigInt(Math.max(1, minSize)) > BigInt(this.remaining)) this.#refuse('unexpected-end', at, `${value} items, ${this.remaining} bytes left`);
    return Number(value);
  }

  fixed(length: number): Uint8Array {
    const start = this.#take(length);
    return this.#bytes.slice(start, start + length);
  }

  /** `length` bytes as lower-case hex. */
  hex(length: number): string {
    const start = this.#take(length);
    return hexOfRange(this.#bytes, start, start + length);
  }

  bytes(): Uint8Array {
    return this.fixed(this.length(1));
  }

  /** 32 bytes as hex, which must be a point of the curve where the reader was given the check. */
  key(): string {
    const at = this.#take(32);
    if (this.#isKey && !this.#isKey(this.#bytes.subarray(at, at + 32))) this.#refuse('bad-key', at, 'no point of the curve');
    return hexOfRange(this.#bytes, at, at + 32);
  }

  text(): string {
    const length = this.length(1);
    const start = this.#take(length);
    try {
      return utf8.decode(this.#bytes.subarray(start, start + length));
    } catch {
      return this.#refuse('bad-text', start, 'not UTF-8');
    }
  }

  /** Reads something that may hold its like; more than 32 inside of each other are `too-deep`. */
  nested<T>(read: () => T): T {
    if (this.#nesting >= MAX_NESTING) this.#refuse('too-deep', this.offset, `more than ${MAX_NESTING} inside of each other`);
    this.#nesting += 1;
    try {
      return read();
    } finally {
      this.#nesting -= 1;
    }
  }

  /** Nothing may be left over. */
  end(): void {
    if (this.remaining > 0) this.#refuse('trailing-bytes', this.offset, `${this.remaining} bytes left over`);
  }
}

/** Writes what `BincodeReader` reads. Throws only `MolochCodecError` (`bad-value`, `too-deep`). */
export class BincodeWriter {
  #bytes = new Uint8Array(256);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;
  #nesting = 0;

  /** Makes room, and returns where it begins. It may replace buffer and view, so it is called before either is used. */
  #grow(length: number): number {
    const start = this.#length;
    const needed = start + length;
    if (needed > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(needed, 2 * this.#bytes.length));
      larger.set(this.#bytes.subarray(0, start));
      this.#bytes = larger;
      this.#view = new DataView(larger.buffer);
    }
    this.#length = needed;
    return start;
  }

  #check(value: number, min: number, max: number): number {
    if (!Number.isInteger(value) || value < min || value > max) throw new MolochCodecError('bad-value', this.#length, `${value} is not from ${min} to ${max}`);
    return value;
  }

  u8(value: number): void {
    this.#check(value, 0, 0xff);
    const at = this.#grow(1);
    this.#view.setUint8(at, value);
  }

  u16(value: number): void {
    this.#check(value, 0, 0xffff);
    const at = this.#grow(2);
    this.#view.setUint16(at, value, true);
  }

  u32(value: number): void {
    this.#check(value, 0, 0xffff_ffff);
    const at = this.#grow(4);
    this.#view.setUint32(at, value, true);
  }

  u64(value: number): void {
    this.u64big(BigInt(this.#check(value, 0, Number.MAX_SAFE_INTEGER)));
  }

  u64big(value: bigint): void {
    if (value < 0n || value > 0xffff_ffff_ffff_ffffn) throw new MolochCodecError('bad-value', this.#length, `${value} is no u64`);
    const at = this.#grow(8);
    this.#view.setBigUint64(at, value, true);
  }

  time(value: number): void {
    this.i64(this.#check(value, MIN_TIME, MAX_TIME));
  }

  i64(value: number): void {
    this.#check(value, -Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
    const at = this.#grow(8);
    this.#view.setBigInt64(at, BigInt(value), true);
  }

  raw(bytes: Uint8Array, length = bytes.length): void {
    this.#check(bytes.length, length, length);
    const start = this.#grow(length);
    this.#bytes.set(bytes, start);
  }

  hex(text: string, length: number): void {
    if (text.length !== 2 * length || !/^[0-9a-f]*$/u.test(text)) throw new MolochCodecError('bad-value', this.#length, `not ${length} bytes of lower-case hex`);
    this.raw(fromHex(text));
  }

  bytes(bytes: Uint8Array): void {
    this.u64(bytes.length);
    this.raw(bytes);
  }

  text(text: string): void {
    if (!text.isWellFormed()) throw new MolochCodecError('bad-value', this.#length, 'a text with half a character');
    this.bytes(toUtf8.encode(text));
  }

  nested(write: () => void): void {
    if (this.#nesting >= MAX_NESTING) throw new MolochCodecError('too-deep', this.#length, `more than ${MAX_NESTING} inside of each other`);
    this.#nesting += 1;
    write();
    this.#nesting -= 1;
  }

  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }
}
