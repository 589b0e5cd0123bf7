import { toHex } from '../base/bytes.ts';
import { KeysError } from './keys-error.ts';
import { SerialBuffer } from './serial-buffer.ts';
import { StringUtils } from './string-utils.ts';
import { fromUtf8, toUtf8 } from './utf8.ts';

/** Every kind of array of numbers. */
type TypedArray = Int8Array | Uint8Array | Int16Array | Uint16Array | Int32Array | Uint32Array | Uint8ClampedArray | Float32Array | Float64Array;

/** Bytes as text and back, as in the official client. Text in another form is refused; the official class reads it as something else. */
export class BufferUtils {
  static readonly BASE64_ALPHABET: string = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  /** The 33rd character, if there is one, fills up to eight characters. */
  static readonly BASE32_ALPHABET = {
    RFC4648: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567=',
    RFC4648_HEX: '0123456789ABCDEFGHIJKLMNOPQRSTUV=',
    NIMIQ: '0123456789ABCDEFGHJKLMNPQRSTUVXY',
  };
  static readonly HEX_ALPHABET: string = '0123456789abcdef';

  static toBase64(bytes: Uint8Array): string {
    let text = '';
    for (const byte of bytes) text += String.fromCharCode(byte);
    return btoa(text);
  }

  /** `length`: in bytes, any if left out. */
  static fromBase64(base64: string, length?: number): SerialBuffer {
    let text: string;
    try {
      text = atob(base64);
    } catch {
      throw new KeysError('unknown-format', 'String is not base64');
    }
    if (length !== undefined && text.length !== length) throw new KeysError('unknown-format', 'Decoded length does not match expected length');
    return new SerialBuffer(Array.from(text, (character) => character.charCodeAt(0)));
  }

  /** With `-` and `_`, and without filling (RFC 4648, 5). */
  static toBase64Url(bytes: Uint8Array): string {
    return BufferUtils.toBase64(bytes).replaceAll('/', '_').replaceAll('+', '-').replaceAll('=', '');
  }

  /** With `-` and `_`, without filling or filled with `.` or `=`. */
  static fromBase64Url(base64: string, length?: number): SerialBuffer {
    return BufferUtils.fromBase64(base64.replaceAll('_', '/').replaceAll('-', '+').replaceAll('.', '='), length);
  }

  static toBase32(bytes: Uint8Array, alphabet: string = BufferUtils.BASE32_ALPHABET.NIMIQ): string {
    let text = '';
    let bits = 0;
    let held = 0;
    for (const byte of bytes) {
      held = ((held << 8) | byte) & 0xfff;
      for (bits += 8; bits >= 5; bits -= 5) text += alphabet.charAt((held >> (bits - 5)) & 31);
    }
    if (bits > 0) text += alphabet.charAt((held << (5 - bits)) & 31);
    return alphabet.length === 33 ? text.padEnd(Math.ceil(text.length / 8) * 8, alphabet.charAt(32)) : text;
  }

  /** Letters of either case. Bits that are no whole byte are dropped, if they are 0. */
  static fromBase32(base32: string, alphabet: string = BufferUtils.BASE32_ALPHABET.NIMIQ): Uint8Array {
    const bytes: number[] = [];
    let bits = 0;
    let held = 0;
    const digits = alphabet.length === 33 ? base32.toUpperCase().replaceAll(alphabet.charAt(32), '') : base32.toUpperCase();
    for (const character of digits) {
      const digit = alphabet.indexOf(character);
      if (digit < 0) throw new KeysError('unknown-format', 'String has a character that is not in the base 32 alphabet');
      held = ((held << 5) | digit) & 0xfff;
      bits += 5;
      if (bits < 8) continue;
      bits -= 8;
      bytes.push((held >> bits) & 0xff);
    }
    if (bits >= 5 || (held & ((1 << bits) - 1)) !== 0) throw new KeysError('unknown-format', 'String of base 32 has bits after its last byte');
    return Uint8Array.from(bytes);
  }

  /** Lower case. */
  static toHex(bytes: Uint8Array): string {
    return toHex(bytes);
  }

  /** Either case; blanks around it are dropped. `length`: in bytes, any if left out. */
  static fromHex(hex: string, length?: number): SerialBuffer {
    const digits = hex.trim();
    if (!StringUtils.isHexBytes(digits, length)) throw new KeysError('unknown-format', 'String is not a hex string (of matching length)');
    return new SerialBuffer(Array.from({ length: digits.length / 2 }, (_, at) => Number.parseInt(digits.slice(2 * at, 2 * at + 2), 16)));
  }

  static fromUtf8(text: string): Uint8Array {
    return fromUtf8(text);
  }

  static toUtf8(bytes: TypedArray): string {
    return toUtf8(bytes);
  }

  /** Bytes, or a text of hex, or else of base 64. `length` counts only for a text. */
  static fromAny(source: Uint8Array | string, length?: number): SerialBuffer {
    if (source instanceof Uint8Array) return new SerialBuffer(source);
    if (source === '') return SerialBuffer.EMPTY;
    for (const read of [BufferUtils.fromHex, BufferUtils.fromBase64]) {
      try {
        if (typeof source === 'string') return read(source, length);
      } catch {
        // Another form, perhaps.
      }
    }
    throw new KeysError('unknown-format', 'Invalid buffer format');
  }

  /** Takes the same time wherever the first difference is: what is compared may be secret. */
  static equals(a: TypedArray, b: TypedArray): boolean {
    const [first, second] = [bytesOf(a), bytesOf(b)];
    if (first.length !== second.length) return false;
    let difference = 0;
    for (let i = 0; i < first.length; i++) difference |= first[i]! ^ second[i]!;
    return difference === 0;
  }

  /** -1, 0 or 1: shorter arrays come first, then the smaller first difference. */
  static compare(a: TypedArray, b: TypedArray): number {
    if (a.length !== b.length) return a.length < b.length ? -1 : 1;
    for (let i = 0; i < a.length; i++) {
      if (a[i]! < b[i]!) return -1;
      if (a[i]! > b[i]!) return 1;
    }
    return 0;
  }

  /** As long as `a`. Where `b` is shorter, `a` is not changed. */
  static xor(a: Uint8Array, b: Uint8Array): Uint8Array {
    return Uint8Array.from(a, (byte, at) => byte ^ (b[at] ?? 0));
  }
}

function bytesOf(array: TypedArray): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}
