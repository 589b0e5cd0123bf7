import { expect, it } from 'vitest';
import { VirtualClock } from '../../../../../test/support/virtual-clock.ts';
import { BackgroundRateLimit } from './background-rate-limit.ts';

const { signal } = new AbortController();

it('admits this many at once, and the next ones when the window has passed', async () => {
  const clock = new VirtualClock();
  const pace = new BackgroundRateLimit(clock, 3);
  const at: number[] = [];
  for (let i = 0; i < 7; i += 1) void pace.turn('a', signal).then(() => at.push(clock.monotonic()));
  await clock.advance(30_000);
  expect(at).toEqual([0, 0, 0, 10_500, 10_500, 10_500, 21_000]);
});

it('counts each peer separately', async () => {
  const clock = new VirtualClock();
  const pace = new BackgroundRateLimit(clock, 1);
  await pace.turn('a', signal);
  await pace.turn('b', signal);
  expect(clock.pending).toBe(0);
});

it('ends the wait with its signal', async () => {
  const clock = new VirtualClock();
  const pace = new BackgroundRateLimit(clock, 1);
  const ending = new AbortController();
  await pace.turn('a', ending.signal);
  const turn = pace.turn('a', ending.signal);
  ending.abort(new Error('over'));
  await expect(turn).rejects.toThrow('over');
  expect(clock.pending).toBe(0);
});
