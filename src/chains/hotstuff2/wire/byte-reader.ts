import { hexOfRange } from '../../../base/bytes.ts';
import type { Hash } from '../../../base/hash.ts';
import { WireError } from './wire-error.ts';

/** Reads big-endian numbers and byte strings front to back. Every read checks first how much is left, and throws only `WireError`. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #offset = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get offset(): number {
    return this.#offset;
  }

  get remaining(): number {
    return this.#bytes.length - this.#offset;
  }

  #take(length: number, what: string): number {
    const start = this.#offset;
    if (length > this.remaining) throw new WireError('truncated', `${what} of ${length} bytes at ${start}, ${this.remaining} left`);
    this.#offset = start + length;
    return start;
  }

  u8(what: string): number {
    return this.#bytes[this.#take(1, what)]!;
  }

  u16(what: string): number {
    return this.#view.getUint16(this.#take(2, what));
  }

  u32(what: string): number {
    return this.#view.getUint32(this.#take(4, what));
  }

  /** Eight bytes; throws `number` above 2^53 - 1. */
  u64(what: string): number {
    const start = this.#take(8, what);
    const value = this.#view.getUint32(start) * 2 ** 32 + this.#view.getUint32(start + 4);
    if (!Number.isSafeInteger(value)) throw new WireError('number', `${what} at ${start} is above 2^53 - 1`);
    return value;
  }

  /** 32 bytes. */
  hash(what: string): Hash {
    const start = this.#take(32, what);
    return hexOfRange(this.#bytes, start, start + 32);
  }

  /** A copy, so that a small value does not keep a large message alive. */
  bytes(length: number, what: string): Uint8Array {
    const start = this.#take(length, what);
    return new Uint8Array(this.#bytes.subarray(start, start + length));
  }

  /** A copy of all bytes that are left. */
  rest(): Uint8Array {
    return this.bytes(this.remaining, 'rest');
  }

  /** The next bytes without moving past them; fewer if fewer are left. */
  peek(length: number): Uint8Array {
    return this.#bytes.subarray(this.#offset, this.#offset + length);
  }

  /** Throws `magic` unless the next bytes are this ASCII text. */
  magic(text: string): void {
    const start = this.#take(text.length, `magic ${text}`);
    for (let i = 0; i < text.length; i += 1) if (this.#bytes[start + i] !== text.charCodeAt(i)) throw new WireError('magic', `expected ${text} at ${start}`);
  }

  /** Throws `trailing` if bytes are left. */
  end(what: string): void {
    if (this.remaining > 0) throw new WireError('trailing', `${this.remaining} bytes after ${what}`);
  }
}
