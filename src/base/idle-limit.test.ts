import { expect, it } from 'vitest';
import { ManualClock } from '../../test/support/manual-clock.ts';
import { IdleLimit } from './idle-limit.ts';

const setup = (mayEnd = () => true) => {
  const clock = new ManualClock();
  const parent = new AbortController();
  return { clock, parent, limit: new IdleLimit(clock, () => 1000, mayEnd, parent.signal) };
};

it('ends the work when nothing has happened for the time', () => {
  const { clock, limit } = setup();
  clock.advance(900);
  limit.progress();
  clock.advance(999);
  expect([limit.reached, limit.signal.aborted]).toEqual([false, false]);
  clock.advance(1);
  expect([limit.reached, limit.signal.aborted]).toEqual([true, true]);
});

it('does not end work that is going on, nor where it may not end', async () => {
  let mayEnd = false;
  const { clock, limit } = setup(() => mayEnd);
  clock.advance(5000);
  mayEnd = true;
  let done = () => {};
  const part = limit.during(new Promise<void>((resolve) => (done = resolve)));
  clock.advance(5000);
  expect(limit.reached).toBe(false);
  done();
  await part;
  clock.advance(999);
  expect(limit.reached).toBe(false);
  clock.advance(1);
  expect(limit.reached).toBe(true);
});

it('ends with its parent, and leaves no timer when it is cleared', () => {
  const { clock, parent, limit } = setup();
  parent.abort(new Error('over'));
  expect([limit.signal.aborted, limit.reached]).toEqual([true, false]);
  limit.clear();
  expect([clock.waiting, limit.reached]).toEqual([0, false]);
});
