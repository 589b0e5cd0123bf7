import { loadGenesis } from '../../src/chains/albatross/chain/genesis.ts';
import type { NetworkParameters } from '../../src/chains/albatross/chain/network.ts';
import { emptyTrie, type Trie } from '../../src/chains/albatross/proofs/build-trie.ts';
import { addressOfKey } from '../../src/chains/albatross/transactions/sender-address.ts';
import { VALIDATOR_DEPOSIT } from '../../src/chains/albatross/transactions/verify-transaction.ts';
import type { Validator } from '../../src/chains/albatross/wire/types.ts';
import { compareBytes, fromHex } from '../../src/base/bytes.ts';
import { ed25519PublicKey } from '../../src/crypto/ed25519.ts';
import { seededRandom } from '../seeded-random.ts';
import { Accounts } from './accounts.ts';

/** An account whose key is known, so that anybody can spend from it. */
export interface FundedAccount {
  /** 20 bytes. */
  readonly address: Uint8Array;
  /** Ed25519, 32 bytes. */
  readonly privateKey: Uint8Array;
  /** Luna at genesis. */
  readonly balance: number;
}

function funded(privateKey: Uint8Array, balance: number): FundedAccount {
  return { address: addressOfKey(ed25519PublicKey(privateKey)), privateKey, balance };
}

/**
 * The accounts of unit-albatross' genesis block with the public keys of its tests: one basic account, which is the reward address of the
 * only validator too, and one staker. The root of this state is the one in the genesis block. Reference implementation,
 * genesis/src/genesis/unit-albatross.toml; Albatross block reference, section 9.
 */
const UNIT_ACCOUNT = funded(fromHex('6c9320ac201caf1f8eaa5b05f5d67a9e77826f3f6be266a0ecccc20416dc6587'), 1_000_000_000_000);
const UNIT_STAKER = funded(fromHex('12004e8b2114b4ec0848154a0209928ddd3199ccb706e41c2e72295c7574ce0b'), 100_000);

/** Accounts that the devnet funds in a genesis block of its own, with this many Luna each. */
const OWN_ACCOUNTS = 5;
const OWN_BALANCE = 200_000_000_000;

/** What a genesis block starts with. */
export interface GenesisAccounts {
  readonly root: Trie;
  /** Basic accounts with known keys. */
  readonly funded: readonly FundedAccount[];
  /** Luna of all accounts. */
  readonly supply: number;
}

/**
 * The accounts of a network: unit-albatross' or, with `seed`, those of a network of the devnet's own. Throws if they do not give the
 * genesis block's state root: the accounts of other networks are not known here.
 */
export function genesisAccounts(network: NetworkParameters, seed?: string): GenesisAccounts {
  const { header } = loadGenesis(network);
  const made = seed === undefined ? unitAccounts(header.validators ?? []) : ownAccounts(seed, header.validators ?? []);
  if (made.root.hash !== header.stateRoot) throw new Error(`the accounts of ${network.name} at genesis are not known`);
  return made;
}

/** The accounts of a network of the devnet's own: the same seed and validators give the same accounts and keys. */
export function ownAccounts(seed: string, validators: readonly Validator[]): GenesisAccounts {
  return made(validators, Array.from({ length: OWN_ACCOUNTS }, (_, i) => funded(seededRandom(seed, `account/${i}`).bytes(32), OWN_BALANCE)), undefined);
}

function unitAccounts(validators: readonly Validator[]): GenesisAccounts {
  return made(validators, [UNIT_ACCOUNT], UNIT_STAKER);
}

/** `staker` delegates to the first validator. Every validator's rewards go to the first funded account. */
function made(validators: readonly Validator[], basic: readonly FundedAccount[], staker: FundedAccount | undefined): GenesisAccounts {
  const accounts = new Accounts(emptyTrie);
  for (const { address, balance } of basic) accounts.setAccount(address, { type: 'basic', balance });
  const stakes = validators.map((validator, i) => ({ ...validator, staked: i === 0 && staker ? staker : undefined }));
  for (const { address, signingKey, votingKey, staked } of stakes) {
    const totalStake = VALIDATOR_DEPOSIT + (staked?.balance ?? 0);
    accounts.setValidator(address, {
      address, signingKey, votingKey,
      rewardAddress: basic[0]?.address ?? address,
      signalData: undefined,
      totalStake,
      deposit: VALIDATOR_DEPOSIT,
      stakerCount: staked ? 1 : 0,
      inactiveFrom: undefined, jailedFrom: undefined, retired: false,
    });
    if (staked) accounts.setStaker(staked.address, { address: staked.address, activeBalance: staked.balance, inactiveBalance: 0, inactiveFrom: undefined, retiredBalance: 0, delegation: address });
  }
  const active = stakes.map(({ address, staked }) => ({ address, stake: VALIDATOR_DEPOSIT + (staked?.balance ?? 0) }));
  const balance = active.reduce((sum, { stake }) => sum + stake, 0);
  accounts.setStaking({ ...accounts.staking, balance, activeValidators: active.toSorted((a, b) => compareBytes(a.address, b.address)) });
  return { root: accounts.root, funded: basic, supply: balance + basic.reduce((sum, account) => sum + account.balance, 0) };
}
