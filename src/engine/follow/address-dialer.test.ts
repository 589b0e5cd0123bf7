import { expect, it } from 'vitest';
import { SettlingClock, settle } from '../../../test/support/settling-clock.ts';
import { AddressDialer, type AddressDialerOptions } from './address-dialer.ts';
import { followLog } from './follow-log.ts';

class Refused extends Error {
  readonly code = 'other-network';
}

function setup(addresses: readonly string[], changes: Partial<AddressDialerOptions> = {}) {
  const clock = new SettlingClock();
  const dials: string[] = [];
  const failing = new Set<string>();
  const hanging = new Set<string>();
  const banned = new Set<string>();
  const wanted = { count: 2 };
  const { log } = followLog(clock, 100);
  const dialer = new AddressDialer({
    clock, log, addresses, random: { next: () => 0, bytes: (length) => new Uint8Array(length) }, refusal: (address) => (address.startsWith('/no') ? 'insecure' : undefined),
    isBanned: (address) => banned.has(address), wanted: () => wanted.count, timeout: 5_000, onChange: () => undefined,
    dial: async (address) => {
      dials.push(address);
      if (hanging.has(address)) return new Promise<void>(() => undefined);
      if (failing.has(address)) throw new Refused('no');
    },
    ...changes,
  });
  return { clock, dials, failing, hanging, banned, wanted, dialer, log };
}

it('keeps as many connections as wanted, and takes the next address when one is lost', async () => {
  const { clock, dials, wanted, dialer } = setup(['/a', '/b', '/c']);
  dialer.start();
  await settle();
  expect(dials).toEqual(['/a', '/b']);
  dialer.closed('/a');
  await settle();
  expect(dials).toEqual(['/a', '/b', '/c']);
  await clock.advance(60_000);
  expect(dials).toHaveLength(3);
  wanted.count = 3;
  dialer.review();
  await settle();
  expect(dials.at(-1)).toBe('/a');
});

it('a node that closes at once waits longer each time; one that lasted begins anew', async () => {
  const { clock, dials, dialer } = setup(['/a']);
  dialer.start();
  await settle();
  for (const wait of [500, 1_000, 2_000]) {
    dialer.closed('/a');
    await clock.advance(wait - 1);
    const before = dials.length;
    await clock.advance(1);
    expect(dials).toHaveLength(before + 1);
  }
  await clock.advance(30_000);
  dialer.closed('/a');
  const before = dials.length;
  await clock.advance(500);
  expect(dials).toHaveLength(before + 1);
});

it('a connection that ends before the dial is over counts as failed', async () => {
  const { dials, dialer } = setup(['/a'], { dial: async (address) => void dialer.closed(address) });
  dialer.start();
  await settle();
  expect(dialer.dials).toEqual({ failed: ['disconnected'], underWay: 0 });
  expect(dials).toEqual([]);
});

it('gives up a dial in time, and says how dials ended and what is never dialled', async () => {
  const { clock, failing, hanging, banned, dialer, log } = setup(['/a', '/b', '/c', '/no'], { wanted: () => 9 });
  failing.add('/a');
  hanging.add('/b');
  banned.add('/c');
  dialer.start();
  await settle();
  expect(dialer.dialled).toEqual(['/b']);
  expect(dialer.dials).toEqual({ failed: ['wrong-genesis', 'banned'], underWay: 1 });
  expect(dialer.unreachable).toBe(false);
  await clock.advance(5_000);
  expect(dialer.dials.failed).toEqual(['wrong-genesis', 'timeout', 'banned']);
  expect(dialer.unreachable).toBe(true);
  expect(dialer.seeds).toEqual({ count: 4, refused: [{ address: '/no', code: 'insecure' }] });
  expect(log.entries().filter(({ code }) => code === 'peer-not-reached').map(({ data }) => data['reason'])).toEqual(expect.arrayContaining(['other-network', 'timeout']));
});

it('adds, removes and bounds addresses', async () => {
  const { dials, dialer } = setup([]);
  expect(dialer.add('/a')).toBeUndefined();
  expect(dialer.add('/a')).toBe('known');
  expect(dialer.add('/no')).toBe('insecure');
  for (let i = 0; i < 63; i++) expect(dialer.add(`/x${i}`)).toBeUndefined();
  expect(dialer.add('/y')).toBe('full');
  expect(dialer.remove('/a')).toBe(true);
  expect(dialer.remove('/a')).toBe(false);
  dialer.start();
  await settle();
  expect(dials).toEqual(['/x0', '/x1']);
});

it('aborts the dial to an address that is removed, and dials the next one', async () => {
  const signals = new Map<string, AbortSignal>();
  const { clock, dialer, wanted } = setup(['/a', '/b'], { dial: (address, signal) => (signals.set(address, signal), new Promise<void>(() => undefined)) });
  wanted.count = 1;
  dialer.start();
  expect(dialer.remove('/a')).toBe(true);
  await settle();
  expect(signals.get('/a')!.aborted).toBe(true);
  expect(Array.from(signals.keys())).toEqual(['/a', '/b']);
  expect(dialer.dialled).toEqual(['/b']);
  await clock.advance(120_000);
  expect([...dialer.dials.failed]).toEqual(['timeout']);
  dialer.stop(new Error('closed'));
  await settle();
  expect(clock.waiting).toBe(0);
});

it('does not wait after a wake-up, and stops', async () => {
  const { clock, dials, failing, dialer } = setup(['/a']);
  failing.add('/a');
  dialer.start();
  await settle();
  dialer.retryNow();
  await settle();
  expect(dials).toHaveLength(2);
  dialer.stop(new Error('closed'));
  dialer.retryNow();
  await clock.advance(120_000);
  expect(dials).toHaveLength(2);
  expect(clock.waiting).toBe(0);
});
