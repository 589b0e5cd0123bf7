import { describe, expect, it } from 'vitest';
import { BanList } from '../ban-list.ts';
import { SettlingClock, settle } from '../../../test/support/settling-clock.ts';
import { parseMultiaddr, socketAddress, subnetOf } from '../addresses.ts';
import { systemRandom } from '../../base/system.ts';
import { Dialer } from './dialer.ts';
import type { DialerContext } from './dialer.ts';
import { ContactBook } from '../../chains/albatross/net/contact-book.ts';
import { dialTarget } from './dial-candidate.ts';

/** A dialer whose dials end as the test decides. Random numbers are always close to 1, so that back-offs are at their maximum. */
function setUp(seeds: readonly string[], overrides: Partial<DialerContext> = {}) {
  const clock = (overrides.clock as SettlingClock | undefined) ?? new SettlingClock();
  const bans = new BanList(clock);
  const connected = new Map<string, { subnet: string; browser?: boolean }>();
  const dials: string[] = [];
  const downs: { address: string; code: string; in: number }[] = [];
  const unusable: string[] = [];
  const answers = new Map<string, (() => Promise<string>) | undefined>();
  const dialer = new Dialer({
    clock, bans, random: { next: () => 0.999999, bytes: systemRandom.bytes }, seeds, allowInsecure: false, desiredPeers: 8,
    book: new ContactBook({ clock, random: systemRandom, ownId: 'me', requiredServices: 8, allowInsecure: false }),
    connected: () => connected,
    dial: async (candidate) => {
      dials.push(candidate.address.text);
      const answer = answers.get(candidate.address.text);
      if (answer === undefined) return new Promise<never>(() => undefined);
      const peer = await answer();
      connected.set(peer, { subnet: subnetOf(candidate.socket, peer), browser: candidate.socket === undefined });
      return peer;
    },
    dialing: () => undefined, endArriving: () => undefined,
    down: (candidate, code, retryIn) => downs.push({ address: candidate.address.text, code, in: Math.round(retryIn) }),
    unusable: (address, code) => unusable.push(`${address} ${code}`),
    ...overrides,
  });
  return { dialer, clock, bans, connected, dials, downs, unusable, answers };
}

const seed = (n: number) => `/ip4/127.0.0.1/tcp/${n}/ws`;
const refuse = async () => {
  throw Object.assign(new Error('refused'), { code: 'dial-failed' });
};

describe('Dialer', () => {
  it('dials at most four at once, and at most as many as are wanted', async () => {
    const many = setUp([1, 2, 3, 4, 5, 6].map(seed));
    many.dialer.start();
    expect(many.dials).toHaveLength(4);
    const two = setUp([1, 2, 3, 4, 5, 6].map(seed), { desiredPeers: 2 });
    two.dialer.start();
    expect(two.dials).toHaveLength(2);
  });

  it('dials more as soon as more peers are wanted, and none when fewer are', async () => {
    const { dialer, dials, answers } = setUp([1, 2, 3, 4].map(seed), { desiredPeers: 2 });
    for (const n of [1, 2, 3, 4]) answers.set(seed(n), async () => `peer${n}`);
    dialer.start();
    await settle();
    expect(dials).toHaveLength(2);
    dialer.want(4);
    await settle();
    expect(dials).toHaveLength(4);
    dialer.want(1);
    dialer.lost(dials[0]!, 'remote-closed', 0);
    dialer.retryNow();
    await settle();
    expect(dials).toHaveLength(4);
  });

  it('takes at most a third of its peers from one /16, except on loopback and private networks', async () => {
    const crowd = ['/ip4/9.8.1.1/tcp/1/ws', '/ip4/9.8.2.1/tcp/1/ws', '/ip4/9.8.3.1/tcp/1/ws'];
    const { dialer, dials, connected, answers, clock } = setUp([...crowd, '/ip4/9.9.1.1/tcp/1/ws'], { desiredPeers: 6, allowInsecure: true });
    for (const address of crowd) answers.set(address, async () => address);
    dialer.start();
    await settle();
    const ofCrowd = () => dials.filter((address) => crowd.includes(address)).length;
    await clock.advance(60_000);
    expect(ofCrowd()).toBe(2);
    expect(dials).toContain('/ip4/9.9.1.1/tcp/1/ws');
    connected.delete([...connected.keys()][0]!);
    dialer.fill();
    expect(ofCrowd()).toBe(3);
    const home = setUp([1, 2, 3, 4].map((n) => `/ip4/192.168.0.${n}/tcp/1/ws`), { desiredPeers: 6, allowInsecure: true });
    home.dialer.start();
    expect(home.dials).toHaveLength(4);
  });

  it('counts peers that dialled the client, and keeps the limit of a third when peers are lost and found again', async () => {
    const crowd = [1, 2, 3, 4].map((n) => `/ip4/9.8.${n}.1/tcp/1/ws`);
    const { dialer, dials, connected, answers, clock } = setUp(crowd, { desiredPeers: 6, allowInsecure: true });
    for (const address of crowd) answers.set(address, async () => address);
    connected.set('inbound', { subnet: '9.8.77.0/24' });
    dialer.start();
    await settle();
    await clock.advance(60_000);
    expect(dials).toHaveLength(1);
    for (let round = 0; round < 10; round += 1) {
      const gone = [...connected.keys()].find((id) => id !== 'inbound')!;
      connected.delete(gone);
      dialer.lost(gone, 'remote-closed', 10);
      dialer.fill();
      await clock.advance(40_000);
      expect(connected.size).toBe(2);
    }
    connected.delete('inbound');
    dialer.fill();
    await clock.advance(40_000);
    expect(connected.size).toBe(2);
  });

  it('tells libp2p the expected peer id where a seed names one, and nowhere else', () => {
    const named = `${seed(1)}/p2p/${RELAY}`;
    const targets: string[] = [];
    const { dialer } = setUp([named, seed(2)], {
      remembered: () => [{ address: seed(3), peer: RELAY, network: RELAY, at: 0 }],
      dial: (candidate) => {
        targets.push(dialTarget(candidate));
        return new Promise<never>(() => undefined);
      },
    });
    dialer.start();
    expect(targets.toSorted()).toEqual([named, seed(2), seed(3)].toSorted());
  });

  it('reports the seeds that it cannot dial', () => {
    const { dialer, unusable, dials } = setUp(['nonsense', '/dns4/a.example/tcp/80/ws', '/ip4/1.2.3.4/tcp/443/wss']);
    dialer.start();
    expect(unusable).toEqual(['nonsense not-a-socket-address', '/dns4/a.example/tcp/80/ws insecure', '/ip4/1.2.3.4/tcp/443/wss secure-needs-name']);
    expect(dials).toEqual([]);
  });

  it('backs off with growing full jitter up to the cap, without end', async () => {
    const { dialer, clock, downs, answers } = setUp([seed(1)]);
    answers.set(seed(1), refuse);
    dialer.start();
    await settle();
    await clock.advance(200_000);
    expect(downs.slice(0, 7).map((down) => down.in)).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
    expect(clock.nextIn).toBeLessThanOrEqual(30_000);
    dialer.stop();
    expect(clock.nextIn).toBeUndefined();
  });

  it('redials a lost seed, and at once when the network is reported to be back', async () => {
    const { dialer, clock, connected, dials, answers, downs } = setUp([seed(1)]);
    answers.set(seed(1), async () => 'peer');
    dialer.start();
    await settle();
    expect(connected.size).toBe(1);
    connected.delete('peer');
    dialer.lost(seed(1), 'remote-closed', 60_000);
    dialer.fill();
    expect(dials).toHaveLength(1);
    expect(downs).toEqual([{ address: seed(1), code: 'remote-closed', in: 1000 }]);
    dialer.retryNow();
    expect(dials).toHaveLength(2);
    await settle();
    expect(clock.nextIn).toBeUndefined();
  });

  it('counts connections that are quickly lost as failures', async () => {
    const { dialer, clock, connected, answers, downs } = setUp([seed(1)]);
    answers.set(seed(1), async () => 'peer');
    dialer.start();
    for (let i = 0; i < 4; i++) {
      await clock.advance(10_000);
      connected.delete('peer');
      dialer.lost(seed(1), 'wrong-genesis', 5);
      dialer.fill();
    }
    expect(downs.map((down) => down.in)).toEqual([1000, 2000, 4000, 8000]);
  });

  it('does not dial a banned peer, by address or by id, until the ban ends', async () => {
    const { dialer, clock, bans, connected, dials, answers } = setUp([seed(1), seed(2)]);
    bans.add('127.0.0.1:1', 5000, 'liar');
    answers.set(seed(1), async () => 'one');
    answers.set(seed(2), async () => 'two');
    dialer.start();
    await settle();
    expect(dials).toEqual([seed(2)]);
    bans.add('two', 60_000, 'liar');
    connected.delete('two');
    dialer.lost(seed(2), 'liar', 10);
    dialer.fill();
    dialer.retryNow();
    await clock.advance(4999);
    expect(dials).toEqual([seed(2)]);
    await clock.advance(1);
    expect(dials).toEqual([seed(2), seed(1)]);
    await clock.advance(54_999 + 1000);
    expect(dials).toEqual([seed(2), seed(1), seed(2)]);
  });

  it('dials a pardoned peer at once, whatever its failures', async () => {
    const { dialer, bans, connected, dials, answers } = setUp([seed(1)]);
    answers.set(seed(1), async () => 'one');
    dialer.start();
    await settle();
    bans.add('one', 60_000, 'liar');
    bans.add('127.0.0.1:1', 60_000, 'liar', 'one');
    connected.delete('one');
    dialer.lost(seed(1), 'liar', 10);
    bans.pardon('one');
    dialer.pardoned('other');
    // It waits for its back-off like any other lost peer.
    expect(dials).toEqual([seed(1)]);
    dialer.pardoned('one');
    expect(dials).toEqual([seed(1), seed(1)]);
  });

  it('never dials itself again, and does not blame the second address of a connected peer', async () => {
    const { dialer, clock, dials, downs, answers } = setUp([seed(1), seed(2)]);
    answers.set(seed(1), async () => Promise.reject(Object.assign(new Error('self'), { code: 'own-address' })));
    answers.set(seed(2), async () => Promise.reject(Object.assign(new Error('twice'), { code: 'duplicate' })));
    dialer.start();
    await settle();
    await clock.advance(10_000);
    expect(downs).toEqual([]);
    expect(dials.filter((address) => address === seed(1))).toHaveLength(1);
    expect(dials.filter((address) => address === seed(2))).toHaveLength(11);
  });
});

describe('what the dialer learned about an address', () => {
  it('applies to that address only: failures stay when its contacts change, and a working address is kept for an hour', async () => {
    const clock = new SettlingClock();
    const address = '/dns4/a.example/tcp/443/wss';
    const socket = socketAddress(parseMultiaddr(address)!)!;
    let claims = [{ peerId: 'first', addresses: [socket], sources: new Set(['teller']) }];
    const { dialer, dials, connected, answers } = setUp([], { clock, book: { dialable: () => claims } as unknown as ContactBook });
    answers.set(address, refuse);
    dialer.start();
    await clock.advance(10);
    claims = [{ ...claims[0]!, peerId: 'second' }];
    dialer.fill();
    expect(dials).toHaveLength(1);
    // The peer that answers there is accepted, and the address stays known when no peer mentions it any more.
    answers.set(address, async () => 'third');
    await clock.advance(1000);
    expect([...connected.keys()]).toEqual(['third']);
    claims = [];
    const lose = (held: number) => {
      connected.delete('third');
      dialer.lost(address, 'remote-closed', held);
      dialer.fill();
    };
    lose(60_000);
    await clock.advance(2000);
    expect(dials).toHaveLength(3);
    answers.set(address, refuse);
    lose(1);
    await clock.advance(3_600_000);
    const before = dials.length;
    await clock.advance(3_600_000);
    expect(dials).toHaveLength(before);
  });

  it('is remembered for 256 addresses that no peer mentions any more', async () => {
    const claims = Array.from({ length: 300 }, (_, n) => ({ peerId: `p${n}`, addresses: [socketAddress(parseMultiaddr(`/dns4/n${n}.example/tcp/443/wss`)!)!], sources: new Set(['teller']) }));
    let told = claims;
    const { dialer, dials } = setUp([], { book: { dialable: () => told } as unknown as ContactBook, dial: (candidate) => {
      dials.push(candidate.address.text);
      return refuse();
    } });
    dialer.start();
    for (let i = 0; i < 100; i++) await settle();
    expect(dials).toHaveLength(300);
    told = [];
    dialer.fill();
    told = claims;
    dialer.fill();
    for (let i = 0; i < 100; i++) await settle();
    expect(dials).toHaveLength(344);
  });

  it('keeps a banned peer away from the address where it proved its id, and from no other', async () => {
    const { dialer, bans, dials } = setUp([], { remembered: () => [{ address: '/dns4/liar.example/tcp/443/wss', peer: 'liar', network: 'x', at: 0 }, { address: '/dns4/other.example/tcp/443/wss', peer: 'other', network: 'y', at: 0 }] });
    bans.add('liar', 60_000, 'liar');
    dialer.start();
    expect(dials).toEqual(['/dns4/other.example/tcp/443/wss']);
  });

  it('remembered addresses, which come from a store, are dialled by the rules for strangers, and those that cannot be dialled are left out', async () => {
    const { dialer, dials, unusable } = setUp([], { remembered: () => ['nonsense', '/ip4/9.8.7.6/tcp/1/ws', '/dns4/a.example/tcp/443/wss', seed(3)].map((address, n) => ({ address, peer: `p${n}`, network: `n${n}`, at: 0 })) });
    dialer.start();
    expect(dials).toEqual(['/dns4/a.example/tcp/443/wss']);
    expect(unusable).toEqual([]);
  });
});

const RELAY = '12D3KooWM9ujENZHQMZG7rdaY1QBYCufX642Ap9Wo5sAimLEFQZc';
/** Peer ids for browsers. Any well-formed ids work. */
const ids = [
  '12D3KooWPBWxiBBu15py6YSiWq513ZxBhqEU9LTzQiL9D8hY3LJe', '12D3KooWMRXJGn6TKBjdhKdjRJgxT5CywCMogzkftUX4XERwPBsF', '12D3KooWKdu3yo1AVTm6YXq8iwVFeAPYsAHbPazBK32iydhGychp',
  '12D3KooWFt2LSLrq27k5MsNZQisDjH8EbnUWVo8d6f1eHEUXm87M', '12D3KooWGXUuKScCBqWY3iVSkQBdJD5Zm8Td2jX6WSfQJauK2dbM', '12D3KooWGbDGAqQMa1AgXvA818anmBzeUze3ieh61Sooqu5Fi3FS',
];
/** The addresses as one peer would report them. */
const told = (addresses: readonly string[], source = 'teller') => addresses.map((address) => ({ address, sources: new Set([source]) }));
const browser = (n: number, relay = '/dns4/relay.example/tcp/443/wss') => `${relay}/p2p/${RELAY}/p2p-circuit/webrtc/p2p/${ids[n]}`;

describe('browsers in the dialer', () => {
  const withBrowsers = (seeds: readonly string[], overrides: Partial<DialerContext> = {}) => setUp(seeds, { browsers: () => ({ ownId: ids[5] as string, isOwnRelay: () => false }), ...overrides });

  it('are dialled as seeds and as reported, for at most half of the peers, and leave two places to WebSockets', async () => {
    const world = withBrowsers([seed(1), seed(2), seed(3), seed(4), seed(5), seed(6)], { desiredPeers: 6 });
    for (let n = 1; n <= 6; n++) world.answers.set(seed(n), async () => `peer${n}`);
    for (let n = 0; n < 5; n++) world.answers.set(browser(n), async () => ids[n] as string);
    world.dialer.start();
    world.dialer.addBrowsers(told([0, 1, 2, 3, 4].map((n) => browser(n))));
    await settle();
    // Four WebSocket dials were under way before any browser was reported.
    expect(world.dials.filter((text) => text.includes('webrtc')).length).toBeLessThanOrEqual(3);
    expect(world.connected.size).toBe(6);
    expect([...world.connected.values()].filter(({ browser }) => !browser).length).toBeGreaterThanOrEqual(3);

    const few = withBrowsers([browser(0), browser(1), seed(1), seed(2)], { desiredPeers: 3 });
    for (const n of [1, 2]) few.answers.set(seed(n), async () => `peer${n}`);
    for (const n of [0, 1]) few.answers.set(browser(n), async () => ids[n] as string);
    few.dialer.start();
    await settle();
    expect([...few.connected.values()].map(({ browser }) => browser).sort()).toEqual([false, false, true]);
  });

  it('that dial the client do not prevent dials of two WebSockets', async () => {
    const world = withBrowsers([seed(1), seed(2), seed(3)], { desiredPeers: 3 });
    for (const n of [0, 1, 2]) world.connected.set(ids[n] as string, { subnet: ids[n] as string, browser: true });
    for (const n of [1, 2, 3]) world.answers.set(seed(n), async () => `peer${n}`);
    world.dialer.start();
    await settle();
    expect(world.dials).toHaveLength(2);
  });

  it('issue 11: that dial the client take at most half of the places, whatever their number', async () => {
    const world = withBrowsers([1, 2, 3, 4, 5, 6].map(seed), { desiredPeers: 6 });
    for (let n = 0; n < 6; n++) world.connected.set(`browser${n}`, { subnet: 'browsers', browser: true });
    for (const n of [1, 2, 3, 4, 5, 6]) world.answers.set(seed(n), async () => `peer${n}`);
    world.dialer.start();
    await settle();
    await world.clock.advance(60_000);
    expect([...world.connected.values()].filter((peer) => peer.browser !== true)).toHaveLength(3);
  });

  it('take half of the places, rounded up, when there is no other peer', async () => {
    const world = withBrowsers([0, 1, 2, 3].map((n) => browser(n)), { desiredPeers: 3 });
    for (const n of [0, 1, 2, 3]) world.answers.set(browser(n), async () => ids[n] as string);
    world.dialer.start();
    await settle();
    expect(world.connected.size).toBe(2);
  });

  it("are not dialled when their relay may not be dialled, when the address is the client's own, or when links are not possible", async () => {
    const world = withBrowsers([]);
    world.dialer.start();
    world.dialer.addBrowsers(told(['nonsense', browser(5), browser(0, '/ip4/127.0.0.1/tcp/1/ws'), browser(1, '/ip4/192.0.2.1/tcp/1/ws'), seed(1)]));
    await settle();
    expect(world.dials).toEqual([]);
    // Issue 11.7: a stranger's relay on this machine or in its network, in any spelling.
    const insecure = withBrowsers([], { allowInsecure: true });
    insecure.dialer.start();
    insecure.dialer.addBrowsers(told(['/dns4/2130706433', '/dns4/localhost.', '/ip4/0.0.0.0', '/ip6/::ffff:127.0.0.1', '/ip4/192.168.1.1', '/dns4/router'].map((host, n) => browser(n % 4, `${host}/tcp/1/ws`))));
    await settle();
    expect(insecure.dials).toEqual([]);
    const own = withBrowsers([], { browsers: () => ({ ownId: 'me', isOwnRelay: ({ port }) => port === 1 }) });
    own.dialer.start();
    own.dialer.addBrowsers(told([browser(0, '/ip4/127.0.0.1/tcp/1/ws')]));
    expect(own.dials).toEqual([browser(0, '/ip4/127.0.0.1/tcp/1/ws')]);
    const without = setUp([browser(0)]);
    without.dialer.start();
    without.dialer.addBrowsers(told([browser(1)]));
    expect(without.dials).toEqual([]);
    expect(without.unusable).toEqual([`${browser(0)} not-a-socket-address`]);
  });

  it('back off like contacts, seeds like seeds, and are forgotten with age unless they are reported again', async () => {
    const world = withBrowsers([browser(0)], { desiredPeers: 8 });
    for (const n of [0, 1]) world.answers.set(browser(n), refuse);
    world.dialer.start();
    world.dialer.addBrowsers(told([browser(1)]));
    await settle();
    for (let i = 0; i < 8; i++) {
      await world.clock.advance(30_001);
      await settle();
    }
    const waits = (n: number) => Math.max(...world.downs.filter(({ address }) => address === browser(n)).map((down) => down.in));
    expect(waits(0)).toBe(30_000);
    expect(waits(1)).toBeGreaterThan(30_000);
    await world.clock.advance(31 * 60_000);
    await settle();
    world.dials.length = 0;
    await world.clock.advance(20 * 60_000);
    await settle();
    expect(world.dials).not.toContain(browser(1));
    world.dialer.addBrowsers(told([browser(1)]));
    await settle();
    expect(world.dials).toContain(browser(1));
  });

  it("from one source displace only that source's own", async () => {
    const world = withBrowsers([], { desiredPeers: 0 });
    world.dialer.start();
    world.dialer.addBrowsers(told([browser(4)], 'friend'));
    for (let i = 0; i < 200; i++) world.dialer.addBrowsers(told([browser(i % 4, `/dns4/relay${i}.example/tcp/443/wss`)]));
    for (let i = 0; i < 200; i++) world.answers.set(browser(i % 4, `/dns4/relay${i}.example/tcp/443/wss`), refuse);
    world.answers.set(browser(4), refuse);
    world.dialer.want(60);
    for (let i = 0; i < 100; i++) await settle();
    expect(world.dials).toContain(browser(4));
    expect(new Set(world.dials).size).toBe(33);
  });

  it('are bounded in number, whatever the number of sources', async () => {
    const world = withBrowsers([], { desiredPeers: 0 });
    world.dialer.start();
    for (let i = 0; i < 200; i++) world.dialer.addBrowsers(told([browser(i % 5, `/dns4/relay${i}.example/tcp/443/wss`)], `teller${i % 9}`));
    // Stored addresses are dialled one after the other, so the test can count them.
    for (let i = 0; i < 200; i++) world.answers.set(browser(i % 5, `/dns4/relay${i}.example/tcp/443/wss`), refuse);
    world.dialer.want(60);
    for (let i = 0; i < 100; i++) await settle();
    const limit = new Set(world.dials).size;
    expect(limit).toBeGreaterThan(10);
    expect(limit).toBeLessThanOrEqual(64);
  });
});
