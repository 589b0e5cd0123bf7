import { expect, it } from 'vitest';
import { ManualClock } from '../../../test/support/manual-clock.ts';
import { StatusWatch } from './status-watch.ts';

function setUp() {
  const clock = new ManualClock();
  const state = { established: false, verified: 0, told: 'connecting' };
  const calls = { changes: 0 };
  const watch = new StatusWatch({ clock, established: () => state.established, verified: () => String(state.verified), told: () => `${state.told} ${watch.due}`, onChange: () => calls.changes++ });
  return { clock, state, calls, watch };
}

it('a reason is due after ten seconds without consensus, and is reported without any event', () => {
  const { clock, calls, watch } = setUp();
  clock.advance(5_000);
  expect(watch.due).toBe(false);
  const before = calls.changes;
  clock.advance(5_000);
  expect([watch.due, calls.changes]).toEqual([true, before + 1]);
});

it('with consensus no reason is due, and after its loss the time starts anew', () => {
  const { clock, state, watch } = setUp();
  clock.advance(20_000);
  state.established = true;
  clock.advance(2_500);
  expect(watch.due).toBe(false);
  state.established = false;
  clock.advance(7_500);
  expect(watch.due).toBe(false);
  clock.advance(2_500);
  expect(watch.due).toBe(true);
});

it('waits longer while blocks are verified from time to time', () => {
  const { clock, state, watch } = setUp();
  clock.advance(10_000);
  expect(watch.progressing).toBe(false);
  state.verified++;
  clock.advance(2_500);
  expect(watch.progressing).toBe(true);
  clock.advance(15_000);
  expect(watch.progressing).toBe(false);
  watch.stop();
});
