import { decode, encode, type Codec } from '../../src/base/postcard/codec.ts';
import { trieWith, type Trie } from '../../src/chains/albatross/proofs/build-trie.ts';
import { accountKey, stakerKey, stakingContractAddress, tombstoneKey, validatorKey } from '../../src/chains/albatross/proofs/trie-keys.ts';
import { account, staker, stakingValidator, tombstone, type Account, type Staker, type StakingAccount, type StakingValidator, type Tombstone } from '../../src/chains/albatross/wire/accounts.ts';
import type { KeyNibbles } from '../../src/chains/albatross/wire/trie.ts';

/** Address of the staking contract, 20 bytes. */
const STAKING_CONTRACT = stakingContractAddress();

/**
 * The accounts while blocks change them. Each state is one trie root, so going back to an earlier state is setting that root again.
 * Addresses have 20 bytes, amounts are in Luna.
 */
export class Accounts {
  root: Trie;

  constructor(root: Trie) {
    this.root = root;
  }

  /** An address that holds nothing has a basic account without balance. */
  account(address: Uint8Array): Account {
    return this.#get(accountKey(address), account) ?? { type: 'basic', balance: 0 };
  }

  /** Basic accounts and contracts without balance are not kept; the staking contract always is. */
  setAccount(address: Uint8Array, changed: Account): void {
    this.#put(accountKey(address), account, changed.balance === 0 && changed.type !== 'staking' ? undefined : changed);
  }

  get staking(): StakingAccount {
    const found = this.account(STAKING_CONTRACT);
    return found.type === 'staking' ? found : { type: 'staking', balance: 0, activeValidators: [], currentBatchPunishedSlots: [], previousBatchPunishedSlots: { words: [] } };
  }

  setStaking(changed: StakingAccount): void {
    this.setAccount(STAKING_CONTRACT, changed);
  }

  validator(address: Uint8Array): StakingValidator | undefined {
    return this.#get(validatorKey(address), stakingValidator);
  }

  setValidator(address: Uint8Array, changed: StakingValidator | undefined): void {
    this.#put(validatorKey(address), stakingValidator, changed);
  }

  staker(address: Uint8Array): Staker | undefined {
    return this.#get(stakerKey(address), staker);
  }

  setStaker(address: Uint8Array, changed: Staker | undefined): void {
    this.#put(stakerKey(address), staker, changed);
  }

  tombstone(address: Uint8Array): Tombstone | undefined {
    return this.#get(tombstoneKey(address), tombstone);
  }

  setTombstone(address: Uint8Array, changed: Tombstone | undefined): void {
    this.#put(tombstoneKey(address), tombstone, changed);
  }

  #get<T>(key: KeyNibbles, codec: Codec<T>): T | undefined {
    const value = valueUnder(this.root, key);
    return value && decode(codec, value);
  }

  #put<T>(key: KeyNibbles, codec: Codec<T>, value: T | undefined): void {
    this.root = trieWith(this.root, [[key, value === undefined ? undefined : encode(codec, value)]]);
  }
}

function valueUnder(root: Trie, key: KeyNibbles): Uint8Array | undefined {
  for (let node: Trie | undefined = root; node && key.startsWith(node.key); node = node.children[Number.parseInt(key.charAt(node.key.length), 16)]) {
    if (node.key === key) return node.value;
  }
  return undefined;
}
