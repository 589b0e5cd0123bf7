import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../../test/support/manual-clock.ts';
import type { Attention } from '../live/attention.ts';
import { PeerCare } from './peer-care.ts';
import type { NodePeer } from './peer-net.ts';

function setUp(count = 6) {
  const clock = new ManualClock();
  const peers = Array.from({ length: count }, (_, index) => `p${index}`);
  const calls: string[] = [];
  const state = { established: true, aside: 0, paces: [] as string[] };
  const care = new PeerCare({
    clock,
    peers: { full: 6, low: 3 },
    best: () => peers,
    aside: () => state.aside,
    established: () => state.established,
    following: () => true,
    staleAfter: 60_000,
    resyncAfter: 32_000,
    woke: () => undefined,
    resync: () => calls.push('resync'),
    log: (_, code) => calls.push(code),
    onStatus: () => undefined,
    node: {
      peers: () => peers.map((id) => ({ id, transport: id.startsWith('b') ? 'webrtc' : 'ws' }) as NodePeer),
      disconnect: async (peer, reason) => {
        peers.splice(peers.indexOf(peer), 1);
        calls.push(`${reason} ${peer}`);
      },
      retryNow: () => calls.push('retry'),
      setPace: ({ desiredPeers, pingInterval, besides = 0 }) => state.paces.push(`${desiredPeers + besides} peers, ${pingInterval} ms`),
      checkLinks: async (patience) => (calls.push(`check ${patience}`), 0),
    },
  });
  const attend = (mode: Attention['mode'], online = true) => care.setAttention({ mode, online, saveData: false });
  const taken = () => calls.splice(0);
  return { clock, peers, state, care, attend, taken };
}

describe('peer care', () => {
  it('wants an extra peer for each one put aside, and none while all tabs are frozen', () => {
    const { attend, state, care } = setUp();
    state.aside = 4;
    care.review();
    expect(state.paces.at(-1)).toBe('10 peers, 15000 ms');
    expect(care.wanted).toBe(6);
    attend('none');
    expect(state.paces.at(-1)).toBe('0 peers, 60000 ms');
    attend('full');
    state.aside = 0;
    care.review();
    expect(state.paces.at(-1)).toBe('6 peers, 15000 ms');
  });

  it('hidden for a while: keeps the best three peers, with slower pings; visible again: as before', () => {
    const { clock, attend, taken, state, care } = setUp();
    attend('low');
    clock.advance(9_999);
    expect([taken(), state.paces]).toEqual([[], []]);
    clock.advance(1);
    expect(taken()).toEqual(['surplus p3', 'surplus p4', 'surplus p5']);
    expect(state.paces.at(-1)).toBe('3 peers, 60000 ms');
    expect(care.wanted).toBe(3);
    attend('full');
    expect(taken()).toEqual(['retry']);
    expect(state.paces.at(-1)).toBe('6 peers, 15000 ms');
    // A short switch to another tab changes nothing.
    attend('low');
    clock.advance(5_000);
    attend('full');
    clock.advance(30_000);
    expect([taken(), care.wanted]).toEqual([['retry'], 6]);
  });

  it('hidden without consensus: keeps all peers until there is consensus', () => {
    const { clock, attend, taken, state, care } = setUp();
    state.established = false;
    attend('low');
    clock.advance(10_000);
    expect([taken(), care.wanted]).toEqual([[], 6]);
    state.established = true;
    care.review();
    expect([taken().length, care.wanted]).toEqual([3, 3]);
    state.established = false;
    care.review();
    expect(state.paces.at(-1)).toBe('6 peers, 60000 ms');
  });

  it('all frozen: drops all peers at once; awake again: as before', () => {
    const { attend, taken, peers, state, care } = setUp(2);
    attend('none');
    expect([taken(), peers, care.wanted]).toEqual([['asleep p0', 'asleep p1'], [], 0]);
    // A peer whose dial was under way.
    peers.push('late');
    care.review();
    expect(taken()).toEqual(['asleep late']);
    attend('full');
    expect([taken(), state.paces.at(-1)]).toEqual([['retry'], '6 peers, 15000 ms']);
  });

  it('offline is only a hint: it checks links but closes none', () => {
    const { attend, taken, care, peers } = setUp();
    attend('full', false);
    expect([taken(), care.offline, peers.length]).toEqual([['check 2000'], true, 6]);
    attend('full', true);
    expect([taken(), care.offline]).toEqual([['check 2000', 'retry'], false]);
  });

  it('after a sleep it pings links and retries dials; after a long one the sync starts from the last macro block', () => {
    const { clock, taken } = setUp();
    clock.sleep(20_000);
    clock.advance(0);
    expect(taken()).toEqual(['woke-up', 'check 2000', 'retry']);
    clock.sleep(3_600_000);
    clock.advance(0);
    // This does not make the head stale either.
    expect(taken()).toEqual(['woke-up', 'check 2000', 'retry', 'resync']);
  });

  it('while the head stands still it replaces peers one after the other, the worst first', () => {
    const { clock, taken, care, peers } = setUp(3);
    care.headMoved();
    clock.advance(60_000);
    expect(taken()).toEqual(['head-stale', 'retry', 'rotated p2']);
    expect(care.stale).toBe(60_000);
    // The peer returns, and is not the next one to be replaced.
    peers.push('p2');
    clock.advance(60_000);
    expect(taken()).toEqual(['head-stale', 'retry', 'rotated p1']);
    clock.advance(60_000);
    expect(taken()).toEqual(['head-stale', 'retry', 'rotated p0']);
    clock.advance(60_000);
    expect(taken()).toEqual(['head-stale', 'retry', 'rotated p2']);
    care.headMoved();
    expect(care.stale).toBeUndefined();
    clock.advance(59_000);
    care.stop();
    clock.advance(600_000);
    expect(taken()).toEqual([]);
  });

  it('issue 11: browsers that return under other ids do not prevent the replacement of WebSocket peers', () => {
    const { clock, taken, care, peers } = setUp(2);
    for (let n = 0; n < 4; n++) peers.push(`b${n}`);
    care.headMoved();
    const rotated = Array.from({ length: 6 }, (_, minute) => {
      clock.advance(60_000);
      const gone = taken().at(-1)!.replace('rotated ', '');
      // The same nodes return, and a different browser.
      peers.splice(gone.startsWith('b') ? peers.length : 0, 0, gone.startsWith('b') ? `b${minute + 4}` : gone);
      return gone;
    });
    care.stop();
    expect(rotated.map((peer) => peer[0]).join('')).toBe('ppbppb');
    expect([rotated.slice(0, 2), rotated.slice(3, 5)].map((pair) => pair.toSorted())).toEqual([['p0', 'p1'], ['p0', 'p1']]);
  });
});
