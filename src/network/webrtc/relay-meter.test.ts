import { expect, it } from 'vitest';
import { SettlingClock } from '../../../test/support/settling-clock.ts';
import { RelayMeter } from './relay-meter.ts';

it('counts all bytes, and stops at the cap until the hour is over', async () => {
  const clock = new SettlingClock();
  const meter = new RelayMeter(clock, 1_000);
  meter.count(999);
  expect(meter.spent).toBe(false);
  meter.count(1);
  expect(meter.spent).toBe(true);
  await clock.advance(3_599_999);
  expect(meter.spent).toBe(true);
  await clock.advance(1);
  expect(meter.spent).toBe(false);
  meter.count(10);
  expect(meter.use).toEqual({ bytes: 1_010, cap: 1_000 });
  expect(new RelayMeter(clock).use.cap).toBe(2_000_000);
});
