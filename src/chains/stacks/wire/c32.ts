/**
 * c32check: how the addresses of Stacks are written. "S", the version as one digit, then hash and checksum as one number to the base 32.
 * @module
 */
import { concatBytes, fromHex, toHex } from '../../../base/bytes.ts';
import { sha256 } from '../../../crypto/sha256.ts';
import { ClarityError } from './clarity-error.ts';

const DIGITS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const HASH_BYTES = 20;
const CHECKSUM_BYTES = 4;
/** Longest address: S, version, and 24 bytes in 39 digits. */
const MAX_ADDRESS = 41;

/** The first four bytes of SHA-256 twice over the version and the hash. */
function checksum(version: number, hash: Uint8Array): Uint8Array {
  return sha256(sha256(concatBytes(Uint8Array.of(version), hash))).subarray(0, CHECKSUM_BYTES);
}

/** The address of a version (0 to 31) and a hash160 (20 bytes). Throws `ClarityError` for others. */
export function encodeAddress(version: number, hash: Uint8Array): string {
  if (!Number.isInteger(version) || version < 0 || version > 31) throw new ClarityError('principal', `version ${version}`);
  if (hash.length !== HASH_BYTES) throw new ClarityError('principal', `hash of ${hash.length} bytes`);
  const bytes = concatBytes(hash, checksum(version, hash));
  let digits = '';
  for (let rest = BigInt(`0x${toHex(bytes)}`); rest > 0n; rest /= 32n) digits = DIGITS[Number(rest % 32n)]! + digits;
  const zeros = bytes.findIndex((byte) => byte !== 0);
  return `S${DIGITS[version]!}${'0'.repeat(zeros < 0 ? bytes.length : zeros)}${digits}`;
}

/** Version and hash160 of an address. Only the form that `encodeAddress` writes is read. Throws `ClarityError` with `principal`. */
export function decodeAddress(address: string): { readonly version: number; readonly hash: Uint8Array } {
  if (address.length > MAX_ADDRESS || !/^S[0-9A-HJKMNP-TV-Z]{2,}$/u.test(address)) throw new ClarityError('principal', 'no address');
  let number = 0n;
  for (const digit of address.slice(2)) number = number * 32n + BigInt(DIGITS.indexOf(digit));
  const hex = number.toString(16).padStart(2 * (HASH_BYTES + CHECKSUM_BYTES), '0');
  const version = DIGITS.indexOf(address[1]!);
  const hash = fromHex(hex.slice(0, 2 * HASH_BYTES));
  // Checksum, length and leading zeros at once.
  if (encodeAddress(version, hash) !== address) throw new ClarityError('principal', 'the checksum does not fit');
  return { version, hash };
}
