import { expect, it } from 'vitest';
import { makeChain } from '../../../../test/support/moloch-chain-maker.ts';
import { ManualClock } from '../../../../test/support/manual-clock.ts';
import { EarlyBlocks } from './early-blocks.ts';

const [, first, second] = makeChain(2).map(({ item }) => item);

it('gives a block again when its time has come, once', () => {
  const clock = new ManualClock();
  const again: number[] = [];
  const early = new EarlyBlocks(clock, ({ height }) => void again.push(height));
  early.keep(first!, clock.now() + 1000);
  early.keep(first!, clock.now() + 1000);
  early.keep(second!, clock.now() + 2000);
  clock.advance(999);
  expect(again).toEqual([]);
  clock.advance(1);
  expect(again).toEqual([1]);
  early.stop();
  clock.advance(5000);
  expect(again).toEqual([1]);
});

it('keeps none that is an hour ahead, and 64 at most', () => {
  const clock = new ManualClock();
  let again = 0;
  const early = new EarlyBlocks(clock, () => void (again += 1));
  early.keep(first!, clock.now() + 3_600_001);
  for (let i = 0; i < 100; i += 1) early.keep({ ...first!, id: `${i}` }, clock.now() + 1000);
  clock.advance(3_700_000);
  expect(again).toBe(64);
});

it('keeps 50 MB at most, and has room again when they have been given', () => {
  const clock = new ManualClock();
  const again: string[] = [];
  const early = new EarlyBlocks(clock, ({ id }) => void again.push(id));
  const keep = (id: string) => early.keep({ ...first!, id, size: 16_000_000 }, clock.now() + 1000);
  for (const id of ['a', 'b', 'c', 'd']) keep(id);
  clock.advance(1000);
  expect(again).toEqual(['a', 'b', 'c']);
  keep('d');
  clock.advance(1000);
  expect(again).toEqual(['a', 'b', 'c', 'd']);
});
