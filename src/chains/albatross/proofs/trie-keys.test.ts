import { expect, it } from 'vitest';
import { fromHex, toHex } from '../../../base/bytes.ts';
import { accountKey, readTrieKey, stakerKey, stakingContractAddress, tombstoneKey, validatorKey } from './trie-keys.ts';

const address = fromHex('e18d595a8d0364703937c1fd9ea67d8a4e64046a');

it.each([
  ['account', accountKey, 'e18d595a8d0364703937c1fd9ea67d8a4e64046a'],
  ['validator', validatorKey, '000000000000000000000000000000000000000100e18d595a8d0364703937c1fd9ea67d8a4e64046a'],
  ['staker', stakerKey, '000000000000000000000000000000000000000101e18d595a8d0364703937c1fd9ea67d8a4e64046a'],
  ['tombstone', tombstoneKey, '000000000000000000000000000000000000000102e18d595a8d0364703937c1fd9ea67d8a4e64046a'],
] as const)('%s', (type, keyOf, key) => {
  expect(keyOf(address)).toBe(key);
  expect(readTrieKey(key)).toEqual({ type, address });
  expect(() => keyOf(new Uint8Array(19))).toThrow(expect.objectContaining({ name: 'EncodeError', code: 'wrong-length' }));
});

it('the staking contract is an account', () => {
  expect(toHex(stakingContractAddress())).toBe('0000000000000000000000000000000000000001');
  expect(readTrieKey(accountKey(stakingContractAddress()))).toEqual({ type: 'account', address: stakingContractAddress() });
});

it.each(['', '0', 'e18d595a8d0364703937c1fd9ea67d8a4e64046', 'E18D595A8D0364703937C1FD9EA67D8A4E64046A', `${'00'.repeat(19)}0103${'11'.repeat(20)}`, `${'00'.repeat(19)}0200${'11'.repeat(20)}`])(
  'nothing is stored under %j', (key) => expect(readTrieKey(key)).toBe(undefined),
);
