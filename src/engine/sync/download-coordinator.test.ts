import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Assignment, Claimant } from './assignment.ts';
import { DownloadCoordinator } from './download-coordinator.ts';

const claimant = (peer: string, given: Partial<Claimant> = {}): Claimant => ({
  peer, earliest: 0, latest: 10_000, batch: 64, peers: ['a', 'b'], order: 'row', ahead: 1_000, only: undefined, patience: 1_000, now: 0, ...given,
});

function setup(end = 1_000, retryAttempts = 3) {
  const coordinator = new DownloadCoordinator({ retryAttempts });
  coordinator.begin(0, end, 0);
  return coordinator;
}

const range = (assignment: Assignment | undefined) => assignment && [assignment.from, assignment.to];

describe('7.4 DownloadCoordinator', () => {
  it('assign_block_range: in a row, without an overlap, within what the peer serves', () => {
    const coordinator = setup(150);
    expect(range(coordinator.assign(claimant('a')))).toEqual([1, 64]);
    expect(range(coordinator.assign(claimant('b', { batch: 8 })))).toEqual([65, 72]);
    expect(coordinator.assign(claimant('b', { latest: 72 }))).toBeUndefined();
    expect(coordinator.assign(claimant('b', { earliest: 74 }))).toBeUndefined();
    expect(range(coordinator.assign(claimant('b', { latest: 100 })))).toEqual([73, 100]);
    expect(range(coordinator.assign(claimant('a')))).toEqual([101, 150]);
    expect(coordinator.assign(claimant('a'))).toBeUndefined();
    coordinator.extend(160);
    expect(range(coordinator.assign(claimant('a')))).toEqual([151, 160]);
    expect(coordinator.inFlight).toBe(5);
  });

  it('a short answer: the rest is assigned again', () => {
    const coordinator = setup(64);
    coordinator.received(coordinator.assign(claimant('a'))!, 40);
    expect(range(coordinator.assign(claimant('a')))).toEqual([41, 64]);
  });

  it('on back-pressure only the range that is needed first is given', () => {
    const coordinator = setup();
    const first = coordinator.assign(claimant('a'))!;
    expect(coordinator.assign(claimant('b', { only: 1 }))).toBeUndefined();
    coordinator.failed(first, true);
    expect(coordinator.assign(claimant('b', { only: 70 }))).toBeUndefined();
    expect(range(coordinator.assign(claimant('b', { only: 1 })))).toEqual([1, 64]);
  });

  it('reassign_failed_download: to another peer while one is there', () => {
    const coordinator = setup();
    coordinator.failed(coordinator.assign(claimant('a'))!, true);
    expect(range(coordinator.assign(claimant('a')))).toEqual([65, 128]);
    expect(range(coordinator.assign(claimant('b')))).toEqual([1, 64]);
    const alone = setup();
    alone.failed(alone.assign(claimant('a', { peers: ['a'] }))!, true);
    expect(range(alone.assign(claimant('a', { peers: ['a'] })))).toEqual([1, 64]);
    expect(alone.statistics).toMatchObject({ requests: 2, reassigned: 1, failures: 1 });
  });

  it('retry_attempts: the fourth failure names height and peers; a peer that has left does not count', () => {
    const coordinator = setup();
    for (const peer of ['a', 'b', 'a']) coordinator.failed(coordinator.assign(claimant(peer))!, true);
    coordinator.failed(coordinator.assign(claimant('b'))!, false);
    const last = coordinator.assign(claimant('b'))!;
    expect(() => coordinator.failed(last, true)).toThrow(expect.objectContaining({ code: 'retries-used-up', data: { height: 1, peers: 'a, b' } }) as Error);
  });

  it('balance_download_load: a fast peer takes the tail of the slow one\'s range', () => {
    const coordinator = setup(1_000);
    const ranges = { order: 'ranges', batch: 100 } as const;
    expect(range(coordinator.assign(claimant('a', ranges)))).toEqual([1, 100]);
    const fast = coordinator.assign(claimant('b', ranges))!;
    expect(range(fast)).toEqual([501, 600]);
    coordinator.received(fast, 100);
    for (let from = 601; from <= 901; from += 100) coordinator.received(coordinator.assign(claimant('b', ranges))!, 100);
    expect(range(coordinator.assign(claimant('b', ranges)))).toEqual([301, 400]);
    expect(coordinator.statistics.stolen).toBe(1);
    coordinator.leave('a');
    expect(range(coordinator.assign(claimant('c', ranges)))).toEqual([101, 200]);
  });

  it('an overdue request is made a second time, once, and never of what was received before', () => {
    const coordinator = setup(64);
    const slow = coordinator.assign(claimant('a'))!;
    expect(coordinator.assign(claimant('b', { now: 999 }))).toBeUndefined();
    const copy = coordinator.assign(claimant('b', { now: 1_000 }))!;
    expect(range(copy)).toEqual([1, 64]);
    expect(coordinator.assign(claimant('c', { now: 5_000 }))).toBeUndefined();
    coordinator.received(copy, 64);
    expect(coordinator.covered(slow)).toBe(true);
    coordinator.withdrawn(slow);
    expect(coordinator.assign(claimant('c'))).toBeUndefined();
    coordinator.lost([10, 11, 20], 'b');
    expect(range(coordinator.assign(claimant('a')))).toEqual([10, 11]);
    expect(range(coordinator.assign(claimant('b')))).toBeUndefined();
    expect(coordinator.assign(claimant('b', { now: 5_000, peers: ['b'] }))).toMatchObject({ from: 20, to: 20 });
    expect(coordinator.assign(claimant('c', { now: 50_000 }))).toBeUndefined();
  });

  it('get_download_progress, estimate_completion_time, get_download_statistics: the scripted truth', () => {
    const coordinator = setup(640);
    expect(coordinator.estimate(0)).toBeUndefined();
    const [first, second] = [coordinator.assign(claimant('a'))!, coordinator.assign(claimant('b'))!];
    coordinator.received(first, 64);
    expect(coordinator.progress).toEqual({ waiting: 64, asked: 64, missing: 512 });
    expect(coordinator.estimate(1_000)).toBe(9_000);
    coordinator.applied(64);
    coordinator.received(second, 64);
    expect(coordinator.progress).toEqual({ waiting: 64, asked: 0, missing: 512 });
    expect(coordinator.statistics).toEqual({ requests: 2, received: 128, reassigned: 0, stolen: 0, doubled: 0, failures: 0 });
  });

  it('begins behind what is held already', () => {
    const coordinator = setup();
    coordinator.begin(100, 200, 0, new Set([103, 104, 150]));
    const got = [];
    for (let each = coordinator.assign(claimant('a', { peers: ['a'] })); each; each = coordinator.assign(claimant('a', { peers: ['a'] }))) got.push(range(each));
    expect(got).toEqual([[101, 102], [105, 149], [151, 200]]);
  });

  it('whatever answers, fails, or is lost: every block comes in the end, and no two requests overlap but for one copy', () => {
    const act = fc.record({ peer: fc.constantFrom('a', 'b', 'c'), what: fc.constantFrom('take', 'answer', 'short', 'fail', 'withdraw', 'lost'), pick: fc.nat(7), order: fc.constantFrom('row' as const, 'ranges' as const) });
    fc.assert(
      fc.property(fc.array(act, { maxLength: 80 }), (acts) => {
        const coordinator = setup(60, 1_000);
        const there = new Set<number>();
        let running: Assignment[] = [];
        let now = 0;
        const answer = (assignment: Assignment, count: number) => {
          coordinator.received(assignment, count);
          for (let height = assignment.from; height < assignment.from + count; height += 1) there.add(height);
        };
        const take = (peer: string, order: 'row' | 'ranges') => {
          const next = coordinator.assign(claimant(peer, { batch: 7, order, peers: ['a', 'b', 'c'], ahead: 30, now: (now += 300) }));
          if (next) running.push(next);
          return next !== undefined;
        };
        for (const { peer, what, pick, order } of acts) {
          const chosen = running[pick];
          if (what === 'take') take(peer, order);
          else if (what === 'lost') {
            const lost = Array.from(there).slice(0, pick);
            lost.forEach((height) => there.delete(height));
            coordinator.lost(lost, peer);
          } else if (chosen) {
            running = running.filter((each) => each !== chosen);
            if (what === 'answer') answer(chosen, chosen.to - chosen.from + 1);
            else if (what === 'short') answer(chosen, 1);
            else if (what === 'fail') coordinator.failed(chosen, true);
            else coordinator.withdrawn(chosen);
          }
          for (let height = 1; height <= 60; height += 1) expect(running.filter(({ from, to }) => from <= height && height <= to).length).toBeLessThanOrEqual(2);
        }
        for (let turn = 0; turn < 500 && there.size < 60; turn += 1) {
          for (const each of running.splice(0)) answer(each, each.to - each.from + 1);
          for (const peer of ['a', 'b', 'c']) take(peer, 'row');
        }
        expect(there.size).toBe(60);
      }),
    );
  });
});
