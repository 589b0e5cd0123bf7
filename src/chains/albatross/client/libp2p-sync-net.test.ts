import { describe, expect, it } from 'vitest';
import { encodeGossip } from '../wire/gossip.ts';
import type { BlockHeaderMessage } from '../wire/types.ts';
import { Emitter } from '../../../base/emitter.ts';
import { PeerBook } from '../../../engine/peers/peer-book.ts';
import type { GossipListener } from '../../../network/node/gossip.ts';
import type { AlbatrossNode, AlbatrossNodeEvents } from '../net/node-types.ts';
import { Libp2pSyncNet } from './libp2p-sync-net.ts';
import type { NodePeer } from '../../../engine/peers/peer-net.ts';

function nodePeer(id: string): NodePeer {
  return { id, services: 9, subnet: id, address: `/dns4/${id}.example/tcp/443/wss`, transport: 'wss', kind: 'node', direction: 'outbound', joinedAt: 1, signedAt: 0, latency: undefined, received: 7 };
}

const message: BlockHeaderMessage = {
  type: 'micro',
  header: {
    network: 7, version: 1, blockNumber: 201, timestamp: 1, parentHash: '00'.repeat(32), seed: new Uint8Array(96), extraData: new Uint8Array(0),
    stateRoot: '00'.repeat(32), bodyRoot: '00'.repeat(32), diffRoot: '00'.repeat(32), historyRoot: '00'.repeat(32),
  },
  justification: { type: 'micro', signature: new Uint8Array(64) },
};

function setup() {
  const clock = { now: () => 5_000, monotonic: () => 1_000 };
  const events = new Emitter<AlbatrossNodeEvents>();
  const calls: unknown[] = [];
  let gossip: GossipListener | undefined;
  const joined = [nodePeer('a'), nodePeer('b')];
  const node = {
    events,
    peers: () => joined,
    onGossip: (_: string, listener: GossipListener) => (gossip = listener),
    ban: (peer: string, ban: unknown) => calls.push(['ban', peer, ban]),
    pardon: (peer: string) => calls.push(['pardon', peer]),
    disconnect: (peer: string, reason: string) => {
      calls.push(['disconnect', peer, reason]);
      return Promise.reject(new Error('gone'));
    },
  } as unknown as AlbatrossNode;
  const book = new PeerBook(clock);
  const bans: string[] = [];
  const net = new Libp2pSyncNet({ node, book, clock, onBan: (peer, ban, address) => bans.push(`${peer} ${ban.code} ${address}`), onPardon: (peer) => bans.push(`${peer} pardoned`) });
  return { net, events, calls, book, bans, gossip: (from: string, bytes: Uint8Array) => gossip!(from, bytes) };
}

describe('Libp2pSyncNet', () => {
  it('issue 11.1: does not count a browser as a witness, whatever it claims', () => {
    const { net, events } = setup();
    const seen: boolean[] = [];
    net.on('joined', ({ witness }) => seen.push(witness));
    events.emit('joined', nodePeer('c'));
    events.emit('joined', { ...nodePeer('d'), transport: 'webrtc' });
    events.emit('joined', { ...nodePeer('e'), kind: 'petrel', services: 0x0100_0000 });
    expect(seen).toEqual([true, false, false]);
  });

  it('bans for a lie, in the book and at the node, and never shows the peer again', () => {
    const { net, calls, bans, book, events } = setup();
    const seen: string[] = [];
    net.on('joined', ({ id }) => seen.push(id));
    net.report('a', { kind: 'timeout' });
    expect(calls).toEqual([]);
    net.report('a', { kind: 'lie', code: 'bad-seed', evidence: { height: 3 } });
    expect(calls).toEqual([['ban', 'a', { ms: 3_600_000, code: 'bad-seed' }]]);
    expect(bans).toEqual(['a bad-seed /dns4/a.example/tcp/443/wss']);
    expect(book.ban('a')?.evidence).toEqual({ height: 3 });
    expect(net.peers().map(({ id }) => id)).toEqual(['b']);
    events.emit('joined', nodePeer('a'));
    events.emit('joined', nodePeer('b'));
    expect(seen).toEqual(['b']);
    expect(calls).toHaveLength(2);
  });

  it('pardons a banned peer, in the book and at the node', () => {
    const { net, calls, bans, book, events } = setup();
    const seen: string[] = [];
    net.on('joined', ({ id }) => seen.push(id));
    net.pardon('a', 'bad-seed');
    expect([calls, bans]).toEqual([[], []]);
    net.report('a', { kind: 'lie', code: 'bad-seed', evidence: {} });
    net.pardon('a', 'bad-seed');
    expect(calls.at(-1)).toEqual(['pardon', 'a']);
    expect(bans.at(-1)).toBe('a pardoned');
    expect([book.ban('a'), book.score('a')]).toEqual([undefined, 50]);
    events.emit('joined', nodePeer('a'));
    expect(seen).toEqual(['a']);
  });

  it('passes decoded announcements to the one listener, and ignores them without one', async () => {
    const { net, gossip } = setup();
    const bytes = encodeGossip('block-header', message);
    expect(await gossip('a', bytes)).toBe('ignore');
    const off = net.onAnnouncement(async (from, decoded) => {
      expect([from, decoded]).toEqual(['a', message]);
      return 'accept';
    });
    expect(await gossip('a', bytes)).toBe('accept');
    expect(await gossip('a', bytes.subarray(1))).toBe('undecodable');
    off();
    expect(await gossip('a', bytes)).toBe('ignore');
  });

  it('accepts that a peer to disconnect is already gone', async () => {
    const { net, calls } = setup();
    net.disconnect('a', 'useless');
    await Promise.resolve();
    expect(calls).toEqual([['disconnect', 'a', 'useless']]);
  });

  it('issue 11.8: faulty gossip costs rank; too much of it leads to a ban, unless other peers may have padded it', async () => {
    const { book, bans, calls, events, gossip } = setup();
    const bytes = encodeGossip('block-header', message);
    expect(await gossip('a', Uint8Array.of(...bytes, 0))).toBe('padded');
    expect(await gossip('a', bytes.subarray(2))).toBe('undecodable');
    const received = { from: 'a', topic: 'block-header', size: bytes.length + 1 };
    events.emit('gossip', { ...received, verdict: 'accept' });
    expect(book.score('a')).toBe(50);
    events.emit('gossip', { ...received, verdict: 'ignore', fault: 'padded' });
    events.emit('gossip', { ...received, verdict: 'reject', fault: 'undecodable' });
    expect(book.score('a')).toBe(42);
    // Other peers may have padded it. It costs rank only once in a while, so that an attacker cannot ruin another peer's score.
    for (let n = 0; n < 20; n++) events.emit('gossip', { ...received, verdict: 'ignore', fault: 'padded' });
    expect(book.score('a')).toBe(42);
    events.emit('gossip-excess', { peer: 'a', code: 'gossip-padded' });
    expect(bans).toEqual([]);
    for (const code of ['gossip-garbage', 'gossip-flood'] as const) events.emit('gossip-excess', { peer: code === 'gossip-flood' ? 'a' : 'b', code });
    expect(bans).toEqual(['b gossip-garbage /dns4/b.example/tcp/443/wss', 'a gossip-flood /dns4/a.example/tcp/443/wss']);
    expect(calls).toHaveLength(2);
  });
});
