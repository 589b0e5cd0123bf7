import { expect, it } from 'vitest';
import { ManualClock } from '../../../test/support/manual-clock.ts';
import { watchSleep } from './sleep-watch.ts';

it('reports a sleep of the machine and its duration; a busy moment is no sleep', () => {
  const clock = new ManualClock();
  const slept: number[] = [];
  const stop = watchSleep(clock, (ms) => slept.push(ms));
  clock.advance(600_000);
  clock.sleep(9_000);
  clock.advance(5_000);
  expect(slept).toEqual([]);
  clock.sleep(3_600_000);
  clock.advance(0);
  expect(slept).toEqual([3_600_000]);
  clock.advance(600_000);
  expect(slept).toHaveLength(1);
  stop();
  clock.sleep(3_600_000);
  clock.advance(60_000);
  expect(slept).toHaveLength(1);
});

it('detects a sleep during which the monotonic clock stood still; a clock set back is no sleep', () => {
  const clock = new ManualClock();
  let shift = 0;
  const slept: number[] = [];
  const shifted = { now: () => clock.now() + shift, monotonic: () => clock.monotonic(), after: (ms: number, callback: () => void) => clock.after(ms, callback) };
  watchSleep(shifted, (ms) => slept.push(ms));
  clock.advance(5_000);
  shift = 1_800_000;
  clock.advance(5_000);
  expect(slept).toEqual([1_805_000]);
  shift = 0;
  clock.advance(60_000);
  expect(slept).toHaveLength(1);
});
