import { describe, expect, it } from 'vitest';
import { systemClock, systemRandom } from './system.ts';

describe("the system's clock and random numbers", () => {
  it('calls back, except after a cancel', async () => {
    let cancelled = false;
    systemClock.after(0, () => {
      cancelled = true;
    })();
    const start = systemClock.monotonic();
    await new Promise<void>((resolve) => systemClock.after(1, resolve));
    expect(cancelled).toBe(false);
    expect(systemClock.monotonic()).toBeGreaterThanOrEqual(start);
  });

  it('gives more random bytes than one call of the host allows', () => {
    const bytes = systemRandom.bytes(200_000);
    expect(bytes).toHaveLength(200_000);
    expect(new Set(bytes.subarray(199_000)).size).toBeGreaterThan(50);
    expect(systemRandom.next()).toBeLessThan(1);
  });
});
