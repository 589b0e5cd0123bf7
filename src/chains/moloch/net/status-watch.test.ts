import { expect, it } from 'vitest';
import { SettlingClock } from '../../../../test/support/settling-clock.ts';
import { StatusWatch } from './status-watch.ts';

function watch(pong: (clock: SettlingClock) => Promise<void>) {
  const clock = new SettlingClock();
  const told: string[] = [];
  const note = (text: string) => void told.push(`${clock.monotonic() / 1000} ${text}`);
  const it = new StatusWatch(clock, {
    send: () => note('status'),
    ping: () => {
      note('ping');
      return pong(clock);
    },
    onSilent: () => note('silent'),
  });
  return { clock, told, watch: it };
}

it('sends three statuses in 90 s, and pings a peer that sent none', async () => {
  const { clock, told } = watch(() => new Promise(() => undefined));
  await clock.advance(90_000);
  expect(told).toEqual(['30 status', '60 status', '90 ping', '90 status']);
});

it('gives a peer up that answers no ping, and keeps one that does', async () => {
  const dead = watch(() => Promise.reject(new Error('no pong')));
  await dead.clock.advance(90_000);
  expect(dead.told).toContain('90 silent');
  const alive = watch(() => Promise.resolve());
  await alive.clock.advance(180_000);
  expect(alive.told.filter((line) => !line.endsWith('status'))).toEqual(['90 ping', '180 ping']);
});

it('does not ping a peer that sends its status, and does nothing once it is stopped', async () => {
  const { clock, told, watch: it } = watch(() => Promise.resolve());
  for (let i = 0; i < 4; i += 1) {
    await clock.advance(80_000);
    it.heard();
  }
  expect(told.filter((line) => !line.endsWith('status'))).toEqual([]);
  it.stop();
  it.heard();
  expect(clock.waiting).toBe(0);
});
