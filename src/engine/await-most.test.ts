import { expect, it } from 'vitest';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import { sleep } from '../base/clock.ts';
import { awaitMost } from './await-most.ts';

const answers = (clock: VirtualClock, ...after: number[]) => after.map(async (ms) => {
  await sleep(clock, ms);
  return ms;
});

it('waits for all when they answer, or when none of the answers is of use', async () => {
  const clock = new VirtualClock();
  expect(await clock.until(awaitMost(clock, () => 2000, answers(clock, 10, 1900), () => true))).toBe(true);
  expect(clock.monotonic()).toBe(1900);
  expect(await clock.until(awaitMost(clock, () => 2000, answers(clock, 10, 8000), () => false))).toBe(true);
  expect(clock.monotonic()).toBe(9900);
  expect(await awaitMost(clock, () => 2000, [], () => true)).toBe(true);
});

it('issue 11: gives silent peers two seconds more once an answer is of use, on a slow line too', async () => {
  const clock = new VirtualClock();
  expect(await clock.until(awaitMost(clock, () => 2000, answers(clock, 10, 8000, 9000), () => true))).toBe(false);
  expect(clock.monotonic()).toBe(2010);
  const slow = new VirtualClock();
  expect(await slow.until(awaitMost(slow, () => 2000, answers(slow, 5000, 6900, 5100), () => true))).toBe(true);
});

it('passes a failure on, and ignores one that comes too late', async () => {
  const clock = new VirtualClock();
  const failing = async (ms: number) => {
    await sleep(clock, ms);
    throw new Error('failed');
  };
  await expect(clock.until(awaitMost(clock, () => 2000, [...answers(clock, 1), failing(5)], () => true))).rejects.toThrow('failed');
  expect(await clock.until(awaitMost(clock, () => 2000, [...answers(clock, 1), failing(5000)], () => true))).toBe(false);
  await clock.advance(5000);
  expect(clock.pending).toBe(0);
});
