import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../../test/support/manual-clock.ts';
import { TokenBucket } from './token-bucket.ts';

describe('the token bucket', () => {
  it('lets everything through without a limit', () => {
    const bucket = new TokenBucket(new ManualClock(), 0);
    expect(bucket.take(1e9) && bucket.take(1e9)).toBe(true);
    expect(bucket.wait).toBe(0);
  });

  it('makes the next wait for what was booked and corrected', () => {
    const clock = new ManualClock();
    const bucket = new TokenBucket(clock, 1_000);
    expect(bucket.take(500)).toBe(true);
    expect(bucket.take(1)).toBe(false);
    expect(bucket.wait).toBe(500);
    bucket.correct(-250);
    expect(bucket.wait).toBe(250);
    bucket.correct(500);
    clock.advance(749);
    expect(bucket.take(1)).toBe(false);
    clock.advance(1);
    expect(bucket.take(1)).toBe(true);
  });

  it('saves up no more than a quarter of a second', () => {
    const clock = new ManualClock();
    const bucket = new TokenBucket(clock, 1_000);
    clock.advance(60_000);
    bucket.take(250);
    expect(bucket.wait).toBe(0);
    bucket.take(250);
    expect(bucket.wait).toBe(250);
  });
});
