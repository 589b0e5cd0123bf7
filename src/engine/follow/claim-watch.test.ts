import { expect, it } from 'vitest';
import { ManualClock } from '../../../test/support/manual-clock.ts';
import { ClaimWatch } from './claim-watch.ts';

it('a claim that three questions in five minutes did not prove is too much; one that is proven or reached is settled', async () => {
  const clock = new ManualClock();
  const watch = new ClaimWatch(clock);
  const ask = async (minutes: number, claimed: number, proven: number, head = 10) => {
    await clock.advance(minutes * 60_000);
    return watch.asked('a', claimed, proven, head);
  };
  expect([await ask(0, 100, 10), watch.openOf('a', 10)]).toEqual([false, { claimed: 100, proven: 10, count: 1 }]);
  // A higher claim does not begin anew.
  expect([await ask(1, 200, 10), watch.openOf('a', 10)?.claimed]).toEqual([false, 100]);
  expect([await ask(3, 200, 10), await ask(1, 200, 10)]).toEqual([false, true]);
  expect(watch.openOf('a', 10)).toBeUndefined();
  expect([await ask(0, 100, 10), await ask(9, 120, 100), await ask(1, 120, 101, 120)]).toEqual([false, false, false]);
  expect(watch.openOf('a', 120)).toBeUndefined();
  // Twice in ten minutes is too few.
  expect([await ask(0, 300, 10), await ask(10, 300, 10)]).toEqual([false, false]);
  expect([watch.openOf('a', 300), watch.openOf('a', 299)?.count]).toEqual([undefined, 2]);
});

it('remembers 256 peers', () => {
  const watch = new ClaimWatch(new ManualClock());
  for (let i = 0; i < 300; i++) watch.asked(String(i), 100, 1, 1);
  expect([watch.openOf('43', 1), watch.openOf('44', 1)?.claimed]).toEqual([undefined, 100]);
});
