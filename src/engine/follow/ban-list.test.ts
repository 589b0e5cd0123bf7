import { expect, it } from 'vitest';
import { ManualClock } from '../../../test/support/manual-clock.ts';
import { BanList } from './ban-list.ts';

const HOUR = 3_600_000;
const peer = (id: string) => ({ id, address: `/named/${id}`, dialled: `/${id}`, received: 5 });

function setup() {
  const clock = new ManualClock(1_000_000_000_000);
  const ended: string[] = [];
  const list = new BanList({ clock, onEnd: ({ id }) => void ended.push(id) });
  return { clock, ended, list };
}

it('bans id and addresses for a term, twice as long each time, up to a day', async () => {
  const { clock, ended, list } = setup();
  const terms: number[] = [];
  for (let i = 0; i < 6; i++) {
    list.add(peer('a'), { code: 'x', weight: 'lie' });
    expect(['a', '/a', '/named/a', 'b'].map((key) => list.has(key))).toEqual([true, true, true, false]);
    terms.push((list.all[0]!.until - clock.now()) / HOUR);
    await clock.advance(terms.at(-1)! * HOUR - 1);
    expect([list.has('a'), ended.length]).toEqual([true, i]);
    await clock.advance(1);
    expect([list.has('a'), ended.length]).toEqual([false, i + 1]);
  }
  expect(terms).toEqual([1, 2, 4, 8, 16, 24]);
  list.add(peer('b'), { code: 'y', weight: 'offence' });
  expect(list.all[0]!.until - clock.now()).toBe(600_000);
});

it('is the same after a restart, in a form that can be stored, and not longer than a day', async () => {
  const { clock, list } = setup();
  list.add(peer('a'), { code: 'x', weight: 'lie', data: { height: 7, text: 'y'.repeat(500), odd: -1, none: Number.NaN } });
  await clock.advance(HOUR / 2);
  const again = setup();
  await again.clock.advance(HOUR / 2);
  again.list.restore([...list.kept, { ...list.kept[0]!, peer: 'old', address: '/old', until: 5 }, { ...list.kept[0]!, peer: 'odd', address: '/odd', until: 1e15 }, { ...list.kept[0]!, peer: 'no address', address: undefined }]);
  expect(again.list.all).toMatchObject([{ id: 'a', address: '/a', dialled: '/a', received: 0, code: 'x', data: { height: 7, text: 'y'.repeat(128) } }, { id: 'odd' }]);
  expect(again.list.all.map(({ until }) => until - again.clock.now())).toEqual([HOUR / 2, 24 * HOUR]);
  await again.clock.advance(HOUR / 2);
  again.list.add(peer('a'), { code: 'x', weight: 'lie' });
  expect(again.list.all.at(-1)!.until - again.clock.now()).toBe(2 * HOUR);
  again.list.clear();
  expect([again.list.all, again.list.has('odd')]).toEqual([[], false]);
});

it('two ids at one address are two bans: the second neither shortens the first nor frees its id', async () => {
  const { clock, ended, list } = setup();
  list.add(peer('a'), { code: 'x', weight: 'lie' });
  list.add({ ...peer('b'), dialled: '/a' }, { code: 'y', weight: 'offence' });
  await clock.advance(600_000);
  expect([list.has('a'), list.has('/a'), list.has('b'), ended]).toEqual([true, true, false, ['b']]);
  await clock.advance(HOUR - 600_000);
  expect([list.has('/a'), ended]).toEqual([false, ['b', 'a']]);
});

it('of a clock that was set back, a ban has its own term left, and not a day at each restart', () => {
  const ahead = setup();
  ahead.list.add(peer('a'), { code: 'x', weight: 'lie' });
  const kept = ahead.list.kept.map((ban) => ({ ...ban, at: ban.at + 365 * 24 * HOUR, until: ban.until + 365 * 24 * HOUR }));
  const { clock, list } = setup();
  list.restore(kept);
  expect(list.kept.map(({ at, until }) => [at, until - clock.now()])).toEqual([[clock.now(), HOUR]]);
});

it('waits for nothing after it was stopped', () => {
  const { clock, list } = setup();
  list.stop();
  list.add(peer('a'), { code: 'x', weight: 'lie' });
  expect([list.has('a'), clock.waiting]).toEqual([true, 0]);
});

it('holds 256 bans; the oldest is forgotten', () => {
  const { list } = setup();
  for (let i = 0; i < 300; i++) list.add(peer(String(i)), { code: 'x', weight: 'lie' });
  expect([list.all.length, list.has('43'), list.has('44')]).toEqual([256, false, true]);
  // As they are stored: the newest first.
  const again = setup();
  again.list.restore(list.kept.map((ban, i) => ({ ...ban, at: ban.at - 300 + i })).toReversed());
  again.list.add(peer('new'), { code: 'x', weight: 'lie' });
  expect(['44', '45', '299', 'new'].map((id) => again.list.has(id))).toEqual([false, true, true, true]);
});
