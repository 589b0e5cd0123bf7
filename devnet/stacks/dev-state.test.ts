import { describe, expect, it } from 'vitest';
import { transactionId } from '../../src/chains/stacks/chain/hash.ts';
import { readAccountRecord } from '../../src/chains/stacks/proofs/account-record.ts';
import { stateKeyText } from '../../src/chains/stacks/proofs/state-key.ts';
import { readStateValue } from '../../src/chains/stacks/proofs/state-value.ts';
import { deployDemo, noteKey, principal, runDemo, uint } from './demo-contract.ts';
import { keyOf } from './dev-key.ts';
import { balanceOf, balanceText, cycleToWrite, nonceOf, putBalance, runAction } from './dev-state.ts';
import { Mempool } from './mempool.ts';
import { seededRandom } from '../seeded-random.ts';

const [one, two] = [keyOf('test', 'user', 0), keyOf('test', 'user', 1)];
const demo = `${one.address}.demo`;

function stateWith(unlocked: bigint) {
  const entries = new Map<string, string>();
  const state = { get: (key: string) => entries.get(key), put: (key: string, text: string) => entries.set(key, text) };
  deployDemo(state, demo, 1);
  putBalance(state, one.address, { unlocked, locked: 0n, unlockHeight: 0 });
  return { state, entries };
}

describe('the state', () => {
  it('has balances in the form of nodes, also locked ones', () => {
    expect(readAccountRecord(balanceText({ unlocked: 5n, locked: 0n, unlockHeight: 0 }))).toEqual({ kind: 'unlocked', unlocked: 5n });
    expect(readAccountRecord(balanceText({ unlocked: 5n, locked: 6n, unlockHeight: 7 }))).toEqual({ kind: 'locked', pox: 4, unlocked: 5n, locked: 6n, unlockHeight: 7 });
  });

  it('a transfer moves an amount, takes the fee and counts the nonce; who cannot pay changes nothing', () => {
    const { state, entries } = stateWith(1000n);
    expect(runAction(state, { key: one, payload: { kind: 'transfer', to: two.address, amount: 600n } }, 300n, demo)).toBe(true);
    expect([balanceOf(state, one.address).unlocked, balanceOf(state, two.address).unlocked, nonceOf(state, one.address), nonceOf(state, two.address)]).toEqual([100n, 600n, 1, 0]);
    const before = new Map(entries);
    expect(runAction(state, { key: one, payload: { kind: 'transfer', to: two.address, amount: 1n } }, 300n, demo)).toBe(false);
    expect(runAction(state, { key: two, payload: { kind: 'transfer', to: two.address, amount: 1n } }, 300n, demo)).toBe(false);
    expect(entries).toEqual(before);
  });

  it('the demo contract writes variables, a map, tokens and assets, each as its kind is read', () => {
    const { state } = stateWith(0n);
    const read = (key: Parameters<typeof stateKeyText>[0]) => readStateValue(key, state.get(stateKeyText(key))!);
    expect(runDemo(state, demo, one.address, 'set-counter', [uint(9n)])).toBe(true);
    expect(read({ kind: 'variable', contract: demo, name: 'counter' })).toEqual({ kind: 'variable', value: uint(9n) });
    runDemo(state, demo, one.address, 'set-greeting', [{ type: 'utf8', text: 'hi' }]);
    expect(read({ kind: 'variable', contract: demo, name: 'greeting' })).toMatchObject({ value: { text: 'hi' } });
    runDemo(state, demo, one.address, 'set-note', [uint(4n), { type: 'ascii', text: 'note' }]);
    expect(readStateValue({ kind: 'map-entry' }, state.get(noteKey(demo, 4n))!)).toMatchObject({ value: { type: 'tuple', fields: [{ name: 'by' }, { name: 'text', value: { text: 'note' } }] } });
    runDemo(state, demo, one.address, 'delete-note', [uint(4n)]);
    expect(readStateValue({ kind: 'map-entry' }, state.get(noteKey(demo, 4n))!)).toEqual({ kind: 'map-entry', value: undefined });
    runDemo(state, demo, one.address, 'delete-note', [uint(5n)]);
    expect(state.get(noteKey(demo, 5n))).toBeUndefined();
    for (let i = 0; i < 2; i += 1) runDemo(state, demo, one.address, 'mint-gold', [uint(3n), principal(two.address)]);
    expect(read({ kind: 'token-balance', contract: demo, name: 'gold', owner: two.address })).toEqual({ kind: 'token-balance', amount: 6n });
    expect(read({ kind: 'token-supply', contract: demo, name: 'gold' })).toEqual({ kind: 'token-supply', amount: 6n });
    expect([runDemo(state, demo, one.address, 'mint-badge', [uint(1n), principal(two.address)]), runDemo(state, demo, one.address, 'mint-badge', [uint(1n), principal(one.address)])]).toEqual([true, false]);
    expect(read({ kind: 'asset-owner', contract: demo, name: 'badge', asset: `01${'1'.padStart(32, '0')}` })).toEqual({ kind: 'asset-owner', owner: two.address });
    expect(read({ kind: 'contract', contract: demo })).toMatchObject({ height: 1 });
    expect(runDemo(state, demo, one.address, 'set-counter', [{ type: 'bool', value: true }])).toBe(false);
  });

  it('a set is written from the first height of the prepare phase on, at the boundary that of the new cycle', () => {
    const rules = { firstBurnHeight: 107, cycleLength: 10, prepareLength: 3 };
    expect([114, 115, 116, 117, 118].map((height) => cycleToWrite(height, rules))).toEqual([undefined, 1, 1, 1, undefined]);
  });
});

describe('what waits for a block', () => {
  it('is taken in the order of nonces, by the main branch only, and what cannot come any more is dropped', () => {
    const { state } = stateWith(10_000n);
    const mempool = new Mempool(demo);
    const pay = (amount: bigint) => mempool.add({ key: one, payload: { kind: 'transfer', to: two.address, amount } }, state);
    const ids = [pay(1n), pay(2n)];
    expect(new Set(ids).size).toBe(2);
    expect(mempool.take(state, false)).toEqual([]);
    expect(mempool.take(state, true)).toHaveLength(2);
    expect(mempool.take(state, true)).toEqual([]);
    expect([nonceOf(state, one.address), balanceOf(state, two.address).unlocked]).toEqual([2, 3n]);
    expect(() => pay(10_000n)).toThrow(expect.objectContaining({ code: 'impossible' }));
  });

  it('waits again when its block is left aside', () => {
    const [mempool, one1, other] = [new Mempool(demo), stateWith(10_000n).state, stateWith(10_000n).state];
    const pay = (amount: bigint) => mempool.add({ key: one, payload: { kind: 'transfer', to: two.address, amount } }, one1);
    const ids = [pay(1n), pay(2n)];
    mempool.take(one1, true);
    mempool.restore([...ids.toReversed(), '00']);
    expect(mempool.take(other, true).map(({ bytes }) => transactionId(bytes))).toEqual(ids);
    expect(balanceOf(other, two.address).unlocked).toBe(3n);
    // What the other branch has already is dropped.
    mempool.restore(ids);
    expect(mempool.take(other, true)).toEqual([]);
  });
});

it('transactions that nobody asked for leave the notes of a person alone', () => {
  const { state } = stateWith(10_000_000n);
  const mempool = new Mempool(demo);
  const random = seededRandom('unasked', 'notes');
  const notes = Array.from({ length: 1000 }, (_, id) => noteKey(demo, BigInt(id)));
  let made = 0;
  for (let block = 0; block < 1000; block += 1) made += mempool.unasked(state, [one], random, 1).length;
  expect(made).toBeGreaterThan(500);
  expect(notes.filter((key) => state.get(key) !== undefined)).toEqual([]);
});
