import { expect, it } from 'vitest';
import { ManualClock } from '../../../test/support/manual-clock.ts';
import { SilenceWatch } from './silence-watch.ts';

function setup(ping: () => void = () => undefined) {
  const clock = new ManualClock();
  const told: string[] = [];
  const note = (what: string) => told.push(`${what} ${clock.monotonic() / 1000}`);
  const watch = new SilenceWatch(clock, { pingAfter: 30_000, closeAfter: 60_000, ping: () => (note('ping'), ping()) }, () => note('silent'));
  return { clock, told, watch };
}

it('pings after the first time, and tells of the silence after the second', () => {
  const { clock, told } = setup();
  clock.advance(120_000);
  expect(told).toEqual(['ping 30', 'silent 60']);
  expect(clock.waiting).toBe(0);
});

it('does neither while frames come; a ping that throws counts as none', () => {
  const { clock, told, watch } = setup(() => {
    throw new Error('closed');
  });
  for (let i = 0; i < 6; i++) {
    clock.advance(20_000);
    watch.heard();
  }
  expect(told).toEqual([]);
  clock.advance(30_000);
  expect(told).toEqual(['ping 150']);
  watch.heard();
  clock.advance(30_000);
  expect(told).toEqual(['ping 150', 'ping 180']);
  clock.advance(30_000);
  expect(told).toEqual(['ping 150', 'ping 180', 'silent 210']);
});

it('stops', () => {
  const { clock, told, watch } = setup();
  watch.stop();
  clock.advance(120_000);
  expect(told).toEqual([]);
  expect(clock.waiting).toBe(0);
});
