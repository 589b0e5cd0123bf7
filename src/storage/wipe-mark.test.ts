import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, expect, it, vi } from 'vitest';
import { IndexedDbRows } from './indexed-db-rows.ts';
import { OwnedRows } from './owned-rows.ts';
import { isMarkedForWipe, markForWipe, unmarkForWipe } from './wipe-mark.ts';

beforeEach(() => {
  vi.stubGlobal('indexedDB', new IDBFactory());
  return () => vi.unstubAllGlobals();
});

const open = async () => {
  const rows = new OwnedRows(new IndexedDbRows({ name: 'chain' }), new Uint8Array(32));
  return { rows, fencing: await rows.takeFencing() };
};

it('is there or not, for one database, and is not made by asking', async () => {
  expect([await isMarkedForWipe('chain'), await isMarkedForWipe('chain')]).toEqual([false, false]);
  expect(await indexedDB.databases()).toEqual([]);
  expect([await markForWipe('chain'), await markForWipe('chain'), await isMarkedForWipe('chain'), await isMarkedForWipe('other')]).toEqual([true, true, true, false]);
  expect([await unmarkForWipe('chain'), await isMarkedForWipe('chain')]).toEqual([true, false]);
});

it('empties the database when an owner takes it, but for the count of owners, and once', async () => {
  const first = await open();
  await first.rows.write({ durability: 'strict', writes: [first.rows.sealed('meta', 'head', Uint8Array.of(1)), first.rows.sealed('blocks', 3, Uint8Array.of(2))] });
  await first.rows.close();
  await markForWipe('chain');
  const second = await open();
  expect([first.fencing, second.fencing, await second.rows.keys('meta'), await second.rows.keys('blocks')]).toEqual([1, 2, ['fencing'], []]);
  await second.rows.write({ durability: 'strict', writes: [second.rows.sealed('blocks', 4, Uint8Array.of(2))] });
  await second.rows.close();
  const third = await open();
  expect([third.fencing, await third.rows.keys('blocks')]).toEqual([3, [4]]);
  await third.rows.close();
});

it('cannot be made without a database, and says so', async () => {
  vi.stubGlobal('indexedDB', undefined);
  expect([await markForWipe('chain'), await isMarkedForWipe('chain'), await unmarkForWipe('chain')]).toEqual([false, false, false]);
});
