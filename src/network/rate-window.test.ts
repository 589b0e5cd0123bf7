import { describe, expect, it } from 'vitest';
import { SettlingClock } from '../../test/support/settling-clock.ts';
import { FixedWindows, SlidingWindows } from './rate-window.ts';

describe('FixedWindows', () => {
  it('admits a fixed number per key and window', async () => {
    const clock = new SettlingClock();
    const windows = new FixedWindows(clock, 10_000);
    expect([1, 2, 3].map(() => windows.admit('a', 2))).toEqual([true, true, false]);
    expect(windows.admit('b', 2)).toBe(true);
    await clock.advance(9999);
    expect(windows.admit('a', 2)).toBe(false);
    await clock.advance(1);
    expect(windows.admit('a', 2)).toBe(true);
  });
});

describe('SlidingWindows', () => {
  it('delays a request above the limit until the first one is a window old', async () => {
    const clock = new SettlingClock();
    const windows = new SlidingWindows(clock, 10_000);
    expect(windows.reserve('a', 2, 0)).toBe(0);
    await clock.advance(4000);
    expect(windows.reserve('a', 2, 0)).toBe(0);
    expect(windows.reserve('a', 2, 5999)).toBeUndefined();
    expect(windows.reserve('a', 2, 6000)).toBe(6000);
    // The slot just taken counts, so the next request waits for the second.
    expect(windows.reserve('a', 2, 20_000)).toBe(10_000);
    expect(windows.reserve('b', 2, 0)).toBe(0);
  });

  it('stays within every fixed window that the server may use', async () => {
    const clock = new SettlingClock();
    const windows = new SlidingWindows(clock, 10_000);
    const times: number[] = [];
    for (let i = 0; i < 60; i++) times.push(clock.monotonic() + (windows.reserve('a', 7, 1e9) ?? Number.NaN));
    for (const start of times) expect(times.filter((time) => time >= start && time < start + 10_000).length).toBeLessThanOrEqual(7);
  });

  it("accepts the server's report that the window is full", () => {
    const windows = new SlidingWindows(new SettlingClock(), 10_000);
    windows.exhaust('a', 3);
    expect(windows.reserve('a', 3, 9999)).toBeUndefined();
    expect(windows.reserve('a', 3, 10_000)).toBe(10_000);
  });
});
