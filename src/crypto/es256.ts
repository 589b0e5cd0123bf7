/**
 * ES256: ECDSA on P-256 over SHA-256 (FIPS 186-5; RFC 7518, 3.4), as Albatross takes it from passkeys (Albatross proofs reference, 4.2):
 * r and s of 32 bytes each, s of either half of its range.
 * @module
 */
import { p256 } from '@noble/curves/nist.js';

/** Bytes of a compressed key. */
export const ES256_KEY_LENGTH = 33;
const SIGNATURE_LENGTH = 64;
const UNCOMPRESSED_LENGTH = 65;
const ORDER = p256.Point.Fn.ORDER;

/**
 * Whether `signature` (64 bytes) of `message` is valid under `publicKey` (33 bytes, compressed). Accepts any input and never throws.
 * Takes some 5 ms.
 */
export function verifyEs256(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (publicKey.length !== ES256_KEY_LENGTH || signature.length !== SIGNATURE_LENGTH) return false;
  try {
    return p256.verify(signature, message, publicKey, { lowS: false, prehash: true, format: 'compact' });
  } catch {
    // The key is no point, or a number is out of range.
    return false;
  }
}

/** Whether both numbers of the signature are from 1 to the order of the curve minus 1. */
export function isEs256Signature(signature: Uint8Array): boolean {
  if (signature.length !== SIGNATURE_LENGTH) return false;
  return [signature.subarray(0, 32), signature.subarray(32)].every((bytes) => {
    const number = bytes.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
    return number > 0n && number < ORDER;
  });
}

/** The compressed form (33 bytes) of an uncompressed point (65 bytes, `04` first), or undefined if it is not on the curve. */
export function compressEs256Key(uncompressed: Uint8Array): Uint8Array | undefined {
  if (uncompressed.length !== UNCOMPRESSED_LENGTH) return undefined;
  try {
    return p256.Point.fromBytes(uncompressed).toBytes(true);
  } catch {
    return undefined;
  }
}
