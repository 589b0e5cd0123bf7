import { expect, it } from 'vitest';
import { VirtualClock } from '../../../test/support/virtual-clock.ts';
import { sleep } from '../../base/clock.ts';
import { awaitMost, Gathering } from './gathering.ts';

const answer = async (clock: VirtualClock, ms: number) => {
  await sleep(clock, ms);
  return ms;
};
const answers = (clock: VirtualClock, ...after: number[]) => after.map((ms) => answer(clock, ms));

it('waits for all when they answer, or when none of the answers is of use', async () => {
  const clock = new VirtualClock();
  await clock.until(awaitMost(clock, () => 2000, answers(clock, 10, 1900), () => true));
  expect(clock.monotonic()).toBe(1900);
  await clock.until(awaitMost(clock, () => 2000, answers(clock, 10, 8000), () => false));
  expect(clock.monotonic()).toBe(9900);
  await awaitMost(clock, () => 2000, [], () => true);
  expect(clock.pending).toBe(0);
});

it('issue 11: gives silent peers two seconds more once an answer is of use, on a slow line too', async () => {
  const clock = new VirtualClock();
  await clock.until(awaitMost(clock, () => 2000, answers(clock, 10, 8000, 9000), () => true));
  expect(clock.monotonic()).toBe(2010);
  const slow = new VirtualClock();
  await slow.until(awaitMost(slow, () => 2000, answers(slow, 5000, 6900, 5100), () => true));
  expect(slow.monotonic()).toBe(6900);
});

it('issue 11: takes peers that come later, and can wait for all', async () => {
  const clock = new VirtualClock();
  const gathering = new Gathering<number>(clock, () => 2000, (ms) => ms < 100);
  gathering.add(answer(clock, 8000));
  clock.after(1000, () => gathering.add(answer(clock, 50)));
  await clock.until(gathering.most());
  expect([clock.monotonic(), gathering.complete]).toEqual([3050, false]);
  await clock.until(gathering.all());
  expect([clock.monotonic(), gathering.complete]).toEqual([8000, true]);
});

it('passes a failure on, and ignores one that comes too late', async () => {
  const clock = new VirtualClock();
  const failing = async (ms: number) => {
    await sleep(clock, ms);
    throw new Error('failed');
  };
  await expect(clock.until(awaitMost(clock, () => 2000, [...answers(clock, 1), failing(5)], () => true))).rejects.toThrow('failed');
  await clock.until(awaitMost(clock, () => 2000, [...answers(clock, 1), failing(5000)], () => true));
  await clock.advance(5000);
  expect(clock.pending).toBe(0);
});
