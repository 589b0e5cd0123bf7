import { describe, expect, it } from 'vitest';
import { addressHex } from '../../../../test/support/friendly-address.ts';
import { recording } from '../../../../test/support/node-recordings.ts';
import { walletProofs, walletTrie } from '../../../../test/support/wallet-proofs.ts';
import { fromHex, toHex } from '../../../base/bytes.ts';
import { bitSetIndices } from '../wire/bit-set.ts';
import type { Account, Staker, StakingValidator } from '../wire/accounts.ts';
import { accountIn, stakerIn, tombstoneIn, validatorIn } from './account-answer.ts';
import { accountKey, readTrieKey, stakerKey, tombstoneKey, validatorKey } from './trie-keys.ts';

const { entries, exchanges } = walletTrie();
const values = new Map(entries.map(([key, value]) => [key, fromHex(value)] as const));
const proven = (keys: readonly string[]) => new Map(keys.map((key) => [key, values.get(key)]));
const addressOf = (key: string): Uint8Array => readTrieKey(key)?.address ?? new Uint8Array(0);
/** Without the fields that are undefined. */
const plain = (value: object): unknown => JSON.parse(JSON.stringify(value));
const hexAddress = (friendly: string | undefined): string | undefined => friendly && addressHex(friendly);

/** As the official client shows it, with addresses in hex. */
function plainAccount(account: Account): unknown {
  if (account.type === 'vesting') return { ...account, owner: toHex(account.owner) };
  if (account.type === 'htlc') return { ...account, sender: toHex(account.sender), recipient: toHex(account.recipient), hashRoot: toHex(account.hashRoot) };
  if (account.type === 'basic') return account;
  return {
    type: account.type,
    balance: account.balance,
    activeValidators: account.activeValidators.map(({ address, stake }) => [toHex(address), stake]),
    currentEpochDisabledSlots: account.currentBatchPunishedSlots.map(({ address, slots }) => [toHex(address), slots]),
    previousDisabledSlots: bitSetIndices(account.previousBatchPunishedSlots),
  };
}

/** The official client's plain form, with every friendly address in it in hex. */
function withHexAddresses(accepted: unknown): unknown {
  return JSON.parse(JSON.stringify(accepted).replaceAll(/NQ[0-9A-Z ]{42}/gu, (friendly) => addressHex(friendly)));
}

function plainStaker({ activeBalance, inactiveBalance, inactiveFrom, retiredBalance, delegation }: Staker): unknown {
  return plain({ balance: activeBalance, delegation: delegation && toHex(delegation), inactiveBalance, inactiveFrom, retiredBalance });
}

function plainValidator({ signingKey, votingKey, rewardAddress, signalData, totalStake, deposit, stakerCount, inactiveFrom, retired, jailedFrom }: StakingValidator): unknown {
  const keys = { signingPublicKey: toHex(signingKey), votingPublicKey: toHex(votingKey), rewardAddress: toHex(rewardAddress) };
  return plain({ ...keys, signalData, totalStake, deposit, numStakers: stakerCount, inactiveFrom, retired, jailedFrom });
}

/** The heights of release follow from the others; they are not stored. */
const stored = (accepted: unknown): unknown => JSON.parse(JSON.stringify(accepted), (key, value: unknown) => (key.endsWith('Release') ? undefined : value));

describe('what the official client showed', () => {
  const { trie } = walletProofs();
  it.each(['basic', 'basicOther', 'vesting', 'htlcBlake2b', 'htlcSha256', 'htlcSha512', 'staking'])('%s', (name) => {
    const { address, accepted } = trie[name] as { readonly address: string; readonly accepted: unknown };
    const bytes = fromHex(hexAddress(address) ?? '');
    expect(plainAccount(accountIn(proven([accountKey(bytes)]), bytes))).toEqual(withHexAddresses(accepted));
  });

  it.each([
    ['several', (keys: readonly string[], address: Uint8Array) => plainAccount(accountIn(proven(keys), address))],
    ['validators', (keys: readonly string[], address: Uint8Array) => mapped(validatorIn(proven(keys), address), plainValidator)],
    ['stakers', (keys: readonly string[], address: Uint8Array) => mapped(stakerIn(proven(keys), address), plainStaker)],
  ] as const)('%s', (name, shownOf) => {
    const { keys, accepted } = exchanges.find((exchange) => exchange.name === name) ?? { keys: [], accepted: undefined };
    // The client asks for the keys in an order of its own.
    expect(canonical(keys.map((key) => shownOf(keys, addressOf(key))))).toEqual(canonical(stored(withHexAddresses(accepted)) as readonly unknown[]));
  });
});

/** As texts with the fields of each in the order of their names, and sorted. */
function canonical(list: readonly unknown[]): string[] {
  return list.map((each) => JSON.stringify(each === null ? null : Object.entries(each as object).toSorted(([a], [b]) => (a < b ? -1 : 1)))).toSorted();
}

function mapped<T, U>(value: T | undefined, map: (value: T) => U): U | null {
  return value === undefined ? null : map(value);
}

it('every value of a real node is read', () => {
  const all = recording('trie-proofs').proofs.flatMap(({ keys }) => keys);
  const types = all.map(({ key, value }) => {
    const one = new Map([[key, value === null ? undefined : fromHex(value)]]);
    const { type, address } = readTrieKey(key) ?? { type: 'none', address: new Uint8Array(0) };
    if (type === 'account') return accountIn(one, address).type;
    const item = type === 'validator' ? validatorIn(one, address) : stakerIn(one, address);
    return item === undefined ? `no ${type}` : type;
  });
  expect(new Set(types)).toEqual(new Set(['basic', 'staking', 'vesting', 'htlc', 'validator', 'staker', 'no validator', 'no staker']));
});

it('a tombstone', () => {
  const key = entries.map(([each]) => each).find((each) => readTrieKey(each)?.type === 'tombstone') ?? '';
  expect(tombstoneIn(proven([key]), addressOf(key))).toEqual({ remainingStake: 1234, remainingStakerCount: 2 });
  const other = new Uint8Array(20);
  expect(tombstoneIn(proven([tombstoneKey(other)]), other)).toBe(undefined);
});

describe('refused', () => {
  const address = new Uint8Array(20).fill(7);
  const [validator, staker] = (['validator', 'staker'] as const).map((type) => values.get(entries.map(([key]) => key).find((key) => readTrieKey(key)?.type === type) ?? '') ?? new Uint8Array(0));
  const codeOf = (code: string): unknown => expect.objectContaining({ name: 'ProofError', code });

  it('a value that was not proven', () => {
    for (const read of [accountIn, validatorIn, stakerIn, tombstoneIn]) expect(() => read(new Map(), address)).toThrow(codeOf('key-not-proven'));
  });

  it('a validator or staker with another address than its key', () => {
    expect(() => validatorIn(new Map([[validatorKey(address), validator]]), address)).toThrow(codeOf('wrong-address'));
    expect(() => stakerIn(new Map([[stakerKey(address), staker]]), address)).toThrow(codeOf('wrong-address'));
  });

  it.each([
    ['bytes left over', `00${'00'.repeat(8)}00`],
    ['bytes missing', `00${'00'.repeat(7)}`],
    ['a kind that does not exist', `04${'00'.repeat(8)}`],
    ['an amount above 2^53 - 1', `00${'ff'.repeat(8)}`],
    ['an HTLC with Argon2d', `02${'00'.repeat(8)}${'11'.repeat(40)}02${'00'.repeat(32)}01${'00'.repeat(16)}`],
    ['a staking contract with a validator twice', `03${'00'.repeat(8)}02${'11'.repeat(20)}${'00'.repeat(8)}${'11'.repeat(20)}${'00'.repeat(8)}0000`],
    ['a staking contract with validators in another order', `03${'00'.repeat(8)}02${'12'.repeat(20)}${'00'.repeat(8)}${'11'.repeat(20)}${'00'.repeat(8)}0000`],
    ['punished slots in another order', `03${'00'.repeat(8)}0001${'12'.repeat(20)}02050400`],
  ])('%s', (_, hex) => {
    expect(() => accountIn(new Map([[accountKey(address), fromHex(hex)]]), address)).toThrow(codeOf('undecodable-value'));
  });
});
