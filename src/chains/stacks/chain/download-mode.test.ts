import { describe, expect, it } from 'vitest';
import { chainA, inventoriesA } from '../../../../test/support/stacks-vectors.ts';
import { areOnlyNewestMissing, CHECK_INTERVAL, DownloadModes, POLL_INTERVAL, type ModeContext } from './download-mode.ts';
import { scheduleTenures } from './tenure-schedule.ts';
import { tenureStartEnds, wantedTenures, type WantedTenure } from './wanted-tenures.ts';

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

  it('has all tenures of the recorded chain but the newest two in Confirmed, cycle by cycle', () => {
    const rules = { firstBurnHeight: 0, cycleLength: 10, prepareLength: 3 };
    const has = (height: number) => inventoriesA.inventories[Math.floor(height / 10)]?.bits[height % 10] === '1';
    const sortitions: readonly WantedTenure[] = chainA.sortitions.map((it) => ({ tenureId: it.consensus_hash, winningBlockId: it.winning_block_id, burnHeight: it.height }));
    const wanted = (cycle: number) => wantedTenures(cycle, sortitions, rules);
    const processed = new Set<string>();
    const modes = new DownloadModes();
    let now = 0;
    for (let cycle = 5; cycle <= 7; now += CHECK_INTERVAL) {
      const startEnds = (of: number) => tenureStartEnds(wanted(of), wanted(of + 1), has, rules);
      const scheduled = scheduleTenures(startEnds(cycle - 1), startEnds(cycle), { firstNakamotoHeight: 42, isProcessed: (id) => processed.has(id), hasSignerSet: () => true, servedBy: () => ['a'], isInitialDownload: true });
      expect(modes.mode).toBe('Confirmed');
      modes.step(now, { open: 0, scheduled: scheduled.length, isOnlyNewestMissing: () => areOnlyNewestMissing([...wanted(cycle - 1), ...wanted(cycle), ...wanted(cycle + 1)], has, (id) => processed.has(id)) });
      const [next] = scheduled;
      if (next) processed.add(next.tenure.tenureId);
      else cycle += 1;
    }
    const kept = sortitions.filter(({ burnHeight }) => has(burnHeight));
    expect(kept.filter(({ tenureId }) => !processed.has(tenureId)).map(({ burnHeight }) => burnHeight)).toEqual([76, 77]);
    expect(modes.mode).toBe('Unconfirmed');
    expect(areOnlyNewestMissing(kept, has, (id) => processed.has(id) && id !== kept[0]!.tenureId)).toBe(false);
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
