import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../test/support/virtual-clock.ts';
import { sleep } from './clock.ts';
import { withTimeout } from './with-timeout.ts';

describe('withTimeout', () => {
  it('passes on a result that comes in time, and leaves no timer', async () => {
    const clock = new VirtualClock();
    expect(await clock.until(withTimeout(clock, 100, sleep(clock, 99).then(() => 'here')))).toBe('here');
    await expect(clock.until(withTimeout(clock, 100, Promise.reject(new Error('no'))))).rejects.toThrow('no');
    expect(clock.pending).toBe(0);
  });

  it('does not wait for a late result, and ignores its later rejection', async () => {
    const clock = new VirtualClock();
    const late = sleep(clock, 101).then(() => Promise.reject(new Error('too late')));
    expect(await clock.until(withTimeout(clock, 100, late))).toBeUndefined();
    await clock.advance(10);
    expect(clock.pending).toBe(0);
  });
});
