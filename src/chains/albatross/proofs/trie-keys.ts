/**
 * The keys of the accounts trie. An account's key is its address; below the staking contract a byte names the kind of the item, and the
 * item's address follows. Albatross proofs reference, 2.1.
 * @module
 */
import { fromHex, toHex } from '../../../base/bytes.ts';
import { EncodeError } from '../../../base/postcard/errors.ts';
import type { KeyNibbles } from '../wire/trie.ts';

/** Bytes of an address. */
const ADDRESS = 20;
const STAKING_CONTRACT_KEY: KeyNibbles = `${'00'.repeat(ADDRESS - 1)}01`;

/** The byte between the staking contract's address and the item's. */
const prefixes = { validator: '00', staker: '01', tombstone: '02' } as const;

type StakingItem = keyof typeof prefixes;

/** What is stored under a key, and the address in it (20 bytes): of a tombstone, the deleted validator's. */
export interface TrieKey {
  readonly type: 'account' | StakingItem;
  readonly address: Uint8Array;
}

/** The address of the staking contract: a new array of 20 bytes. */
export function stakingContractAddress(): Uint8Array {
  return fromHex(STAKING_CONTRACT_KEY);
}

/** 40 nibbles. This and the other keys throw `EncodeError` (`wrong-length`) unless the address has 20 bytes. */
export function accountKey(address: Uint8Array): KeyNibbles {
  if (address.length !== ADDRESS) throw new EncodeError('wrong-length', `an address of ${address.length} bytes instead of ${ADDRESS}`);
  return toHex(address);
}

/** 82 nibbles, as the following ones. */
export function validatorKey(address: Uint8Array): KeyNibbles {
  return stakingKey('validator', address);
}

export function stakerKey(address: Uint8Array): KeyNibbles {
  return stakingKey('staker', address);
}

export function tombstoneKey(address: Uint8Array): KeyNibbles {
  return stakingKey('tombstone', address);
}

function stakingKey(type: StakingItem, address: Uint8Array): KeyNibbles {
  return STAKING_CONTRACT_KEY + prefixes[type] + accountKey(address);
}

/** What the key stands for; undefined when no value can be stored under it. */
export function readTrieKey(key: KeyNibbles): TrieKey | undefined {
  if (!/^(?:[0-9a-f]{2})+$/u.test(key)) return undefined;
  if (key.length === 2 * ADDRESS) return { type: 'account', address: fromHex(key) };
  for (const type of ['validator', 'staker', 'tombstone'] as const) {
    const start = STAKING_CONTRACT_KEY + prefixes[type];
    if (key.length === start.length + 2 * ADDRESS && key.startsWith(start)) return { type, address: fromHex(key.slice(start.length)) };
  }
  return undefined;
}
