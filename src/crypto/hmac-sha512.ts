/**
 * HMAC and PBKDF2 over SHA-512 (RFC 2104, RFC 8018): derivation of keys from seeds and mnemonics.
 * @module
 */
import { hmac } from '@noble/hashes/hmac.js';
import { pbkdf2 } from '@noble/hashes/pbkdf2.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { CryptoInputError } from './crypto-input-error.ts';

const MAX_UINT32 = 0xffffffff;

/** The 64-byte code of `data` under `key`, which may have any length. */
export function hmacSha512(key: Uint8Array, data: Uint8Array): Uint8Array {
  return hmac(sha512, key, data);
}

/** A key of `length` bytes, 1 or more, by PBKDF2-HMAC-SHA512. @throws {CryptoInputError} `out-of-range`. */
export function pbkdf2Sha512(password: Uint8Array, salt: Uint8Array, iterations: number, length: number): Uint8Array {
  for (const [what, value] of [['iterations', iterations], ['key length', length]] as const) {
    if (!Number.isInteger(value) || value < 1 || value > MAX_UINT32) throw new CryptoInputError('out-of-range', `PBKDF2 ${what}: expected 1 to ${MAX_UINT32}, got ${value}`);
  }
  return pbkdf2(sha512, password, salt, { c: iterations, dkLen: length });
}
