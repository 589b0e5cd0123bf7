import type { Libp2p } from '@libp2p/interface';
import { afterEach, describe, expect, it } from 'vitest';
import type { GossipVerdict } from '../../albatross/sync/net.ts';
import { encodeGossip } from '../../albatross/wire/gossip.ts';
import type { BlockHeaderMessage } from '../../albatross/wire/types.ts';
import { systemRandom } from '../system.ts';
import { acceptUnsignedAuthors, GossipsubVersionError } from '../unsigned-gossip.ts';
import { onBlockHeader, publishBlockHeader } from './block-headers.ts';
import { addressOf, joined, nextEvent, startClient, startNode, stopAll, subscribed } from './node-fixture.ts';
import { rawJoin, startRawPeer, stopRawPeers } from './raw-peer-fixture.ts';

afterEach(async () => {
  await stopAll();
  await stopRawPeers();
});

const HEADER: BlockHeaderMessage = {
  type: 'micro',
  header: {
    network: 7, version: 1, blockNumber: 201, timestamp: 1_700_000_000_000, parentHash: '11'.repeat(32), seed: new Uint8Array(96), extraData: new Uint8Array(), stateRoot: '22'.repeat(32),
    bodyRoot: '33'.repeat(32), diffRoot: '44'.repeat(32), historyRoot: '55'.repeat(32),
  },
  justification: { type: 'micro', signature: new Uint8Array(64) },
};

describe('gossip', () => {
  it('carries headers both ways', async () => {
    const server = await startNode();
    const client = await startClient([server]);
    const at = new Map<string, (message: BlockHeaderMessage) => void>();
    const headerAt = (node: string) => new Promise<BlockHeaderMessage>((resolve) => at.set(node, resolve));
    for (const [name, node] of [['server', server], ['client', client]] as const) {
      onBlockHeader(node, async (_from, message) => {
        at.get(name)?.(message);
        return 'accept';
      });
    }
    await Promise.all([subscribed(server, client, 'block-header'), subscribed(client, server, 'block-header')]);
    const atClient = headerAt('client');
    const published = nextEvent(server.events, 'published');
    expect(await publishBlockHeader(server, HEADER)).toEqual([client.peerId]);
    expect(await atClient).toEqual(HEADER);
    expect(await published).toEqual({ topic: 'block-header', size: encodeGossip('block-header', HEADER).length, recipients: [client.peerId] });
    const atServer = headerAt('server');
    const second = { ...HEADER, header: { ...HEADER.header, blockNumber: 202 } };
    expect(await publishBlockHeader(client, second)).toEqual([server.peerId]);
    expect(await atServer).toEqual(second);
  });

  it('forwards what is accepted and nothing else', async () => {
    const verdicts = new Map<number, GossipVerdict>([[1, 'reject'], [2, 'ignore'], [3, 'accept'], [4, 'accept']]);
    const middle = await startNode();
    const [left, right] = [await startClient([middle]), await startClient([middle])];
    middle.onGossip('t', async (_from, data) => verdicts.get(data[0] as number) as GossipVerdict);
    const arrived: number[] = [];
    right.onGossip('t', async (_from, data) => {
      arrived.push(data[0] as number);
      return 'accept';
    });
    left.onGossip('t', async () => 'accept');
    await Promise.all([subscribed(left, middle, 't'), subscribed(middle, left, 't'), subscribed(right, middle, 't'), subscribed(middle, right, 't')]);
    // Forwarding goes to the mesh only, which takes a subscriber in with its next heartbeat: until then messages pass it by.
    for (let n = 0; arrived.length === 0; n++) {
      const judged = nextEvent(middle.events, 'gossip');
      await left.publish('t', Uint8Array.of(3, n >> 8, n));
      await judged;
    }
    const last = nextEvent(right.events, 'gossip', () => arrived.at(-1) === 4);
    for (const n of [1, 2, 4]) await left.publish('t', Uint8Array.of(n));
    await last;
    expect(new Set(arrived)).toEqual(new Set([3, 4]));
  });

  it('accepts what official nodes send: from and seqno, no signature', async () => {
    const server = await startNode();
    const heard = new Promise<[string, Uint8Array]>((resolve) => {
      server.onGossip('block-header', async (from, data) => {
        resolve([from, data]);
        return 'accept';
      });
    });
    const raw = await startRawPeer();
    await rawJoin(raw, addressOf(server));
    raw.libp2p.services.pubsub.subscribe('block-header');
    await subscribed(server, { peerId: raw.id } as typeof server, 'block-header');
    sendRpc(raw.libp2p, server.peerId, { from: raw.libp2p.peerId.toMultihash().bytes, seqno: systemRandom.bytes(8), topic: 'block-header', data: Uint8Array.of(1, 2, 3) });
    expect(await heard).toEqual([raw.id, Uint8Array.of(1, 2, 3)]);
  });

  it('rejects what does not decode, ignores what the listener fails on, and drops topics nobody subscribed', async () => {
    const server = await startNode();
    const logged: string[] = [];
    onBlockHeader(server, async () => {
      throw new Error('a bug in the listener');
    });
    const raw = await startRawPeer();
    await rawJoin(raw, addressOf(server));
    raw.libp2p.services.pubsub.subscribe('block-header');
    await subscribed(server, { peerId: raw.id } as typeof server, 'block-header');
    server.events.on('gossip', ({ topic, verdict }) => logged.push(`${topic} ${verdict}`));
    const send = (topic: string, data: Uint8Array) => sendRpc(raw.libp2p, server.peerId, { topic, data });
    send('no-such-topic', systemRandom.bytes(40));
    for (let i = 0; i < 3; i++) send('block-header', Uint8Array.of(9, i, ...systemRandom.bytes(200)));
    const last = nextEvent(server.events, 'gossip', ({ verdict }) => verdict === 'ignore');
    send('block-header', encodeGossip('block-header', HEADER));
    await last;
    expect(logged).toEqual(['block-header reject', 'block-header reject', 'block-header reject', 'block-header ignore']);
  });

  it('lives on after the connection was lost and made again', async () => {
    const server = await startNode();
    const client = await startClient([server], { topics: ['t'] });
    await joined(client, server);
    server.onGossip('t', async () => 'accept');
    await subscribed(client, server, 't');
    const again = nextEvent(client.events, 'joined');
    await server.disconnect(client.peerId, 'test');
    await again;
    await subscribed(client, server, 't');
    const heard = nextEvent(server.events, 'gossip');
    await subscribed(server, client, 't');
    expect(await client.publish('t', Uint8Array.of(5))).toEqual([server.peerId]);
    expect(await heard).toMatchObject({ from: client.peerId, topic: 't', size: 1, verdict: 'accept' });
  });

  it('says so when gossipsub is not the one that was pinned', () => {
    expect(() => acceptUnsignedAuthors({} as never)).toThrow(GossipsubVersionError);
  });
});

/** Sends a message as it is, past gossipsub's own publishing. */
function sendRpc(libp2p: Libp2p<{ pubsub: object }>, to: string, message: object): void {
  (libp2p.services.pubsub as unknown as { sendRpc(id: string, rpc: object): boolean }).sendRpc(to, { subscriptions: [], messages: [message] });
}
