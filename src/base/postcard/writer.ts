// Tests: `src/base/postcard/postcard.test.ts`.
import { fromHex } from '../bytes.ts';
import { EncodeError } from './errors.ts';

const INITIAL_SIZE = 512;
const MAX_U64 = 0xffff_ffff_ffff_ffffn;

/** Writes postcard primitives into a growing buffer. Throws `EncodeError` for values that have no encoding. */
export class Writer {
  #bytes = new Uint8Array(INITIAL_SIZE);
  #length = 0;

  /** Bytes written so far. */
  get length(): number {
    return this.#length;
  }

  /** Makes room for `count` bytes and returns where they begin. */
  #grow(count: number): number {
    const start = this.#length;
    const needed = start + count;
    if (needed > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(needed, 2 * this.#bytes.length));
      larger.set(this.#bytes.subarray(0, start));
      this.#bytes = larger;
    }
    this.#length = needed;
    return start;
  }

  /** One raw byte, 0 to 255. */
  u8(value: number): void {
    if (!Number.isInteger(value) || value < 0 || value > 0xff) throw new EncodeError('out-of-range', `byte ${value}`);
    const at = this.#grow(1);
    this.#bytes[at] = value;
  }

  /** Bytes as they are. */
  raw(bytes: Uint8Array): void {
    const at = this.#grow(bytes.length);
    this.#bytes.set(bytes, at);
  }

  /** Exactly `length` bytes as they are. */
  fixed(bytes: Uint8Array, length: number): void {
    if (bytes.length !== length) throw new EncodeError('wrong-length', `${bytes.length} bytes instead of ${length}`);
    this.raw(bytes);
  }

  /** `length` bytes given as hex. */
  hex(text: string, length: number): void {
    if (text.length !== 2 * length) throw new EncodeError('wrong-length', `${text.length} hex digits instead of ${2 * length}`);
    let bytes: Uint8Array;
    try {
      bytes = fromHex(text);
    } catch {
      throw new EncodeError('out-of-range', 'not a hex text');
    }
    this.raw(bytes);
  }

  /** `length` bytes, most significant first; the value is at most `max`. */
  bigEndian(value: number, length: number, max: number): void {
    checkInteger(value, max);
    const at = this.#grow(length);
    let rest = value;
    for (let i = at + length - 1; i >= at; i -= 1) {
      this.#bytes[i] = rest % 256;
      rest = Math.floor(rest / 256);
    }
  }

  /** LEB128, shortest form; the value is at most `max`. */
  varint(value: number, max: number): void {
    checkInteger(value, max);
    let rest = value;
    while (rest >= 0x80) {
      this.u8(0x80 + (rest % 0x80));
      rest = Math.floor(rest / 0x80);
    }
    this.u8(rest);
  }

  /** LEB128 of a u64. */
  varintBig(value: bigint): void {
    if (value < 0n || value > MAX_U64) throw new EncodeError('out-of-range', `${value} is not a u64`);
    let rest = value;
    while (rest >= 0x80n) {
      this.u8(0x80 + Number(rest & 0x7fn));
      rest >>= 7n;
    }
    this.u8(Number(rest));
  }

  /** A varint length of at most `max` items or bytes. */
  lengthOf(count: number, max: number): void {
    if (count > max) throw new EncodeError('over-limit', `${count} items or bytes, at most ${max} allowed`);
    this.varint(count, max);
  }

  /** A copy of what was written. */
  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }
}

function checkInteger(value: number, max: number): void {
  if (!Number.isSafeInteger(value) || value < 0 || value > max) throw new EncodeError('out-of-range', `${value} is not an integer of 0 to ${max}`);
}
