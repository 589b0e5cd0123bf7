/**
 * The few DER structures (X.690) in which WebCrypto and WebAuthn give keys and signatures.
 * @module
 */
import { equalBytes, fromHex } from '../base/bytes.ts';
import { KeysError } from './keys-error.ts';

const SEQUENCE = 0x30;
const INTEGER = 0x02;
/** Bytes of each of the two numbers of a signature. */
const NUMBER_LENGTH = 32;

/**
 * The two numbers, 32 bytes each, of a signature that is a sequence of two integers (RFC 3279, 2.2.3).
 * @throws {KeysError} `wrong-type`, `unknown-format`.
 */
export function derSignature(bytes: Uint8Array): readonly [Uint8Array, Uint8Array] {
  if (!(bytes instanceof Uint8Array)) throw new KeysError('wrong-type', `signature: expected bytes, got ${typeof bytes}`);
  if (bytes[0] !== SEQUENCE || bytes[1] !== bytes.length - 2) throw new KeysError('unknown-format', 'signature: expected a DER sequence without other bytes');
  const [first, middle] = derNumber(bytes, 2);
  const [second, end] = derNumber(bytes, middle);
  if (end !== bytes.length) throw new KeysError('unknown-format', 'signature: expected two numbers');
  return [first, second];
}

/** The number at `at`, and where it ends. */
function derNumber(bytes: Uint8Array, at: number): readonly [Uint8Array, number] {
  const length = bytes[at + 1] ?? 0;
  const end = at + 2 + length;
  let start = at + 2;
  const first = bytes[start];
  const second = bytes[start + 1] ?? 0;
  const zeroFirst = first === 0 && length > 1;
  if (bytes[at] !== INTEGER || length === 0 || first === undefined || end > bytes.length || first > 0x7f || (zeroFirst && second < 0x80)) {
    throw new KeysError('unknown-format', 'signature: expected a positive number in DER');
  }
  if (zeroFirst) start += 1;
  if (end - start > NUMBER_LENGTH) throw new KeysError('unknown-format', `signature: expected a number of at most ${NUMBER_LENGTH} bytes`);
  const number = new Uint8Array(NUMBER_LENGTH);
  number.set(bytes.subarray(start, end), NUMBER_LENGTH - (end - start));
  return [number, end];
}

/** SubjectPublicKeyInfo of an Ed25519 key before its 32 bytes (RFC 8410, 4). */
export const ED25519_SPKI = '302a300506032b6570032100';
/** SubjectPublicKeyInfo of a P-256 key before the 65 bytes of its uncompressed point (RFC 5480, 2). */
export const P256_SPKI = '3059301306072a8648ce3d020106082a8648ce3d030107034200';

/**
 * The `length` bytes of the key in a SubjectPublicKeyInfo that begins with `prefix` (hex).
 * @throws {KeysError} `wrong-type`, `unknown-format`.
 */
export function spkiKey(bytes: Uint8Array, prefix: string, length: number): Uint8Array {
  if (!(bytes instanceof Uint8Array)) throw new KeysError('wrong-type', `public key: expected bytes, got ${typeof bytes}`);
  const start = fromHex(prefix);
  if (bytes.length !== start.length + length || !equalBytes(bytes.subarray(0, start.length), start)) throw new KeysError('unknown-format', 'public key: expected SubjectPublicKeyInfo of this kind of key');
  return new Uint8Array(bytes.subarray(start.length));
}
