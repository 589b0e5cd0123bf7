import { describe, expect, it } from 'vitest';
import { CHECK_INTERVAL, DownloadModes, POLL_INTERVAL, type ModeContext } from './download-mode.ts';

const busy: ModeContext = { open: 1, scheduled: 0, isOnlyNewestMissing: () => true };
const idle: ModeContext = { ...busy, open: 0 };

describe('NakamotoDownloadStateMachine', () => {
  it('is Confirmed until no downloader is left and only the newest two tenures are missing', () => {
    const modes = new DownloadModes();
    expect(modes.step(0, busy)).toEqual({ polls: false });
    expect(modes.step(1, { ...idle, scheduled: 1 })).toEqual({ polls: false });
    expect(modes.mode).toBe('Confirmed');
    expect(modes.step(2, { ...idle, isOnlyNewestMissing: () => false })).toEqual({ polls: false });
    expect(modes.mode).toBe('Confirmed');
    expect(modes.step(2 + CHECK_INTERVAL, idle)).toEqual({ polls: true });
    expect(modes.mode).toBe('Unconfirmed');
  });

  it('returns to Confirmed when complete tenures turn up, after a gap of several sortitions', () => {
    const modes = new DownloadModes();
    modes.step(0, idle);
    expect(modes.step(10_000, { ...idle, scheduled: 3 })).toEqual({ polls: false });
    expect(modes.mode).toBe('Confirmed');
    expect(modes.step(10_500, busy)).toEqual({ polls: false });
    expect(modes.step(11_000, idle)).toEqual({ polls: true });
  });

  it('checks at most once in 1000 ms, and polls every 5 s (edge 6)', () => {
    const modes = new DownloadModes();
    let checks = 0;
    const waiting = { ...idle, isOnlyNewestMissing: () => (checks += 1) < 0 };
    for (let now = 0; now < 10_000; now += 50) modes.step(now, waiting);
    expect(checks).toBe(10);
    let polls = 0;
    for (let now = 10_000; now < 10_000 + 6 * POLL_INTERVAL; now += 50) if (modes.step(now, idle).polls) polls += 1;
    expect(polls).toBe(6);
  });
});
