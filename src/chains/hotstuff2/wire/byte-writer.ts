import { fromHex } from '../../../base/bytes.ts';
import type { Hash } from '../../../base/hash.ts';
import { WireError } from './wire-error.ts';

/** Writes big-endian numbers and byte strings, growing as needed. Throws only `WireError`, for a value that does not fit its field. */
export class ByteWriter {
  #bytes: Uint8Array;
  #view: DataView;
  #length = 0;

  /** `capacity`: expected length in bytes. */
  constructor(capacity = 256) {
    this.#bytes = new Uint8Array(capacity);
    this.#view = new DataView(this.#bytes.buffer);
  }

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
    this.#view.setUint8(this.#grow(1), within(value, 0xff));
    return this;
  }

  u16(value: number): this {
    this.#view.setUint16(this.#grow(2), within(value, 0xff_ff));
    return this;
  }

  u32(value: number): this {
    this.#view.setUint32(this.#grow(4), within(value, 0xff_ff_ff_ff));
    return this;
  }

  u64(value: number): this {
    const start = this.#grow(8);
    this.#view.setUint32(start, Math.floor(within(value, Number.MAX_SAFE_INTEGER) / 2 ** 32));
    this.#view.setUint32(start + 4, value % 2 ** 32);
    return this;
  }

  /** 64 hex digits. */
  hash(hash: Hash): this {
    if (!/^[0-9a-f]{64}$/u.test(hash)) throw new WireError('length', 'a hash has 64 lower-case hex digits');
    return this.bytes(fromHex(hash));
  }

  bytes(bytes: Uint8Array): this {
    const start = this.#grow(bytes.length);
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
}

function within(value: number, most: number): number {
  if (!Number.isInteger(value) || value < 0 || value > most) throw new WireError('number', `${value} is not between 0 and ${most}`);
  return value;
}
