import { expect, it } from 'vitest';
import { ChunkRows } from './chunk-rows.ts';
import { MemoryRows } from './memory-rows.ts';
import { OwnedRows } from './owned-rows.ts';

function setup(rows = new MemoryRows()) {
  const owned = new OwnedRows(rows, new Uint8Array(32));
  return { rows, owned, chunks: new ChunkRows(owned) };
}
const chunk = (index: number) => Uint8Array.of(index, 2, 3);

it('keeps the chunks of one snapshot over a restart', async () => {
  const { rows, chunks } = setup();
  await Promise.all(Array.from({ length: 20 }, (_, index) => chunks.put('150 ab', index, chunk(index))));
  await chunks.put('150 ab', 3, new Uint8Array(0));
  const loaded = await setup(rows).chunks.load('150 ab');
  expect([...loaded.keys()]).toEqual(Array.from({ length: 20 }, (_, index) => index));
  expect(loaded.get(3)).toEqual(new Uint8Array(0));
  expect(loaded.get(19)).toEqual(chunk(19));
  expect((await setup(rows).chunks.load('150 a')).size).toBe(0);
  expect((await setup(rows).chunks.load('150 abc')).size).toBe(0);
});

it('a chunk of another snapshot empties the table, and so does clear', async () => {
  const { rows, chunks } = setup();
  await chunks.put('a', 0, chunk(0));
  await chunks.put('a', 1, chunk(1));
  await chunks.put('b', 1, chunk(7));
  expect(await chunks.load('b')).toEqual(new Map([[1, chunk(7)]]));
  expect((await chunks.load('a')).size).toBe(0);
  expect(await rows.keys('chunks')).toEqual([1]);
  await chunks.clear();
  expect(await rows.keys('chunks')).toEqual([]);
});

it('goes on with a snapshot after a restart without emptying the table', async () => {
  const { rows, chunks } = setup();
  await chunks.put('a', 0, chunk(0));
  const next = setup(rows).chunks;
  await next.load('a');
  await next.put('a', 1, chunk(1));
  expect((await next.load('a')).size).toBe(2);
});

it('leaves out a damaged row, and passes on why nothing can be written', async () => {
  const { rows, owned, chunks } = setup();
  await chunks.put('a', 0, chunk(0));
  await chunks.put('a', 1, chunk(1));
  const [row] = await rows.get([{ table: 'chunks', key: 0 }]);
  await owned.write({ durability: 'relaxed', writes: [{ table: 'chunks', key: 0, value: row!.fill(0, row!.length - 1) }] });
  expect([...(await chunks.load('a')).keys()]).toEqual([1]);
  rows.onWrite = () => {
    throw new Error('no room');
  };
  await expect(chunks.put('b', 0, chunk(0))).rejects.toMatchObject({ name: 'StorageError', code: 'aborted' });
});
