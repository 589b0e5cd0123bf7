import { describe, expect, it } from 'vitest';
import { AddressBook, peerViews } from './peer-views.ts';
import type { NodePeer } from '../../../engine/peers/peer-net.ts';

function nodePeer(id: string, port: number): NodePeer {
  return { id, services: 9, subnet: id, address: `/ip4/127.0.0.1/tcp/${port}/ws`, transport: 'ws', kind: 'node', direction: 'outbound', joinedAt: 1, signedAt: 0, latency: 12, received: 7 };
}

const nothing = { joined: [], sync: [], bans: [], addresses: new AddressBook(), score: () => 50 };

describe('peerViews', () => {
  it('merges the data of node, sync and book', () => {
    const views = peerViews({
      ...nothing,
      joined: [nodePeer('a', 1), nodePeer('b', 2), nodePeer('c', 3), nodePeer('d', 4)],
      sync: [
        { id: 'a', state: 'live', height: 7, reason: undefined, doubted: false },
        { id: 'c', state: 'outdated', height: 1, reason: { code: 'behind', data: { height: 1 } }, doubted: false },
        { id: 'd', state: 'aside', height: 7, reason: { code: 'invalid-seed', data: { height: 8 } }, doubted: true },
      ],
      score: (peer) => (peer === 'a' ? 60 : 50),
    });
    expect(views).toEqual([
      { id: 'a', address: '/ip4/127.0.0.1/tcp/1/ws', transport: 'ws', kind: 'node', latency: 12, received: 7, score: 60, height: 7, state: 'live', reason: undefined },
      { id: 'b', address: '/ip4/127.0.0.1/tcp/2/ws', transport: 'ws', kind: 'node', latency: 12, received: 7, score: 50, height: undefined, state: 'connected', reason: undefined },
      { id: 'c', address: '/ip4/127.0.0.1/tcp/3/ws', transport: 'ws', kind: 'node', latency: 12, received: 7, score: 50, height: 1, state: 'outdated', reason: { code: 'behind', data: { height: 1 } } },
      { id: 'd', address: '/ip4/127.0.0.1/tcp/4/ws', transport: 'ws', kind: 'node', latency: 12, received: 7, score: 50, height: 7, state: 'aside', reason: { code: 'invalid-seed', data: { height: 8 } } },
    ]);
  });

  it('shows a banned peer with its reason, connected or not', () => {
    const addresses = new AddressBook();
    addresses.banned('b', '/dns4/b.example/tcp/443/wss');
    const bans = [{ peer: 'b', code: 'block-signature', evidence: { height: 3 }, at: 0, until: 10 }];
    const [view, ...rest] = peerViews({ ...nothing, bans, addresses });
    expect(rest).toEqual([]);
    expect(view).toMatchObject({ id: 'b', address: '/dns4/b.example/tcp/443/wss', transport: 'wss', kind: 'node', state: 'banned', reason: { code: 'block-signature', data: { height: 3 } } });
    expect(peerViews({ ...nothing, bans, addresses, joined: [nodePeer('b', 2)] })).toHaveLength(1);
  });

  it('shows addresses that are being dialled or wait, as long as no peer joined there', () => {
    const addresses = new AddressBook();
    addresses.dialing({ address: '/ip4/127.0.0.1/tcp/1/ws' });
    addresses.dialing({ address: '/ip4/127.0.0.1/tcp/2/ws' });
    addresses.down({ address: '/ip4/127.0.0.1/tcp/2/ws', code: 'refused', retryAt: 99 });
    expect(peerViews({ ...nothing, addresses }).map(({ state, reason }) => [state, reason])).toEqual([
      ['connecting', undefined],
      ['down', { code: 'refused', data: { retryAt: 99 } }],
    ]);
    addresses.joined(nodePeer('a', 1));
    expect(peerViews({ ...nothing, addresses, joined: [nodePeer('a', 1)] }).map(({ state }) => state)).toEqual(['connected', 'down']);
  });

  it('keeps 64 addresses', () => {
    const addresses = new AddressBook();
    for (let port = 0; port < 100; port++) addresses.dialing({ address: `/ip4/127.0.0.1/tcp/${port}/ws` });
    expect(peerViews({ ...nothing, addresses })).toHaveLength(64);
  });
});
