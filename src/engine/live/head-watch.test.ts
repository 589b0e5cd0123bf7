import { expect, it } from 'vitest';
import { ManualClock } from '../../../test/support/manual-clock.ts';
import { HeadWatch } from './head-watch.ts';

function setUp() {
  const clock = new ManualClock();
  const told: number[] = [];
  const state = { following: true };
  const watch = new HeadWatch({ clock, staleAfter: 60_000, following: () => state.following, onStale: (still) => told.push(still) });
  return { clock, told, state, watch };
}

it('reports a stale head after the time, again after each further such time, and not any more once it moves', () => {
  const { clock, told, watch } = setUp();
  clock.advance(15_000);
  watch.moved();
  clock.advance(59_000);
  expect([told, watch.stale]).toEqual([[], undefined]);
  clock.advance(1_000);
  expect([told, watch.stale]).toEqual([[60_000], 60_000]);
  clock.advance(59_000);
  expect([told, watch.stale]).toEqual([[60_000], 119_000]);
  clock.advance(1_000);
  expect(told).toEqual([60_000, 120_000]);
  watch.moved();
  expect(watch.stale).toBeUndefined();
  clock.advance(45_000);
  watch.moved();
  clock.advance(45_000);
  // The watch itself was suspended.
  clock.sleep(600_000);
  clock.advance(45_000);
  expect([told.length, watch.stale]).toEqual([2, undefined]);
  watch.stop();
  clock.advance(600_000);
  expect(told).toHaveLength(2);
});

it('counts from when the head is followed, and reports nothing while it is not', () => {
  const { clock, told, state, watch } = setUp();
  state.following = false;
  clock.advance(600_000);
  expect(told).toEqual([]);
  state.following = true;
  clock.advance(75_000);
  expect([told, watch.stale]).toEqual([[60_000], 60_000]);
  state.following = false;
  expect(watch.stale).toBeUndefined();
  clock.advance(120_000);
  expect(told).toHaveLength(1);
  state.following = true;
  expect(watch.stale).toBe(180_000);
});
