import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { proofsA, recordedProofs } from '../../../../test/support/stacks-proof-vectors.ts';
import { codesOf } from '../../../../test/support/stacks-fuzz.ts';
import { longTimeout, runs } from '../../../../test/support/runs.ts';
import { readAccountRecord } from './account-record.ts';
import { parseStateKey } from './state-key.ts';
import type { StateKey } from './state-key.ts';
import { readStateValue, valueText } from './state-value.ts';

const valueOf = (name: string) => {
  const { key, value } = recordedProofs.find((proof) => proof.name === name)!;
  return readStateValue(parseStateKey(key), value);
};
const codeOf = (kind: StateKey['kind'], text: string) => codesOf(() => readStateValue({ kind }, text), new Uint8Array());
const kinds: readonly StateKey['kind'][] = ['balance', 'nonce', 'contract', 'variable', 'map-entry', 'token-balance', 'token-supply', 'asset-owner'];

describe('values of the state', () => {
  it('recorded: one of each kind', () => {
    expect(valueOf('data var counter at tip')).toEqual({ kind: 'variable', value: { type: 'uint', value: 375n } });
    expect(valueOf('map notes{id:3} at tip (tuple key)')).toMatchObject({ kind: 'map-entry', value: { type: 'tuple', fields: [{ name: 'flag', value: { type: 'bool', value: true } }, { name: 'opt', value: { type: 'some' } }, { name: 'text', value: { text: 'hello' } }, { name: 'who' }] } });
    expect(valueOf('nft badge 1 owner')).toEqual({ kind: 'asset-owner', owner: 'STV500SQBMS2P9JJYCTK6Q55X4N2NCV2GFAHDN1E' });
    expect(valueOf('ft gold balance')).toEqual({ kind: 'token-balance', amount: 368n });
    expect(valueOf('ft gold supply')).toEqual({ kind: 'token-supply', amount: 368n });
    expect(valueOf('account nonce late stacker')).toEqual({ kind: 'nonce', nonce: 1 });
    expect(valueOf('account balance lonely (2.x genesis)')).toEqual({ kind: 'balance', record: { kind: 'unlocked', unlocked: 123_456_789n } });
    expect(valueOf('contract hash entry')).toEqual({ kind: 'contract', codeHash: 'b7f2c671f4b770fce7c06dbba7963851474a612d16b0316eb42e6799894be707', height: 18 });
  });

  it('account records agree with the balance, lock and unlock height of the replies', () => {
    for (const { reply, balance } of proofsA.accounts) {
      const record = readAccountRecord(valueText(balance.data));
      const locked = record.kind === 'locked' ? { locked: record.locked, height: record.unlockHeight } : { locked: 0n, height: 0 };
      expect({ unlocked: record.unlocked, ...locked }).toEqual({ unlocked: BigInt(reply.balance), locked: BigInt(reply.locked), height: reply.unlock_height });
    }
    expect(proofsA.accounts.map(({ balance }) => readAccountRecord(valueText(balance.data)).kind)).toEqual(['unlocked', 'locked', 'unlocked']);
  });

  it('a locked record says which version of PoX locked it', () => {
    const rest = `${'5'.padStart(32, '0')}${'7'.padStart(32, '0')}${'9'.padStart(16, '0')}`;
    const at = (pox: number) => ({ kind: 'locked', pox, unlocked: 5n, locked: 7n, unlockHeight: 9 });
    expect(['', '00', '01', '02', '03'].map((kind) => readAccountRecord(kind + rest))).toEqual([1, 2, 3, 4, 5].map(at));
    expect(codeOf('balance', `04${rest}`)).toBe('value');
    expect(codeOf('balance', rest.slice(1))).toBe('value');
    expect(codeOf('balance', `${rest}0`)).toBe('value');
    expect(codeOf('balance', `${'0'.repeat(64)}${'9'.padStart(16, '0')}`)).toBe('value');
    expect(codeOf('balance', `${'1'.padStart(64, '0')}${'f'.repeat(16)}`)).toBe('value');
  });

  it('numbers are decimal texts, to which an answer puts 0x', () => {
    expect(readStateValue({ kind: 'nonce' }, valueText('0x368'))).toEqual({ kind: 'nonce', nonce: 368 });
    expect(readStateValue({ kind: 'token-supply' }, String(2n ** 128n - 1n))).toEqual({ kind: 'token-supply', amount: 2n ** 128n - 1n });
    expect(readStateValue({ kind: 'nonce' }, '0')).toEqual({ kind: 'nonce', nonce: 0 });
    for (const text of ['', '00', '01', '-1', '1e3', ' 1', '1n', 'ff', String(2n ** 128n), '9'.repeat(1000)]) expect(codeOf('token-balance', text)).toBe('value');
    expect(codeOf('nonce', String(2n ** 53n))).toBe('value');
  });

  it('a deleted entry and a burnt asset are there, without a value', () => {
    expect(readStateValue({ kind: 'map-entry' }, '09')).toEqual({ kind: 'map-entry', value: undefined });
    expect(readStateValue({ kind: 'asset-owner' }, '09')).toEqual({ kind: 'asset-owner', owner: undefined });
    expect(codeOf('map-entry', '03')).toBe('value');
    expect(codeOf('asset-owner', '0a03')).toBe('value');
    expect(codeOf('variable', '0X')).toBe('value');
    expect(codeOf('variable', '03'.repeat(3_000_000))).toBe('value');
    expect(codeOf('contract', '00'.repeat(35))).toBe('value');
  });

  it('any text is read or refused with a code', () => {
    fc.assert(fc.property(fc.constantFrom(...kinds), fc.oneof(fc.string(), fc.uint8Array().map((bytes) => Buffer.from(bytes).toString('hex'))), (kind, text) => {
      expect(['value', undefined]).toContain(codeOf(kind, text));
    }), runs(1000, 1_000_000));
  }, longTimeout);
});
