import { afterEach, describe, expect, it } from 'vitest';
import { VirtualClock } from '../../../../../test/support/virtual-clock.ts';
import { sleep } from '../../../../base/clock.ts';
import { Tasks } from '../../../../base/tasks.ts';
import { GapQueue } from './gap-queue.ts';
import type { SearchOutcome } from './gap-queue.ts';
import { syncDefaults } from '../settings.ts';

/** Searches take a second. `outcomes` gives the result by announcer. */
function setUp(outcomes: Record<string, SearchOutcome> = {}, announcers: Record<string, string[]> = {}) {
  const clock = new VirtualClock();
  const tasks = new Tasks((error) => expect.fail(String(error)));
  const running: string[] = [];
  const started: string[] = [];
  const over: string[] = [];
  const requests = new GapQueue({
    settings: syncDefaults, clock, tasks,
    announcers: (target) => announcers[target] ?? [],
    search: async ({ target, peer }, signal) => {
      running.push(target);
      started.push(`${peer} ${target}`);
      try {
        await sleep(clock, 1000, signal);
      } finally {
        running.splice(running.indexOf(target), 1);
      }
      return outcomes[peer] ?? 'served';
    },
    onOver: (target) => over.push(target),
  });
  const add = (peer: string, ...targets: string[]) => targets.map((target) => requests.add({ target, peer }));
  stop = () => clock.until(tasks.stop(new Error('over')));
  return { clock, requests, add, running, started, over };
}
let stop: () => Promise<void>;
afterEach(() => stop());
const many = (name: string, count: number) => Array.from({ length: count }, (_, i) => `${name}${i}`);

describe('GapQueue', () => {
  it('bounds the running and waiting searches of one peer and of all', () => {
    const { add, running, requests } = setUp();
    expect(add('a', ...many('a', 11)).filter(Boolean)).toHaveLength(10);
    expect(running).toEqual(['a0', 'a1']);
    for (const peer of ['b', 'c', 'd', 'e']) add(peer, ...many(peer, 10));
    expect(running).toHaveLength(5);
    expect(['a', 'b', 'c', 'd', 'e'].flatMap((peer) => many(peer, 11)).filter((target) => requests.has(target))).toHaveLength(5 + 32);
    expect(add('f', 'late')).toEqual([false]);
    expect(add('f', 'a9')).toEqual([true]);
  });

  it('searches next for the announcer that has withheld least', async () => {
    const { add, clock, started } = setUp({ flood: 'withheld' });
    add('flood', 'x');
    await clock.advance(3000);
    add('flood', 'x1', 'x2', 'x3');
    add('b', 'b0', 'b1');
    add('c', 'c0');
    add('b', 'b2');
    started.length = 0;
    await clock.advance(1000);
    expect(started[0]).toBe('b b2');
  });

  it('stops searching for a peer that withholds, for longer each time, and forgets that when it serves', async () => {
    const outcomes: Record<string, SearchOutcome> = { flood: 'withheld' };
    const { add, clock, started, over, requests } = setUp(outcomes);
    add('flood', ...many('x', 10));
    await clock.advance(1000);
    expect(started).toEqual(['flood x0', 'flood x1']);
    expect(over.toSorted()).toEqual(many('x', 10));
    expect(requests.has('x5')).toBe(false);
    // Two searches ended as withheld, so the pause is that of the second time.
    await clock.advance(1999);
    expect(add('flood', 'y')).toEqual([false]);
    await clock.advance(1);
    expect(add('flood', 'y')).toEqual([true]);
    await clock.advance(1000 + 3999);
    expect(add('flood', 'z')).toEqual([false]);
    for (let minute = 0; minute < 10; minute += 1) {
      for (let second = 0; second < 60; second += 1) {
        add('flood', `${minute} ${second}`);
        await clock.advance(1000);
      }
    }
    started.length = 0;
    for (let second = 0; second < 60; second += 1) {
      add('flood', `last ${second}`);
      await clock.advance(1000);
    }
    expect(started).toHaveLength(2);
    outcomes['flood'] = 'served';
    await clock.advance(31_000);
    expect(add('flood', 'good')).toEqual([true]);
    await clock.advance(1000);
    outcomes['flood'] = 'withheld';
    add('flood', 'bad');
    await clock.advance(1000 + 1000);
    expect(add('flood', 'again')).toEqual([true]);
  });

  it('keeps a gap that another peer has announced too', async () => {
    const { add, clock, started } = setUp({ flood: 'withheld' }, { x5: ['flood', 'honest'], x6: ['flood'] });
    add('flood', ...many('x', 10));
    await clock.advance(1000);
    expect(started.slice(2)).toEqual(['honest x5']);
  });

  it('does not blame a peer that was not asked', async () => {
    const { add, clock } = setUp({ gone: 'not-asked' });
    add('gone', 'x');
    await clock.advance(1000);
    expect(add('gone', 'y')).toEqual([true]);
  });
});
