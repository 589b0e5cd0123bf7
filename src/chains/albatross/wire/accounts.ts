/**
 * What the accounts trie stores: accounts under addresses, and below the staking contract its validators, stakers and tombstones, which
 * are not wrapped as accounts. Albatross proofs reference, 2.4.
 *
 * Amounts are in Luna, at most 2^53 - 1; times are Unix milliseconds, and a time above 2^53 - 1 is `number-too-large`; heights are numbers.
 * Addresses have 20 bytes.
 * @module
 */
import { compareBytes } from '../../../base/bytes.ts';
import { bool, coin, constant, fixed, hash32, option, struct, u16, u32, u64, u8, union, vec } from '../../../base/postcard/codec.ts';
import type { Codec } from '../../../base/postcard/codec.ts';
import { DecodeError, EncodeError } from '../../../base/postcard/errors.ts';
import type { Hash } from '../../../base/hash.ts';
import { bitSet } from './blocks.ts';
import type { BitSet } from './types.ts';

/** Active validators, 28 bytes each, in an answer of 10 MiB. The protocol has no limit of its own. */
const MAX_ACTIVE_VALIDATORS = 374_491;
/** Validators with punished slots, and slots of one of them: 512 slots in the running epoch and in the one before it. */
const MAX_PUNISHED = 1024;

export interface BasicAccount {
  readonly type: 'basic';
  readonly balance: number;
}

/** A contract that releases its balance to the owner step by step. */
export interface VestingAccount {
  readonly type: 'vesting';
  readonly balance: number;
  readonly owner: Uint8Array;
  readonly startTime: number;
  /** Milliseconds between two steps. */
  readonly timeStep: number;
  readonly stepAmount: number;
  readonly totalAmount: number;
}

export type HtlcHashAlgorithm = 'blake2b' | 'sha256' | 'sha512';

/** A hashed time-locked contract. */
export interface HtlcAccount {
  readonly type: 'htlc';
  readonly balance: number;
  readonly sender: Uint8Array;
  readonly recipient: Uint8Array;
  readonly hashAlgorithm: HtlcHashAlgorithm;
  /** 32 bytes, of SHA-512 64. */
  readonly hashRoot: Uint8Array;
  /** How often the pre-image is hashed to give the root. */
  readonly hashCount: number;
  /** From then on the sender can take the balance back. */
  readonly timeout: number;
  readonly totalAmount: number;
}

/** The staking contract. */
export interface StakingAccount {
  readonly type: 'staking';
  readonly balance: number;
  /** Ascending by address. */
  readonly activeValidators: readonly { readonly address: Uint8Array; readonly stake: number }[];
  /** Of the running batch, ascending by address, the slots ascending too. */
  readonly currentBatchPunishedSlots: readonly { readonly address: Uint8Array; readonly slots: readonly number[] }[];
  readonly previousBatchPunishedSlots: BitSet;
}

export type Account = BasicAccount | VestingAccount | HtlcAccount | StakingAccount;

/** A validator as the staking contract keeps it, elected or not. */
export interface StakingValidator {
  readonly address: Uint8Array;
  /** 32 bytes, Ed25519. */
  readonly signingKey: Uint8Array;
  /** 285 bytes, compressed MNT6-753 G2 point. */
  readonly votingKey: Uint8Array;
  readonly rewardAddress: Uint8Array;
  readonly signalData: Hash | undefined;
  /** Deposit and stake of all its stakers. */
  readonly totalStake: number;
  readonly deposit: number;
  readonly stakerCount: number;
  readonly inactiveFrom: number | undefined;
  readonly jailedFrom: number | undefined;
  readonly retired: boolean;
}

export interface Staker {
  readonly address: Uint8Array;
  readonly activeBalance: number;
  readonly inactiveBalance: number;
  readonly inactiveFrom: number | undefined;
  readonly retiredBalance: number;
  /** The address of a validator. */
  readonly delegation: Uint8Array | undefined;
}

/** What is left of a deleted validator while stakers still delegate to it. */
export interface Tombstone {
  readonly remainingStake: number;
  readonly remainingStakerCount: number;
}

const address = fixed(20);
/** Like an amount: 8 bytes, big-endian. */
const time = coin;

/** A list whose items must be strictly ascending: Rust writes its sorted maps and sets so, and each of them has one encoding. */
function ascending<T>(list: Codec<readonly T[]>, compare: (a: T, b: T) => number): Codec<readonly T[]> {
  const isAscending = (items: readonly T[]): boolean => items.every((item, at) => at === 0 || compare(items[at - 1] as T, item) < 0);
  return {
    read: (r) => {
      const start = r.offset;
      const items = list.read(r);
      if (!isAscending(items)) throw new DecodeError('invalid-value', start, 'keys that are not ascending');
      return items;
    },
    write: (w, items) => {
      if (!isAscending(items)) throw new EncodeError('inconsistent', 'keys that are not ascending');
      list.write(w, items);
    },
    minSize: list.minSize,
  };
}

const byAddress = (a: { readonly address: Uint8Array }, b: { readonly address: Uint8Array }): number => compareBytes(a.address, b.address);

/** By their byte: 2 is Argon2d, which contracts cannot have. */
const hashAlgorithms = new Map<number, { readonly name: HtlcHashAlgorithm; readonly root: Codec<Uint8Array> }>([
  [1, { name: 'blake2b', root: fixed(32) }],
  [3, { name: 'sha256', root: fixed(32) }],
  [4, { name: 'sha512', root: fixed(64) }],
]);

/** One byte for the algorithm, then the root in the length that this algorithm has. */
const hashLock: Codec<Pick<HtlcAccount, 'hashAlgorithm' | 'hashRoot'>> = {
  read: (r) => {
    const start = r.offset;
    const byte = r.u8();
    const algorithm = hashAlgorithms.get(byte);
    if (!algorithm) throw new DecodeError('unknown-variant', start, `hash algorithm ${byte}`);
    return { hashAlgorithm: algorithm.name, hashRoot: algorithm.root.read(r) };
  },
  write: (w, { hashAlgorithm, hashRoot }) => {
    for (const [byte, { name, root }] of hashAlgorithms) {
      if (name !== hashAlgorithm) continue;
      w.u8(byte);
      root.write(w, hashRoot);
      return;
    }
    throw new EncodeError('unknown-variant', `hash algorithm ${hashAlgorithm}`);
  },
  minSize: 1 + 32,
};

const htlcStart = struct<Pick<HtlcAccount, 'type' | 'balance' | 'sender' | 'recipient'>>({ type: constant('htlc'), balance: coin, sender: address, recipient: address });
const htlcEnd = struct<Pick<HtlcAccount, 'hashCount' | 'timeout' | 'totalAmount'>>({ hashCount: u8, timeout: time, totalAmount: coin });
const htlcAccount: Codec<HtlcAccount> = {
  read: (r) => ({ ...htlcStart.read(r), ...hashLock.read(r), ...htlcEnd.read(r) }),
  write: (w, value) => {
    htlcStart.write(w, value);
    hashLock.write(w, value);
    htlcEnd.write(w, value);
  },
  minSize: 48 + 33 + 17,
};

/** 0 basic, 1 vesting, 2 HTLC, 3 staking contract. */
export const account = union<Account>({
  basic: struct<BasicAccount>({ type: constant('basic'), balance: coin }),
  vesting: struct<VestingAccount>({
    type: constant('vesting'), balance: coin, owner: address, startTime: time, timeStep: time, stepAmount: coin, totalAmount: coin,
  }),
  htlc: htlcAccount,
  staking: struct<StakingAccount>({
    type: constant('staking'),
    balance: coin,
    activeValidators: ascending(vec(struct<StakingAccount['activeValidators'][number]>({ address, stake: coin }), MAX_ACTIVE_VALIDATORS), byAddress),
    currentBatchPunishedSlots: ascending(
      vec(struct<StakingAccount['currentBatchPunishedSlots'][number]>({ address, slots: ascending(vec(u16, MAX_PUNISHED), (a, b) => a - b) }), MAX_PUNISHED),
      byAddress,
    ),
    previousBatchPunishedSlots: bitSet,
  }),
});

/** Unlike in an election block, the signing key is before the voting key. */
export const stakingValidator = struct<StakingValidator>({
  address,
  signingKey: fixed(32),
  votingKey: fixed(285),
  rewardAddress: address,
  signalData: option(hash32),
  totalStake: coin,
  deposit: coin,
  stakerCount: u64,
  inactiveFrom: option(u32),
  jailedFrom: option(u32),
  retired: bool,
});

export const staker = struct<Staker>({
  address,
  activeBalance: coin,
  inactiveBalance: coin,
  inactiveFrom: option(u32),
  retiredBalance: coin,
  delegation: option(address),
});

export const tombstone = struct<Tombstone>({ remainingStake: coin, remainingStakerCount: u64 });
