import { expect, it } from 'vitest';
import { SettlingClock } from '../../../../test/support/settling-clock.ts';
import { RequestError } from '../../../engine/peers/peer-net.ts';
import { Poller } from './poller.ts';

function setup(pace = 1_000) {
  const clock = new SettlingClock();
  const world = { clock, pace, polls: [] as number[], ended: [] as string[], failed: 0, answer: async (): Promise<void> => undefined };
  const poller = new Poller({
    clock,
    pace: () => world.pace,
    poll: (signal) => {
      world.polls.push(clock.monotonic());
      return Promise.race([world.answer(), new Promise<void>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)))]);
    },
    failed: () => (world.failed += 1),
    ended: (code) => world.ended.push(code),
  });
  poller.start();
  return { ...world, world, poller };
}

const failing = (code: 'timeout' | 'busy' | 'rate-limited', data = {}) => () => Promise.reject(new RequestError(code, code, data));

it('polls at its pace, which begins at the end of a poll', async () => {
  const { clock, world, polls } = setup();
  await clock.advance(3_500);
  expect(polls).toEqual([1_000, 2_000, 3_000]);
  world.answer = () => new Promise((resolve) => clock.after(700, resolve));
  await clock.advance(2_500);
  expect(polls.slice(3)).toEqual([4_000, 5_700]);
});

it('a shorter pace counts at once, from the last poll on, and a longer one too', async () => {
  const { clock, world, poller, polls } = setup(30_000);
  await clock.advance(10_000);
  world.pace = 12_000;
  poller.paceChanged();
  await clock.advance(2_000);
  expect(polls).toEqual([12_000]);
  await clock.advance(5_000);
  world.pace = 1_000;
  poller.paceChanged();
  await clock.advance(0);
  expect(polls).toEqual([12_000, 17_000]);
  world.pace = 30_000;
  poller.paceChanged();
  await clock.advance(30_000);
  expect(polls).toEqual([12_000, 17_000, 47_000]);
});

it('a change of pace while a poll runs makes no second one', async () => {
  const { clock, world, poller, polls } = setup();
  world.answer = () => new Promise((resolve) => clock.after(5_000, resolve));
  await clock.advance(1_500);
  world.pace = 10;
  poller.paceChanged();
  await clock.advance(3_000);
  expect(polls).toEqual([1_000]);
});

it('waits longer after each failure, and ends after three in a row', async () => {
  const { clock, world, polls, ended, poller } = setup();
  world.answer = failing('timeout');
  await clock.advance(3_500);
  expect(polls).toEqual([1_000, 3_000]);
  poller.paceChanged();
  world.answer = async () => undefined;
  await clock.advance(4_000);
  expect(polls).toEqual([1_000, 3_000, 7_000]);
  world.answer = failing('timeout');
  await clock.advance(100_000);
  expect(polls.slice(3)).toEqual([8_000, 10_000, 14_000]);
  expect(ended).toEqual(['timeout']);
  expect(world.failed).toBe(5);
  expect(clock.waiting).toBe(0);
});

it('a slow pace is not made faster by failures', async () => {
  const { clock, world, polls } = setup(30_000);
  world.answer = failing('timeout');
  await clock.advance(100_000);
  expect(polls).toEqual([30_000, 60_000, 90_000]);
});

it('waits as long as it is told, whatever the pace becomes, and does not count that as a failure', async () => {
  const { clock, world, poller, polls, ended } = setup();
  world.answer = failing('rate-limited', { seconds: 20 });
  await clock.advance(10_000);
  poller.paceChanged();
  await clock.advance(75_000);
  expect(polls).toEqual([1_000, 21_000, 41_000, 61_000, 81_000]);
  expect([ended, world.failed]).toEqual([[], 0]);
});

it('is busy itself: that is no failure, and no wait', async () => {
  const { clock, world, polls, ended } = setup();
  world.answer = failing('busy');
  await clock.advance(5_000);
  expect([polls, ended, world.failed]).toEqual([[1_000, 2_000, 3_000, 4_000, 5_000], [], 0]);
});

it('asks half as often after each time that it was too often, not slower than every 30 s, and faster again in time', async () => {
  const { clock, world, poller, polls } = setup();
  world.answer = failing('rate-limited', { seconds: 3 });
  await clock.advance(4_000);
  expect(polls).toEqual([1_000, 4_000]);
  world.answer = async () => undefined;
  await clock.advance(13_000);
  expect(polls.slice(2)).toEqual([7_000, 11_000, 15_000]);
  world.pace = 30_000;
  poller.paceChanged();
  await clock.advance(60_000);
  expect(polls.slice(5)).toEqual([45_000, 75_000]);
  world.pace = 1_000;
  poller.paceChanged();
  await clock.advance(300_000);
  const waits = polls.map((at, i) => at - (polls[i - 1] ?? 0)).slice(8);
  expect(waits.slice(0, 3)).toEqual([4_000, 4_000, 4_000]);
  expect(waits.at(-1)).toBe(2_000);
  await clock.advance(300_000);
  expect(polls.at(-1)! - polls.at(-2)!).toBe(1_000);
});

it('is never asked less often than every 30 s for that', async () => {
  const { clock, world, polls } = setup();
  world.answer = failing('rate-limited', { seconds: 1 });
  await clock.advance(20_000);
  expect(polls).toHaveLength(20);
  world.answer = async () => undefined;
  await clock.advance(61_000);
  expect(polls.slice(20)).toEqual([21_000, 51_000, 81_000]);
});

it('stops, also in the middle of a poll', async () => {
  const { clock, world, poller, polls, ended } = setup();
  world.answer = () => new Promise(() => undefined);
  await clock.advance(1_000);
  poller.stop(new Error('stopped'));
  poller.paceChanged();
  await clock.advance(100_000);
  expect([polls, ended, world.failed, clock.waiting]).toEqual([[1_000], [], 0, 0]);
});
