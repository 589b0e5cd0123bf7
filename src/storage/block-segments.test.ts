import { array, assert, asyncProperty, integer, oneof, record, constant } from 'fast-check';
import { expect, it } from 'vitest';
import { BlockSegments, type SegmentChange, type StoredBlock } from './block-segments.ts';
import { MemoryRows } from './memory-rows.ts';
import { OwnedRows } from './owned-rows.ts';

const parameters = new Uint8Array(32);

function setup(rows = new MemoryRows()) {
  const owned = new OwnedRows(rows, parameters);
  const segments = new BlockSegments(owned);
  const write = async (change: Promise<SegmentChange>) => {
    const { writes, committed } = await change;
    await owned.write({ durability: 'relaxed', writes });
    committed();
  };
  return { rows, owned, segments, write };
}

/** Blocks with these heights, both ends included, whose bytes are told apart by `mark`. */
const run = (from: number, to: number, mark = 0): StoredBlock[] =>
  Array.from({ length: to - from + 1 }, (_, index) => ({ height: from + index, bytes: Uint8Array.of(mark, (from + index) & 255, ...new Uint8Array((from + index) % 5)) }));

async function all(segments: BlockSegments, from?: number): Promise<StoredBlock[]> {
  const blocks: StoredBlock[] = [];
  for await (const some of segments.load(from)) blocks.push(...some);
  return blocks;
}

it('appends over the edges of rows, one block or many at a time, and loads all again', async () => {
  const { rows, segments, write } = setup();
  await write(segments.append(run(1, 62)));
  for (let height = 63; height < 67; height++) await write(segments.append(run(height, height)));
  await write(segments.append(run(67, 1000)));
  const again = setup(rows).segments;
  expect(await all(again)).toEqual(run(1, 1000));
  expect(await all(again, 100)).toEqual(run(100, 1000));
  expect(await all(again, 1001)).toEqual([]);
  expect(await again.block(640)).toEqual(run(640, 640)[0]!.bytes);
  expect(await again.block(1001)).toBeUndefined();
  expect(await rows.keys('blocks')).toHaveLength(16);
});

it('replaces a branch, truncates above a height and prunes below one', async () => {
  const { rows, segments, write } = setup();
  await write(segments.append(run(0, 300)));
  await write(segments.append(run(130, 140, 1)));
  expect(await all(setup(rows).segments)).toEqual([...run(0, 129), ...run(130, 140, 1)]);
  await write(segments.truncate(63));
  expect(await all(setup(rows).segments)).toEqual(run(0, 63));
  await write(segments.append(run(64, 200)));
  await write(segments.prune(130));
  expect(await all(setup(rows).segments)).toEqual(run(128, 200));
  await write(segments.prune(0));
  await write(segments.append(run(201, 201)));
  expect(await all(segments)).toEqual(run(128, 201));
  await write(segments.append([]));
  await write(segments.truncate(0));
  expect(await rows.keys('blocks')).toEqual([]);
});

it('begins anywhere, and drops what is below a gap in the same row', async () => {
  const { rows, segments, write } = setup();
  await write(segments.append(run(10, 12)));
  await write(segments.append(run(20, 22)));
  expect(await all(setup(rows).segments)).toEqual(run(20, 22));
});

it('loads until the first row that is damaged or missing', async () => {
  for (const change of [(value: Uint8Array) => value.fill(9, value.length - 1), () => undefined]) {
    const { rows, owned, segments, write } = setup();
    await write(segments.append(run(0, 300)));
    const [row] = await rows.get([{ table: 'blocks', key: 2 }]);
    await owned.write({ durability: 'relaxed', writes: [{ table: 'blocks', key: 2, value: change(row!) }] });
    expect(await all(setup(rows).segments)).toEqual(run(0, 127));
  }
});

it('does not believe a row whose layout is wrong, although its seal is right', async () => {
  const { rows, owned, segments, write } = setup();
  await write(segments.append(run(0, 3)));
  const [row] = await rows.get([{ table: 'blocks', key: 0 }]);
  const payload = owned.unseal('blocks', 0, row)!;
  for (const wrong of [payload.slice(0, 5), payload.slice(0, -1), Uint8Array.of(...payload, 0), payload.with(7, 200), payload.with(8, 0), payload.with(8, 65), payload.with(9, 1)]) {
    await owned.write({ durability: 'relaxed', writes: [owned.sealed('blocks', 0, wrong)] });
    expect(await all(setup(rows).segments)).toEqual([]);
  }
});

it('a change whose transaction failed has not happened', async () => {
  const { rows, segments, write } = setup();
  await write(segments.append(run(0, 10)));
  rows.onWrite = () => {
    throw new Error('no room');
  };
  await expect(write(segments.append(run(11, 90)))).rejects.toMatchObject({ code: 'aborted' });
  rows.onWrite = undefined;
  await write(segments.append(run(11, 11)));
  expect(await all(segments)).toEqual(run(0, 11));
});

it('is a list of blocks, whatever is done to it', async () => {
  const steps = array(oneof(record({ append: integer({ min: 1, max: 150 }), back: integer({ min: 0, max: 100 }) }), record({ truncate: integer({ min: 0, max: 400 }) }), constant('reopen' as const)), { maxLength: 12 });
  await assert(
    asyncProperty(steps, async (todo) => {
      const rows = new MemoryRows();
      let { segments, write } = setup(rows);
      let model: StoredBlock[] = [];
      for (const [mark, step] of todo.entries()) {
        if (step === 'reopen') ({ segments, write } = setup(rows));
        else if ('append' in step) {
          const from = Math.max(0, model.length - step.back);
          const blocks = run(from, from + step.append - 1, mark);
          model = [...model.slice(0, from), ...blocks];
          await write(segments.append(blocks));
        } else {
          model = model.slice(0, step.truncate + 1);
          await write(segments.truncate(step.truncate));
        }
        expect(await all(segments)).toEqual(model);
      }
    }),
    { numRuns: 40 },
  );
});
