import { expect, it } from 'vitest';
import { SettlingClock, settle } from '../../test/support/settling-clock.ts';
import { Pinger, type Pingable } from './pinger.ts';

function setUp(answers: Readonly<Record<string, () => Promise<void>>>) {
  const clock = new SettlingClock();
  const pings: string[] = [];
  const dropped: string[] = [];
  const connections = (): Pingable[] =>
    Object.entries(answers).flatMap(([id, answer]) => {
      if (dropped.includes(id)) return [];
      return [{ id, ping: () => (pings.push(id), answer()), drop: () => void dropped.push(id) }];
    });
  return { clock, pings, dropped, pinger: new Pinger({ clock, interval: 15_000, connections }) };
}

const alive = async () => undefined;
const silent = () => new Promise<void>(() => undefined);
const broken = () => Promise.reject(new Error('reset'));

it('pings all connections at its interval, and drops those that do not answer', async () => {
  const { clock, pings, dropped, pinger } = setUp({ alive, silent, broken });
  pinger.start();
  await clock.advance(14_999);
  expect(pings).toEqual([]);
  await clock.advance(1);
  expect([pings, dropped]).toEqual([['alive', 'silent', 'broken'], ['broken']]);
  // A connection whose ping is still awaited is not pinged again.
  await clock.advance(15_000);
  expect(pings.slice(3)).toEqual(['alive']);
  await clock.advance(15_000);
  expect(dropped).toEqual(['broken', 'silent']);
  pinger.stop();
  await clock.advance(600_000);
  expect(pings.filter((id) => id === 'alive')).toHaveLength(3);
});

it('changes its interval while it runs', async () => {
  const { clock, pings, pinger } = setUp({ alive });
  pinger.setInterval(60_000);
  pinger.start();
  await clock.advance(59_999);
  expect(pings).toHaveLength(0);
  await clock.advance(1);
  expect(pings).toHaveLength(1);
  pinger.setInterval(10_000);
  await clock.advance(20_000);
  expect(pings).toHaveLength(3);
});

it('pings at once when asked, with another time limit', async () => {
  const { clock, dropped, pinger } = setUp({ alive, silent, broken });
  const checked = pinger.check(2_000);
  await settle();
  expect(dropped).toEqual(['broken']);
  await clock.advance(2_000);
  expect(await checked).toBe(2);
  expect(dropped).toEqual(['broken', 'silent']);
});
