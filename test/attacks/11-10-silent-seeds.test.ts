import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../devnet/seeded-random.ts';
import type { RememberedPeer } from '../../src/engine/peers/remembered-peers.ts';
import { Dialer } from '../../src/network/node/dialer.ts';
import { ContactBook } from '../../src/chains/albatross/net/contact-book.ts';
import { BanList } from '../../src/network/ban-list.ts';
import { SettlingClock, settle } from '../support/settling-clock.ts';

const seed = (n: number) => `/ip4/127.0.0.1/tcp/${n}/ws`;
const SILENT = Array.from({ length: 20 }, (_, n) => seed(1000 + n));
const GOOD = Array.from({ length: 4 }, (_, n) => seed(2000 + n));
const remembered = GOOD.map((address): RememberedPeer => ({ address, peer: `peer of ${address}`, network: address, at: 1 }));

/** A dialer whose dials are silent for ten seconds, except those to good seeds, which take `handshake` milliseconds. */
function world(run: number, options: { readonly seeds: readonly string[]; readonly remembered?: readonly RememberedPeer[]; readonly handshake?: number; readonly desiredPeers?: number; readonly late?: readonly string[] }) {
  const { seeds, desiredPeers = 6, handshake = 100 } = options;
  const clock = new SettlingClock();
  const random = seededRandom('silent seeds', String(run));
  const connected = new Map<string, { subnet: string }>();
  const dials: { readonly address: string; readonly at: number }[] = [];
  const aborted: string[] = [];
  const downs: string[] = [];
  const open = new Set<string>();
  let most = 0;
  const dialer = new Dialer({
    clock, random, seeds, remembered: () => options.remembered ?? [], bans: new BanList(clock), allowInsecure: false, desiredPeers,
    book: new ContactBook({ clock, random, ownId: 'me', requiredServices: 8, allowInsecure: false }),
    connected: () => connected,
    dial: ({ address: { text } }, signal) => {
      dials.push({ address: text, at: clock.monotonic() });
      open.add(text);
      most = Math.max(most, open.size);
      return new Promise((resolve, reject) => {
        const end = (code: string) => {
          open.delete(text);
          reject(Object.assign(new Error(code), { code }));
        };
        const good = GOOD.includes(text) || options.late?.includes(text);
        const cancel = clock.after(good ? handshake : 10_000, () => {
          if (!good) return end('dial-timeout');
          open.delete(text);
          connected.set(`peer of ${text}`, { subnet: text });
          resolve(`peer of ${text}`);
        });
        signal?.addEventListener('abort', () => {
          cancel();
          aborted.push(text);
          end('aborted');
        });
      });
    },
    dialing: () => undefined, endArriving: () => undefined, down: ({ address: { text } }, code) => downs.push(`${text} ${code}`), unusable: () => undefined,
  });
  return { clock, dialer, connected, dials, aborted, downs, open, most: () => most };
}

/** Milliseconds until all four good seeds are connected. */
async function untilGood(w: ReturnType<typeof world>): Promise<number> {
  w.dialer.start();
  while (w.connected.size < GOOD.length && w.clock.monotonic() < 60_000) await w.clock.advance(50);
  return w.clock.monotonic();
}

describe('issue 11.10: dead seeds cost little time', () => {
  it('twenty silent seeds before four good ones cost less than 3 s at the first start, and less than 1 s at the second', async () => {
    for (let run = 0; run < 50; run++) {
      const first = world(run, { seeds: [...SILENT, ...GOOD] });
      expect(await untilGood(first)).toBeLessThan(3_000);
      expect(first.most()).toBeLessThanOrEqual(16);
      const second = world(run, { seeds: [...SILENT, ...GOOD], remembered });
      expect(await untilGood(second)).toBeLessThan(1_000);
    }
  });

  it('if all seeds are silent, remembered peers are dialled at the same time', async () => {
    const w = world(1, { seeds: SILENT, remembered });
    expect(await untilGood(w)).toBeLessThan(1_000);
    // Seeds still get half of the dials.
    expect(w.dials.filter(({ at }) => at === 0).map(({ address }) => GOOD.includes(address)).sort()).toEqual([false, false, true, true]);
  });

  it('without any seed that may be dialled, only remembered peers are dialled', async () => {
    // A page cannot dial an IP address over TLS, because no certificate covers it.
    const w = world(1, { seeds: ['/ip4/127.0.0.1/tcp/9/wss'], remembered });
    expect(await untilGood(w)).toBeLessThan(1_000);
  });

  it('while no seed answers, four more are dialled every 300 ms, up to sixteen at once', async () => {
    const w = world(2, { seeds: Array.from({ length: 60 }, (_, n) => seed(3000 + n)) });
    w.dialer.start();
    const counts = [w.dials.length];
    for (let step = 0; step < 5; step++) {
      await w.clock.advance(299);
      expect(w.dials).toHaveLength(counts.at(-1)!);
      await w.clock.advance(1);
      counts.push(w.dials.length);
    }
    expect(counts).toEqual([4, 8, 12, 16, 20, 24]);
    expect(w.open.size).toBe(16);
  });

  it('as soon as enough peers are connected, the other dials are cancelled without blame', async () => {
    const w = world(3, { seeds: [...GOOD, ...SILENT.slice(0, 4)], late: SILENT.slice(0, 4), desiredPeers: 3, handshake: 700 });
    w.dialer.start();
    await w.clock.advance(699);
    expect(w.open.size).toBe(8);
    await w.clock.advance(1);
    expect(w.connected.size).toBeGreaterThanOrEqual(3);
    expect(w.open.size).toBe(0);
    expect(w.downs.length).toBe(w.aborted.length);
    expect(w.downs.every((down) => down.endsWith(' surplus'))).toBe(true);
    // When peers are lost, the cancelled seeds are dialled again at once.
    const gone = [...w.connected.keys()];
    for (const peer of gone) {
      w.connected.delete(peer);
      w.dialer.lost(peer.replace('peer of ', ''), 'remote-closed', 60_000);
    }
    w.dialer.fill();
    expect(w.open.size).toBe(3);
  });

  it('twenty seeds that connect and never join cost little more time, and are closed when enough peers have joined', async () => {
    const times: number[] = [];
    for (let run = 0; run < 20; run++) {
      const clock = new SettlingClock();
      const random = seededRandom('mute seeds', String(run));
      const connected = new Map<string, { subnet: string; arrivingSince?: number }>();
      const dialer: Dialer = new Dialer({
        clock, random, seeds: [...SILENT, ...GOOD], bans: new BanList(clock), allowInsecure: false, desiredPeers: 6,
        book: new ContactBook({ clock, random, ownId: 'me', requiredServices: 8, allowInsecure: false }),
        connected: () => connected,
        dial: async ({ address: { text } }) => {
          connected.set(text, { subnet: text, ...(!GOOD.includes(text) && { arrivingSince: clock.monotonic() }) });
          // A node ends a handshake after 3 s.
          if (!GOOD.includes(text)) clock.after(3_000, () => connected.delete(text) && dialer.lost(text, 'discovery-timeout', 3_000));
          return text;
        },
        endArriving: () => {
          for (const [text, { arrivingSince }] of connected) if (arrivingSince !== undefined && connected.delete(text)) dialer.lost(text, 'surplus', 10);
        },
        dialing: () => undefined, down: () => undefined, unusable: () => undefined,
      });
      dialer.start();
      const good = () => GOOD.filter((address) => connected.has(address)).length;
      while (good() < 3 && clock.monotonic() < 60_000) await clock.advance(50);
      times.push(clock.monotonic());
      dialer.want(3);
      expect(connected.size).toBe(good());
    }
    // Consensus needs three peers. If six seeds were tried at a time and none beside them, this would take up to four rounds of
    // three seconds.
    expect(Math.max(...times)).toBeLessThan(6_000);
  });

  it('a slow line does not exclude any seed for good: once all have been tried, each gets its full ten seconds', async () => {
    const all = Array.from({ length: 40 }, (_, n) => seed(3000 + n));
    const w = world(4, { seeds: all, late: all, handshake: 4_000 });
    w.dialer.start();
    await w.clock.advance(15_000);
    await settle();
    expect(w.connected.size).toBeGreaterThanOrEqual(6);
  });
});
