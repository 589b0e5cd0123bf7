import { describe, expect, it } from 'vitest';
import type { Phase, Progress } from '../client/types.ts';
import { followSync, type SyncProgress } from './sync-progress.ts';

const step = (phase: Phase, done = 0, total = 0, timeLeft?: number) => ({ phase, progress: total === 0 ? undefined : ({ done, total, unit: 'epochs', rate: undefined, timeLeft } satisfies Progress) });

describe('the single progress value of a sync (issue 12.3)', () => {
  it('never falls, in any order of the phases', () => {
    const steps = [step('starting'), step('connecting', 0, 3), step('connecting', 2, 3), step('catch-up', 0, 100), step('catch-up', 60, 100), step('catch-up', 60, 200), step('connecting', 0, 3), step('catch-up', 190, 200), step('live-sync', 0, 30), step('live-sync', 40, 30)];
    let shown: SyncProgress | undefined;
    const shares = steps.map((status) => {
      shown = followSync(shown, status);
      return shown?.share ?? -1;
    });
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));
    expect(shares[0]).toBe(0);
    expect(shares.at(-1)).toBe(1);
  });

  it('raises the remaining time only when the last estimate was far off', () => {
    const told = [60_000, 58_000, 65_000, undefined, 40_000, 90_000].reduce<(SyncProgress | undefined)[]>((list, timeLeft) => list.concat(followSync(list.at(-1), step('catch-up', 1, 10, timeLeft))), []);
    expect(told.map((each) => each?.timeLeft)).toEqual([60_000, 58_000, 58_000, 58_000, 40_000, 90_000]);
  });

  it('shows no time when all is verified, or while the sync waits', () => {
    const before = { share: 0.5, timeLeft: 20_000 };
    const left = (status: Parameters<typeof followSync>[1]) => followSync(before, status)?.timeLeft;
    expect(left(step('live-sync', 2, 2, 0))).toBeUndefined();
    expect(left({ ...step('catch-up', 1, 10, 9_000), reason: { code: 'peers-silent', data: {} } })).toBeUndefined();
    expect(left({ ...step('catch-up', 1, 10, 9_000), reason: { code: 'catching-up', data: {} } })).toBe(9_000);
  });

  it('ends when the head is reached, or when nothing happens any more', () => {
    for (const phase of ['established', 'stale', 'waiting', 'stopped', 'failed'] as const) expect(followSync({ share: 0.9, timeLeft: 1000 }, step(phase))).toBeUndefined();
  });
});
