import * as fc from 'fast-check';
import { beforeEach, expect, it } from 'vitest';
import { recording } from '../../../../test/support/node-recordings.ts';
import { longTimeout, runs } from '../../../../test/support/runs.ts';
import { equalBytes, fromHex } from '../../../base/bytes.ts';
import { decode, DecodeError, encode } from '../../../base/postcard/codec.ts';
import { MemoryRows } from '../../../storage/memory-rows.ts';
import { unitAlbatross } from '../chain/networks/unit-albatross.ts';
import { historicTransaction } from '../wire/history.ts';
import { historyRow } from './history-rows.ts';
import { createMemoryStore } from './memory-store.ts';
import type { KeptEntry, Store } from './store.ts';

const entries = Object.values(recording('history-leaves')).flatMap((leaves) => leaves.map(({ bytes }) => decode(historicTransaction, fromHex(bytes))));
const ground = { height: 500, hash: 'ab'.repeat(32), timestamp: 1_700_000_000_123 };
const kept = (n: number): KeptEntry => ({ entry: entries[n % entries.length]!, ground });
const name = (n: number) => n.toString(16).padStart(64, '0');
const many = (from: number, count: number) => new Map(Array.from({ length: count }, (_, i) => [name(from + i), kept(i)] as const));

let rows: MemoryRows;
let store: Store;
const open = () => createMemoryStore({ network: unitAlbatross, rows });

beforeEach(() => {
  rows = new MemoryRows();
  store = open();
});

it('keeps entries of every kind over a restart', async () => {
  const all = many(0, entries.length);
  await store.putHistory(all);
  expect(await open().history([...all.keys(), name(9999)])).toEqual(all);
});

it('reads any bytes as one row or none: what it reads is written as the same bytes', () => {
  const whole = entries.map((entry, n) => encode(historyRow, { number: n, ground, entry }));
  const isTotal = (bytes: Uint8Array): boolean => {
    try {
      return equalBytes(encode(historyRow, decode(historyRow, bytes)), bytes);
    } catch (error) {
      return error instanceof DecodeError;
    }
  };
  expect(whole.every(isTotal)).toBe(true);
  fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), isTotal), runs(300, 1_000_000));
  const damage = fc.record({ row: fc.nat(whole.length - 1), at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), byte: fc.nat(255), cut: fc.boolean() });
  fc.assert(
    fc.property(damage, ({ row, at, byte, cut }) => {
      const index = Math.floor(at * whole[row]!.length);
      return isTotal(cut ? whole[row]!.slice(0, index) : whole[row]!.with(index, byte));
    }),
    runs(300, 1_000_000),
  );
}, longTimeout);

it('takes no damaged row, and none of other network parameters', async () => {
  await store.putHistory(many(0, 2));
  const [row] = await rows.get([{ table: 'history', key: name(0) }]);
  for (let at = 0; at < row!.length; at += 1) {
    await rows.write({ durability: 'relaxed', writes: [{ table: 'history', key: name(0), value: row!.map((byte, index) => (index === at ? byte ^ 4 : byte)) }] }, () => []);
    expect((await open().history([name(0), name(1)])).size).toBe(1);
  }
  await rows.write({ durability: 'relaxed', writes: [{ table: 'history', key: name(0), value: row }, { table: 'history', key: name(1), value: row }] }, () => []);
  expect(Array.from((await open().history([name(0), name(1)])).keys())).toEqual([name(0)]);
  expect((await createMemoryStore({ network: { ...unitAlbatross, blocksPerBatch: 16 }, rows }).history([name(0)])).size).toBe(0);
});

it('deletes the oldest above 8192 rows, also after a restart, and a row that was written again is new', async () => {
  await store.putHistory(many(0, 8192));
  expect(await rows.keys('history')).toHaveLength(8192);
  store = open();
  await store.putHistory(many(0, 1));
  await store.putHistory(many(8192, 1));
  const left = new Set(await rows.keys('history'));
  expect(left.size).toBe(6144);
  expect([0, 1, 2049, 2050, 8192].map((n) => left.has(name(n)))).toEqual([true, false, false, true, true]);
});

it('deletes the oldest above 3 MB, and keeps no row above 8 kB', async () => {
  const basic = entries.find(({ event }) => event.type === 'basic' && event.executed.transaction.type === 'extended')!;
  const sized = (bytes: number): KeptEntry => {
    if (basic.event.type !== 'basic' || basic.event.executed.transaction.type !== 'extended') throw new Error('no such entry');
    const { executed } = basic.event;
    return { ground, entry: { ...basic, event: { type: 'basic', executed: { ...executed, transaction: { ...basic.event.executed.transaction, proof: new Uint8Array(bytes) } } } } };
  };
  await store.putHistory(new Map([[name(1), sized(9000)]]));
  expect(await rows.keys('history')).toEqual([]);
  await store.putHistory(new Map(Array.from({ length: 600 }, (_, n) => [name(n), sized(6000)] as const)));
  const left = new Set(await rows.keys('history'));
  expect(left.size).toBeGreaterThan(250);
  expect(left.size).toBeLessThan(500);
  expect([left.has(name(0)), left.has(name(599))]).toEqual([false, true]);
  expect(await rows.size()).toBeLessThan(3_000_000);
});

it('deletes them with the chain, with all that is stored, and before the headers when room is needed', async () => {
  for (const end of [() => store.setAside(), () => store.wipe(), () => store.clearHistory(), () => store.trim(1)]) {
    await store.putHistory(many(0, 3));
    await end();
    expect(await rows.keys('history')).toEqual([]);
  }
  await store.putHistory(many(0, 3));
  expect((await store.history([name(2)])).size).toBe(1);
});
