import { describe, expect, it } from 'vitest';
import { recording } from '../../../../test/support/node-recordings.ts';
import { walletTrie } from '../../../../test/support/wallet-proofs.ts';
import { fromHex, toHex } from '../../../base/bytes.ts';
import type { Codec } from '../../../base/postcard/codec.ts';
import { decode, encode } from '../../../base/postcard/codec.ts';
import { account, staker, stakingValidator, tombstone } from './accounts.ts';
import type { Account } from './accounts.ts';

/** By the length of the key and by the byte after the staking contract's address. */
function codecOf(key: string): Codec<unknown> {
  const codecs: Readonly<Record<string, object>> = { '': account, '00': stakingValidator, '01': staker, '02': tombstone };
  return codecs[key.slice(40, 42)] as Codec<unknown>;
}

const recorded = recording('trie-proofs').proofs.flatMap(({ keys }) => keys.flatMap(({ key, value }) => (value === null ? [] : [[key, value] as const])));

it.each(Object.entries({ 'a real node': recorded, 'the trie that the official client read': walletTrie().entries }))('every value of %s decodes and encodes to the same bytes', (_, entries) => {
  expect(entries.length).toBeGreaterThan(40);
  for (const [key, value] of entries) expect(toHex(encode(codecOf(key), decode(codecOf(key), fromHex(value))))).toBe(value);
});

describe('values without encoding', () => {
  const address = new Uint8Array(20);
  const staking: Extract<Account, { type: 'staking' }> = { type: 'staking', balance: 0, activeValidators: [], currentBatchPunishedSlots: [], previousBatchPunishedSlots: { words: [] } };

  it.each<readonly [string, Account, string]>([
    ['validators that are not ascending', { ...staking, activeValidators: [{ address, stake: 1 }, { address, stake: 1 }] }, 'inconsistent'],
    ['slots that are not ascending', { ...staking, currentBatchPunishedSlots: [{ address, slots: [2, 1] }] }, 'inconsistent'],
    ['an amount that is no integer', { type: 'basic', balance: 0.5 }, 'out-of-range'],
    ['an amount above 2^53 - 1', { type: 'basic', balance: 2 ** 53 }, 'out-of-range'],
    [
      'a root of another length than its algorithm',
      { type: 'htlc', balance: 1, sender: address, recipient: address, hashAlgorithm: 'sha512', hashRoot: new Uint8Array(32), hashCount: 1, timeout: 1, totalAmount: 1 },
      'wrong-length',
    ],
  ])('%s', (_, value, code) => {
    expect(() => encode(account, value)).toThrow(expect.objectContaining({ name: 'EncodeError', code }));
  });
});
