import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../../test/support/manual-clock.ts';
import { TokenBucket } from './token-bucket.ts';

describe('the token bucket', () => {
  it('lets everything through without a limit', () => {
    const bucket = new TokenBucket(new ManualClock(), 0);
    expect(bucket.take(1e9) && bucket.take(1e9)).toBe(true);
  });

  it('makes the next wait for what was booked and corrected', () => {
    const clock = new ManualClock();
    const bucket = new TokenBucket(clock, 1_000);
    expect(bucket.take(500)).toBe(true);
    expect(bucket.take(1)).toBe(false);
    bucket.correct(-250);
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
    // Nothing is owed after 250 bytes, and 250 bytes are owed after 500.
    expect(bucket.take(250) && bucket.take(250)).toBe(true);
    clock.advance(249);
    expect(bucket.take(1)).toBe(false);
    clock.advance(1);
    expect(bucket.take(1)).toBe(true);
  });
});
