import { CodedError } from './coded-error.ts';

/** Text that is not hexadecimal. `odd-length`: half a byte is missing; `not-hex`: another character than 0-9, a-f, A-F. */
export class HexError extends CodedError<'odd-length' | 'not-hex'> {
  override readonly name = 'HexError';
  constructor(code: 'odd-length' | 'not-hex', detail: string) {
    super(code, `${code}: ${detail}`);
  }
}

const hexOfByte: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** Lower-case hex, two digits per byte. */
export function toHex(bytes: Uint8Array): string {
  return hexOfRange(bytes, 0, bytes.length);
}

/** Lower-case hex of `bytes[start .. end)`, without copying the range first. */
export function hexOfRange(bytes: Uint8Array, start: number, end: number): string {
  let text = '';
  for (let i = start; i < end; i += 1) text += hexOfByte[bytes[i]!]!;
  return text;
}

/** The value of one hex digit given as UTF-16 code, or -1. */
function digit(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}

/** The bytes of a hex text of either case, without prefix. Throws `HexError`. */
export function fromHex(text: string): Uint8Array {
  if (text.length % 2 !== 0) throw new HexError('odd-length', `${text.length} digits`);
  const bytes = new Uint8Array(text.length / 2);
  for (let i = 0; i < bytes.length; i += 1) {
    const high = digit(text.charCodeAt(2 * i));
    const low = digit(text.charCodeAt(2 * i + 1));
    if (high < 0 || low < 0) throw new HexError('not-hex', `at character ${2 * i}`);
    bytes[i] = high * 16 + low;
  }
  return bytes;
}

/** Whether length and bytes are equal. Not constant-time: nothing here is secret. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i += 1) if (a[i] !== b[i]) return false;
  return true;
}

/** One new array with the parts in order. */
export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  const bytes = new Uint8Array(length);
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}

/**
 * Compares as unsigned bytes from the first on; a prefix comes before longer arrays. Returns a negative number, zero or a positive number.
 */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const common = Math.min(a.length, b.length);
  for (let i = 0; i < common; i += 1) {
    const difference = a[i]! - b[i]!;
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}
