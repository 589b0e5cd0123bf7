/**
 * SHA-256 of headers and validator sets, and the id of a chain (HotStuff-2 reference, 3).
 * @module
 */
import { toHex } from '../../../base/bytes.ts';
import type { Hash } from '../../../base/hash.ts';
import { sha256 } from '../../../crypto/sha256.ts';
import { encodeValidatorSet } from '../wire/validator-set.ts';
import type { ValidatorSet } from '../wire/validator-set.ts';

/** The parent of the genesis block. */
export const ZERO_HASH: Hash = '0'.repeat(64);

/** SHA-256 as 64 lower-case hex digits: of the 223 bytes of a header, the block's hash; of the bytes of a validator set, its name. */
export function hashOf(bytes: Uint8Array): Hash {
  return toHex(sha256(bytes));
}

export function hashOfSet(set: ValidatorSet): Hash {
  return hashOf(encodeValidatorSet(set));
}

/** SHA-256("hs2-light/1" 00 name), the name in UTF-8. */
export function chainIdOf(name: string): Hash {
  return hashOf(new TextEncoder().encode(`hs2-light/1\0${name}`));
}
