import { describe, expect, it } from 'vitest';
import { systemClock, systemRandom } from './system.ts';

describe('the system\'s clock and chance', () => {
  it('calls back, and not when cancelled', async () => {
    let cancelled = false;
    systemClock.after(0, () => {
      cancelled = true;
    })();
    const start = systemClock.monotonic();
    await new Promise<void>((resolve) => systemClock.after(1, resolve));
    expect(cancelled).toBe(false);
    expect(systemClock.monotonic()).toBeGreaterThanOrEqual(start);
  });

  it('gives more random bytes than one call of the host can', () => {
    const bytes = systemRandom.bytes(200_000);
    expect(bytes).toHaveLength(200_000);
    expect(new Set(bytes.subarray(199_000)).size).toBeGreaterThan(50);
    expect(systemRandom.next()).toBeLessThan(1);
  });
});
