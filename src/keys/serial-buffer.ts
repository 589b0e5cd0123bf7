import { ArrayUtils } from './array-utils.ts';
import { KeysError } from './keys-error.ts';
import { NumberUtils } from './number-utils.ts';
import { StringUtils } from './string-utils.ts';
import { fromUtf8, toUtf8 } from './utf8.ts';

/** Bytes of a varint at most: 2^53 has eight groups of seven bits. */
const MAX_VARINT_LENGTH = 8;

/**
 * Bytes with a position for reading and one for writing, as in the official client. Numbers are big endian. Reading and writing past the
 * end throws; the official class gives fewer bytes than asked for.
 */
export class SerialBuffer extends Uint8Array {
  static readonly EMPTY: SerialBuffer = new SerialBuffer(0);

  #readPos = 0;
  #writePos = 0;

  constructor(length: number);
  constructor(array: ArrayLike<number> | ArrayBufferLike);
  constructor(source: number | ArrayLike<number> | ArrayBufferLike) {
    // The three forms are overloads of the base class, which a union does not fit.
    super(source as number);
  }

  /** A view, without positions. */
  override subarray(start?: number, end?: number): Uint8Array<ArrayBuffer> {
    return ArrayUtils.subarray(this, start, end) as Uint8Array<ArrayBuffer>;
  }

  get readPos(): number {
    return this.#readPos;
  }

  set readPos(value: number) {
    this.#readPos = this.#checked(value, 'readPos');
  }

  get writePos(): number {
    return this.#writePos;
  }

  set writePos(value: number) {
    this.#writePos = this.#checked(value, 'writePos');
  }

  /** Sets both positions to the start. */
  reset(): void {
    this.#readPos = 0;
    this.#writePos = 0;
  }

  /** A copy of the next `length` bytes. */
  read(length: number): Uint8Array {
    const start = this.#advanceRead(length);
    return new Uint8Array(this.subarray(start, start + length));
  }

  write(bytes: Uint8Array): void {
    this.set(bytes, this.#advanceWrite(bytes.byteLength));
  }

  readUint8(): number {
    return this.#view(this.#advanceRead(1)).getUint8(0);
  }

  writeUint8(value: number): void {
    this.#view(this.#advanceWrite(1)).setUint8(0, value);
  }

  readUint16(): number {
    return this.#view(this.#advanceRead(2)).getUint16(0);
  }

  writeUint16(value: number): void {
    this.#view(this.#advanceWrite(2)).setUint16(0, value);
  }

  readUint32(): number {
    return this.#view(this.#advanceRead(4)).getUint32(0);
  }

  writeUint32(value: number): void {
    this.#view(this.#advanceWrite(4)).setUint32(0, value);
  }

  /** Up to 2^53 - 1 only. */
  readUint64(): number {
    const view = this.#view(this.#advanceRead(8));
    return requireUint64(view.getUint32(0) * 2 ** 32 + view.getUint32(4));
  }

  /** Up to 2^53 - 1 only. */
  writeUint64(value: number): void {
    requireUint64(value);
    const view = this.#view(this.#advanceWrite(8));
    view.setUint32(0, Math.floor(value / 2 ** 32));
    view.setUint32(4, value % 2 ** 32);
  }

  /** Groups of seven bits, the lowest first; all but the last have the high bit set. Longer forms than needed are refused. */
  readVarUint(): number {
    let value = 0;
    for (let i = 0; i < MAX_VARINT_LENGTH; i++) {
      const byte = this.readUint8();
      value += (byte & 0x7f) * 2 ** (7 * i);
      if (byte < 0x80) {
        if (i > 0 && byte === 0) throw new KeysError('unknown-format', 'Could not decode varint: it is longer than its value needs');
        return requireUint64(value);
      }
    }
    throw new KeysError('unknown-format', 'Could not decode varint: it is longer than eight bytes');
  }

  writeVarUint(value: number): void {
    let rest = requireUint64(value);
    for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) this.writeUint8((rest % 0x80) | 0x80);
    this.writeUint8(rest);
  }

  /** Length of a varint in bytes. */
  static varUintSize(value: number): number {
    let size = 1;
    for (let rest = requireUint64(value); rest >= 0x80; rest = Math.floor(rest / 0x80)) size++;
    return size;
  }

  readFloat64(): number {
    return this.#view(this.#advanceRead(8)).getFloat64(0);
  }

  writeFloat64(value: number): void {
    this.#view(this.#advanceWrite(8)).setFloat64(0, value);
  }

  /** A text of `length` bytes in UTF-8. */
  readString(length: number): string {
    return toUtf8(this.read(length));
  }

  /** A text of `length` bytes in UTF-8. */
  writeString(value: string, length: number): void {
    const bytes = encode(value);
    if (bytes.byteLength !== length) throw new KeysError('unknown-format', `Malformed value/length: expected ${length} bytes, got ${bytes.byteLength}`);
    this.write(bytes);
  }

  /** A text in a field of `length` bytes, up to its first zero byte. */
  readPaddedString(length: number): string {
    const bytes = this.read(length);
    const end = bytes.indexOf(0);
    return toUtf8(end < 0 ? bytes : bytes.subarray(0, end));
  }

  /** A text in a field of `length` bytes, filled up with zero bytes. */
  writePaddedString(value: string, length: number): void {
    const bytes = encode(value);
    if (bytes.byteLength > length) throw new KeysError('unknown-format', `Malformed value/length: expected at most ${length} bytes, got ${bytes.byteLength}`);
    const field = new Uint8Array(length);
    field.set(bytes);
    this.write(field);
  }

  /** A text after its length in bytes, a varint. */
  readVarLengthString(): string {
    return this.readString(this.readVarUint());
  }

  writeVarLengthString(value: string): void {
    const bytes = encode(value);
    this.writeVarUint(bytes.byteLength);
    this.write(bytes);
  }

  static varLengthStringSize(value: string): number {
    const { byteLength } = encode(value);
    return SerialBuffer.varUintSize(byteLength) + byteLength;
  }

  #view(start: number): DataView {
    return new DataView(this.buffer, this.byteOffset + start);
  }

  /** The position before the step. */
  #advanceRead(length: number): number {
    const start = this.#readPos;
    this.readPos = start + length;
    return start;
  }

  #advanceWrite(length: number): number {
    const start = this.#writePos;
    this.writePos = start + length;
    return start;
  }

  #checked(value: number, what: string): number {
    if (!Number.isInteger(value) || value < 0 || value > this.byteLength) throw new KeysError('out-of-range', `Invalid ${what} ${value}: the buffer has ${this.byteLength} bytes`);
    return value;
  }
}

function encode(text: string): Uint8Array {
  if (!StringUtils.isWellFormed(text)) throw new KeysError('unknown-format', 'Malformed value: a surrogate has no pair');
  return fromUtf8(text);
}

function requireUint64(value: number): number {
  if (!NumberUtils.isUint64(value)) throw new KeysError('out-of-range', 'Malformed value: expected an integer from 0 to 2^53 - 1');
  return value;
}
