// Tests: `src/base/big-endian/big-endian-reader.test.ts`.
import { fromHex } from '../bytes.ts';
import type { Hash } from '../hash.ts';
import type { FormatError } from './format-error.ts';

/** Writes big-endian numbers and byte strings, growing as needed. Throws only the error of the format, for a value that does not fit its field. */
export class BigEndianWriter {
  readonly #error: FormatError;
  #bytes: Uint8Array;
  #view: DataView;
  #length = 0;

  /** `capacity`: expected length in bytes. */
  constructor(error: FormatError, capacity = 256) {
    this.#error = error;
    this.#bytes = new Uint8Array(capacity);
    this.#view = new DataView(this.#bytes.buffer);
  }

  /** Makes room and returns where it begins. May exchange `#view`, so it is called before that is read. */
  #grow(length: number): number {
    const start = this.#length;
    this.#length = start + length;
    if (this.#length > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(this.#length, 2 * this.#bytes.length));
      larger.set(this.#bytes);
      this.#bytes = larger;
      this.#view = new DataView(larger.buffer);
    }
    return start;
  }

  u8(value: number): this {
    const start = this.#grow(1);
    this.#view.setUint8(start, this.#within(value, 0xff));
    return this;
  }

  u16(value: number): this {
    const start = this.#grow(2);
    this.#view.setUint16(start, this.#within(value, 0xff_ff));
    return this;
  }

  u32(value: number): this {
    const start = this.#grow(4);
    this.#view.setUint32(start, this.#within(value, 0xff_ff_ff_ff));
    return this;
  }

  u64(value: number): this {
    const start = this.#grow(8);
    this.#view.setUint32(start, Math.floor(this.#within(value, Number.MAX_SAFE_INTEGER) / 2 ** 32));
    this.#view.setUint32(start + 4, value % 2 ** 32);
    return this;
  }

  /** 64 hex digits. */
  hash(hash: Hash): this {
    return this.hex(hash, 32);
  }

  /** `length` bytes, given as lower-case hex. */
  hex(text: string, length: number): this {
    if (text.length !== 2 * length || !/^[0-9a-f]*$/u.test(text)) throw new this.#error('length', `expected ${2 * length} lower-case hex digits`);
    return this.bytes(fromHex(text), length);
  }

  /** Throws `length` if `length` is given and is another. */
  bytes(bytes: Uint8Array, length = bytes.length): this {
    if (bytes.length !== length) throw new this.#error('length', `${bytes.length} bytes where ${length} belong`);
    const start = this.#grow(length);
    this.#bytes.set(bytes, start);
    return this;
  }

  /** ASCII, one byte a character. */
  ascii(text: string): this {
    for (const character of text) this.u8(character.charCodeAt(0));
    return this;
  }

  /** What was written, as an array of its own. */
  done(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  #within(value: number, most: number): number {
    if (!Number.isInteger(value) || value < 0 || value > most) throw new this.#error('number', `${value} is not between 0 and ${most}`);
    return value;
  }
}
