import { describe, expect, it } from 'vitest';
import { recordedTenures } from '../../../../test/support/stacks-tenures.ts';
import type { NakamotoBlock } from '../wire/block.ts';
import { DownloaderSet, MAX_IN_FLIGHT, PARK_TIME, type DownloadRequest, type FinishedTenure } from './downloader-set.ts';
import { blockId } from './hash.ts';
import { scheduleTenures, type ScheduleContext } from './tenure-schedule.ts';

const recorded = recordedTenures();
const tenures = recorded.map(({ tenure }) => tenure);
const blocksOf = new Map(recorded.map(({ tenure, blocks }) => [tenure.tenureId, blocks]));
const answer = ({ tenureId, request }: DownloadRequest): readonly NakamotoBlock[] => {
  const blocks = blocksOf.get(tenureId)!;
  return request.kind === 'block' ? blocks.filter(({ header }) => blockId(header) === request.id) : blocks.slice(1, -1).toReversed();
};
const context: ScheduleContext = { firstNakamotoHeight: 42, isProcessed: () => false, hasSignerSet: () => true, servedBy: () => ['a'], isInitialDownload: true };
/** Runs a set with these peers until it asks nothing more. */
const run = (set: DownloaderSet, of: ScheduleContext, now = 0): readonly FinishedTenure[] => {
  const finished: FinishedTenure[] = [];
  for (;;) {
    set.fill(scheduleTenures([], tenures, of));
    expect(set.size).toBeLessThanOrEqual(MAX_IN_FLIGHT);
    const requests = set.poll(now);
    if (requests.length === 0) return finished;
    expect(new Set(requests.map(({ peer }) => peer)).size).toBe(requests.length);
    for (const request of requests) {
      expect(set.receive(request.tenureId, request.peer, answer(request), now)).toMatchObject({ ok: true });
      finished.push(...[set.confirm(request.tenureId)].filter((it) => it !== undefined));
    }
  }
};

describe('DownloaderSet', () => {
  it('fetches all tenures from one peer, never more than six at a time, and none twice', () => {
    expect(tenures.length).toBeGreaterThanOrEqual(8);
    const set = new DownloaderSet();
    const finished = run(set, context);
    expect(finished.map(({ tenure }) => tenure.tenureId)).toHaveLength(tenures.length);
    for (const { tenure, blocks } of finished) expect(blocks).toEqual(blocksOf.get(tenure.tenureId));
    expect(run(set, context)).toEqual([]);
    set.forget(tenures[0]!.tenureId);
    expect(run(set, context).map(({ tenure }) => tenure)).toEqual([tenures[0]]);
  });

  it('gives a request to each of several peers, and one peer only one', () => {
    const set = new DownloaderSet();
    set.fill(scheduleTenures([], tenures, { ...context, servedBy: () => ['a', 'b'] }));
    expect(set.size).toBe(6);
    expect(set.poll(0).map(({ peer, tenureId }) => [peer, tenureId])).toEqual([['a', tenures[0]!.tenureId], ['b', tenures[1]!.tenureId]]);
    expect(set.poll(0)).toEqual([]);
  });

  it('moves the tenure of a peer that is gone', () => {
    const set = new DownloaderSet();
    set.fill(scheduleTenures([], tenures.slice(0, 1), { ...context, servedBy: () => ['a', 'b'] }));
    const [first] = set.poll(0);
    expect(first!.peer).toBe('a');
    set.removePeer('a');
    expect(set.poll(0)).toEqual([{ ...first, peer: 'b' }]);
    expect(set.receive(first!.tenureId, 'a', answer(first!), 0)).toBeUndefined();
    expect(set.receive('other', 'b', [], 0)).toBeUndefined();
    expect(set.confirm('other')).toBeUndefined();
  });

  it('parks a peer that fails for 60 s, and asks another for the same', () => {
    const set = new DownloaderSet();
    const one = tenures.slice(0, 1);
    set.fill(scheduleTenures([], one, { ...context, servedBy: () => ['a', 'b'] }));
    const [first] = set.poll(0);
    expect(set.receive(first!.tenureId, 'a', [], 0)).toEqual({ ok: false, code: 'empty' });
    expect(set.poll(1)).toEqual([{ ...first, peer: 'b' }]);
    // The signers of b do not hold.
    set.receive(first!.tenureId, 'b', answer(first!), 2);
    set.fail(first!.tenureId, 'b', 2);
    expect(set.poll(PARK_TIME - 1)).toEqual([]);
    expect(set.poll(PARK_TIME)).toEqual([{ ...first, peer: 'a' }]);
  });
});

describe('the schedule', () => {
  const heights = (previous: number, of: Partial<ScheduleContext>) => scheduleTenures(tenures.slice(0, previous), tenures.slice(previous), { ...context, ...of }).map(({ tenure }) => tenure.burnHeight);
  const all = tenures.map(({ burnHeight }) => burnHeight);

  it('is by height in the initial download, and by the fewest peers later, the previous cycle first', () => {
    expect(heights(0, {})).toEqual(all);
    const servedBy = (height: number) => (height === all[2] || height === all[5] ? ['a'] : ['a', 'b']);
    expect(heights(0, { servedBy })).toEqual(all);
    const rare = heights(4, { servedBy, isInitialDownload: false });
    expect(rare.slice(0, 5)).toEqual([all[2], all[0], all[1], all[3], all[5]]);
  });

  it('leaves out what is processed, before Nakamoto, or served by nobody', () => {
    expect(heights(0, { isProcessed: (id) => id === tenures[1]!.tenureId })).toEqual(all.filter((_, i) => i !== 1));
    expect(heights(0, { firstNakamotoHeight: all[1]! })).toEqual(all.slice(1));
    expect(heights(0, { servedBy: (height) => (height === all[0] ? [] : ['a']) })).toEqual(all.slice(1));
  });

  it('skips a tenure whose signer set is not proved, and takes it when it is (edge 3)', () => {
    const last = tenures.at(-1)!.endCycle;
    const waiting = heights(0, { hasSignerSet: (cycle) => cycle < last });
    expect(waiting).toEqual(tenures.filter(({ startCycle, endCycle }) => startCycle < last && endCycle < last).map(({ burnHeight }) => burnHeight));
    expect(waiting.length).toBeLessThan(all.length);
    const set = new DownloaderSet();
    const before = run(set, { ...context, hasSignerSet: (cycle) => cycle < last });
    const after = run(set, context);
    expect([...before, ...after].map(({ tenure }) => tenure.burnHeight).toSorted((a, b) => a - b)).toEqual(all);
    expect(after.length).toBe(all.length - waiting.length);
  });
});
