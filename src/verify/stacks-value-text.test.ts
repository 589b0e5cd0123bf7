import { expect, it } from 'vitest';
import { stateKeyWords, stateValueText } from './stacks-value-text.ts';

const contract = 'ST000000000000000000002AMW42H.pox-4';
const u5 = `01${'5'.padStart(32, '0')}`;

it('keys in words', () => {
  expect(stateKeyWords({ kind: 'map-entry', contract, name: 'cycles', key: u5 })).toBe(`the entry u5 of the map cycles of ${contract}`);
  expect(stateKeyWords({ kind: 'asset-owner', contract, name: 'art', asset: u5 })).toContain('the asset u5 of art');
  const others = [{ kind: 'balance', account: 'A' }, { kind: 'nonce', account: 'A' }, { kind: 'contract', contract }, { kind: 'variable', contract, name: 'v' }, { kind: 'token-balance', contract, name: 't', owner: 'B' }, { kind: 'token-supply', contract, name: 't' }] as const;
  expect(new Set(others.map(stateKeyWords)).size).toBe(others.length);
});

it('values are exact', () => {
  expect(stateValueText({ kind: 'balance', record: { kind: 'unlocked', unlocked: 1_000_001n } })).toBe('1.000001 STX');
  expect(stateValueText({ kind: 'balance', record: { kind: 'locked', pox: 4, unlocked: 5n, locked: 2_500_000n, unlockHeight: 90 } })).toMatch(/^0\.000005 STX, and 2\.500000 STX locked until Bitcoin height 90 .*PoX-4/u);
  expect(stateValueText({ kind: 'map-entry', value: undefined })).toContain('deleted');
  expect(stateValueText({ kind: 'asset-owner', owner: undefined })).toContain('burnt');
  expect(stateValueText({ kind: 'variable', value: { type: 'list', items: [{ type: 'uint', value: 1n }] } })).toBe('(list u1)');
  expect([{ kind: 'nonce', nonce: 3 } as const, { kind: 'token-supply', amount: 2n ** 100n } as const, { kind: 'asset-owner', owner: 'A' } as const].map(stateValueText)).toEqual(['3', String(2n ** 100n), 'A']);
});
