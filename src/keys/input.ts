import { fromHex, HexError } from '../base/bytes.ts';
import { KeysError } from './keys-error.ts';

/** A copy of `bytes`, which must be exactly `length` bytes. */
export function requireBytes(bytes: Uint8Array, length: number, what: string): Uint8Array {
  if (!(bytes instanceof Uint8Array)) throw new KeysError('wrong-type', `${what}: expected bytes, got ${typeof bytes}`);
  if (bytes.length !== length) throw new KeysError('wrong-length', `${what}: expected ${length} bytes, got ${bytes.length}`);
  // Not `slice`: a Node Buffer would share its memory.
  return new Uint8Array(bytes);
}

/** The bytes of a hex text of either case. */
export function requireHex(text: string, what: string): Uint8Array {
  if (typeof text !== 'string') throw new KeysError('wrong-type', `${what}: expected a text, got ${typeof text}`);
  try {
    return fromHex(text);
  } catch (error) {
    if (error instanceof HexError) throw new KeysError('not-hex', `${what}: no hexadecimal text`);
    throw error;
  }
}

/** The `length` bytes of a hex text of either case. */
export function requireHexOf(text: string, length: number, what: string): Uint8Array {
  return requireBytes(requireHex(text, what), length, what);
}
