import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../devnet/seeded-random.ts';
import { ManualClock } from '../../../test/support/manual-clock.ts';
import { syncConfig } from './default-sync-config.ts';
import type { SyncPeer } from './sync-peer.ts';
import { COOL_DOWN, SyncPeers } from './sync-peers.ts';

function peer(id: string, height = 100): SyncPeer<unknown> {
  const never = () => new Promise<never>(() => undefined);
  return { id, address: `/fake/${id}`, claims: { height, earliest: 0, snapshot: undefined }, getBlocks: never, proveTarget: never, getManifest: never, getChunk: never };
}

function setup(config = {}, seed = '1') {
  const clock = new ManualClock();
  const peers = new SyncPeers<unknown>({ clock, random: seededRandom(seed, 'peers'), config: syncConfig(config) });
  /** The peer answers `count` requests. */
  const answers = (id: string, bytes: number, milliseconds: number, count = 5) => {
    for (let each = 0; each < count; each += 1) {
      const end = peers.asking(id);
      clock.advance(milliseconds);
      end({ bytes });
    }
  };
  const fails = (id: string, count: number, end: 'silent' | 'failed' = 'failed') => {
    for (let each = 0; each < count; each += 1) peers.asking(id)(end);
  };
  return { clock, peers, answers, fails };
}

describe('7.3 SyncPeerManager', () => {
  it('evaluate_peer_quality: fast > slow > faulty, from 0 to 100', () => {
    const { peers, answers, fails } = setup();
    for (const id of ['fast', 'slow', 'faulty']) peers.add(peer(id));
    answers('fast', 50_000, 50);
    answers('slow', 50_000, 1_500);
    answers('faulty', 50_000, 50, 1);
    fails('faulty', 9);
    const quality = (id: string) => peers.recordOf(id).quality;
    expect(quality('fast')).toBeGreaterThan(quality('slow'));
    expect(quality('slow')).toBeGreaterThan(quality('faulty'));
    for (const view of peers.views()) expect(view.quality >= 0 && view.quality <= 100).toBe(true);
  });

  it('select_optimal_peers: the best n, equal ones by the seed, banned ones never', () => {
    const orders = ['1', '2', '3', '4'].map((seed) => {
      const { peers, answers } = setup({}, seed);
      for (const id of ['a', 'b', 'c', 'd', 'best', 'banned']) peers.add(peer(id));
      answers('best', 100_000, 10);
      answers('banned', 100_000, 5);
      peers.blacklist('banned', 'bad-block', 'restart');
      const chosen = peers.selectOptimal(3).map(({ id }) => id);
      expect(chosen).toHaveLength(3);
      expect(chosen[0]).toBe('best');
      expect(peers.selectOptimal(10).map(({ id }) => id)).not.toContain('banned');
      return chosen.join();
    });
    expect(new Set(orders).size).toBeGreaterThan(1);
    expect(setup().peers.selectOptimal(3)).toEqual([]);
  });

  it('record_peer_performance, get_peer_bandwidth, get_peer_reliability: moving averages', () => {
    const { peers, answers, fails } = setup();
    peers.add(peer('a'));
    const record = peers.recordOf('a');
    expect(record.numbers).toMatchObject({ bandwidth: undefined, latency: undefined, reliability: 1, useful: 1 });
    answers('a', 1_000, 100, 1);
    answers('a', 3_000, 100, 1);
    expect(record.bandwidth).toBeCloseTo(20_000);
    expect(record.latency).toBeCloseTo(100);
    fails('a', 2);
    expect(record.reliability).toBeCloseTo(0.5);
    answers('a', 2_000, 100, 20);
    expect(record.reliability).toBeGreaterThan(0.9);
    record.used(1_000);
    expect(record.useful).toBeCloseTo(1_000 / 44_000);
  });

  it('check_peer_health: healthy, slow, silent, banned by the clock', () => {
    const { clock, peers, answers, fails } = setup({ peerTimeout: 10_000 });
    for (const id of ['healthy', 'slow', 'waits', 'timed-out', 'banned']) peers.add(peer(id));
    answers('healthy', 100, 100);
    answers('slow', 100, 4_000);
    peers.asking('waits');
    fails('timed-out', 1, 'silent');
    peers.blacklist('banned', 'x', 'cool-down');
    expect(peers.health('waits')).toBe('healthy');
    clock.advance(5_001);
    expect(peers.views().map(({ health }) => health)).toEqual(['healthy', 'slow', 'silent', 'silent', 'banned']);
    answers('timed-out', 100, 100, 1);
    expect(peers.health('timed-out')).toBe('healthy');
  });

  it('blacklist_unreliable_peer: three offences until the cool-down is over, a lie until restart, with the reason', () => {
    const { clock, peers } = setup();
    for (const id of ['offender', 'liar', 'good']) peers.add(peer(id));
    expect(peers.offence('offender', 'wrong-range')).toBe(false);
    expect(peers.offence('offender', 'wrong-range')).toBe(false);
    expect(peers.offence('offender', 'wrong-range', { from: 5 })).toBe(true);
    peers.blacklist('liar', 'bad-root', 'restart', { height: 7 });
    expect(peers.banOf('liar')).toMatchObject({ code: 'bad-root', evidence: { height: 7 }, until: undefined });
    expect(peers.views().find(({ id }) => id === 'offender')).toMatchObject({ role: 'banned', ban: { code: 'wrong-range', until: clock.now() + COOL_DOWN } });
    expect(peers.active.map(({ id }) => id)).toEqual(['good']);
    peers.remove('liar');
    peers.add(peer('liar'));
    clock.advance(COOL_DOWN);
    expect(peers.active.map(({ id }) => id).toSorted()).toEqual(['good', 'offender']);
    expect(peers.offence('offender', 'wrong-range')).toBe(false);
    peers.blacklist('liar', 'mild', 'cool-down');
    expect(peers.banOf('liar')?.until).toBeUndefined();
  });

  it('max_sync_peers: the ninth waits as spare, and takes the place of one that leaves', () => {
    const { peers } = setup();
    for (let index = 0; index < 9; index += 1) peers.add(peer(String(index)));
    expect(peers.active).toHaveLength(8);
    expect(peers.views().at(-1)).toMatchObject({ id: '8', role: 'spare' });
    peers.remove('3');
    expect(peers.views().at(-1)).toMatchObject({ id: '8', role: 'active' });
  });

  it('rotate_sync_peers: the worst is replaced if a better spare exists', () => {
    const { peers, answers, fails } = setup({ maxSyncPeers: 2 });
    for (const id of ['good', 'bad', 'spare']) peers.add(peer(id));
    answers('good', 100_000, 10);
    answers('bad', 100_000, 10, 1);
    expect(peers.rotate()).toBeUndefined();
    fails('bad', 10);
    expect(peers.rotate()).toEqual({ out: 'bad', in: 'spare' });
    expect(peers.rotate()).toBeUndefined();
    expect(peers.views().map(({ role }) => role)).toEqual(['active', 'spare', 'active']);
  });

  it('a failing peer rests, longer each time, and an answer ends that', () => {
    const { clock, peers, answers, fails } = setup();
    peers.add(peer('a'));
    fails('a', 1);
    expect(peers.usable).toHaveLength(0);
    clock.advance(250);
    expect(peers.usable).toHaveLength(1);
    fails('a', 2);
    clock.advance(999);
    expect(peers.usable).toHaveLength(0);
    answers('a', 100, 1, 1);
    expect(peers.usable).toHaveLength(1);
    const end = peers.asking('a');
    expect(peers.inFlight('a')).toBe(1);
    end('unwanted');
    expect(peers.inFlight('a')).toBe(0);
    expect(peers.recordOf('a').failures).toBe(0);
  });

  it('forgets the oldest records and bans of peers that have left, at the bound', () => {
    const { peers } = setup();
    for (let index = 0; index < 1_100; index += 1) {
      peers.add(peer(`p${index}`));
      peers.blacklist(`p${index}`, 'x', 'restart');
      peers.recordOf(`p${index}`).used(1);
      peers.remove(`p${index}`);
    }
    expect(peers.banOf('p0')).toBeUndefined();
    expect(peers.banOf('p1099')).toBeDefined();
  });
});
