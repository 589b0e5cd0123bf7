/**
 * Accounts and staking items from the bytes that `verifyTrieProof` proved. Albatross proofs reference, 2.2 and 2.4. Each function throws
 * `ProofError`: `key-not-proven` if its key is not among the values, `undecodable-value`, `wrong-address`.
 * @module
 */
import { equalBytes, toHex } from '../../../base/bytes.ts';
import { decode, DecodeError } from '../../../base/postcard/codec.ts';
import type { Codec } from '../../../base/postcard/codec.ts';
import { account, staker, stakingValidator, tombstone } from '../wire/accounts.ts';
import type { Account, Staker, StakingValidator, Tombstone } from '../wire/accounts.ts';
import type { KeyNibbles } from '../wire/trie.ts';
import { ProofError } from './proof-error.ts';
import { accountKey, stakerKey, tombstoneKey, validatorKey } from './trie-keys.ts';

/** Proven values by key; undefined where it is proven that nothing is stored. */
export type ProvenValues = ReadonlyMap<KeyNibbles, Uint8Array | undefined>;

/** The account of the address. Nothing is stored for one that was never paid: that is a basic account without balance. */
export function accountIn(values: ProvenValues, address: Uint8Array): Account {
  return decoded(values, accountKey(address), account) ?? { type: 'basic', balance: 0 };
}

/** The validator with this address; undefined: there is none. */
export function validatorIn(values: ProvenValues, address: Uint8Array): StakingValidator | undefined {
  return ofAddress(decoded(values, validatorKey(address), stakingValidator), address);
}

/** The staker with this address; undefined: there is none. */
export function stakerIn(values: ProvenValues, address: Uint8Array): Staker | undefined {
  return ofAddress(decoded(values, stakerKey(address), staker), address);
}

/** What is left of the deleted validator with this address; undefined: nothing. */
export function tombstoneIn(values: ProvenValues, address: Uint8Array): Tombstone | undefined {
  return decoded(values, tombstoneKey(address), tombstone);
}

function decoded<T>(values: ProvenValues, key: KeyNibbles, codec: Codec<T>): T | undefined {
  const bytes = values.get(key);
  if (bytes === undefined) {
    if (!values.has(key)) throw new ProofError('key-not-proven', `no value for ${key}`);
    return undefined;
  }
  try {
    return decode(codec, bytes);
  } catch (error) {
    if (error instanceof DecodeError) throw new ProofError('undecodable-value', `under ${key}: ${error.message}`);
    throw error;
  }
}

function ofAddress<T extends { readonly address: Uint8Array }>(item: T | undefined, address: Uint8Array): T | undefined {
  if (item !== undefined && !equalBytes(item.address, address)) throw new ProofError('wrong-address', `${toHex(item.address)} under the key of ${toHex(address)}`);
  return item;
}
