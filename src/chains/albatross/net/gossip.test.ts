import type { Libp2p } from '@libp2p/interface';
import { afterEach, describe, expect, it } from 'vitest';
import type { GossipVerdict } from '../../../engine/peers/peer-net.ts';
import { concatBytes } from '../../../base/bytes.ts';
import { encodeGossip } from '../wire/gossip.ts';
import type { BlockHeaderMessage } from '../wire/types.ts';
import { systemRandom } from '../../../base/system.ts';
import { acceptUnsignedAuthors, GossipsubVersionError } from '../../../network/unsigned-gossip.ts';
import { onBlockHeader, publishBlockHeader } from './block-headers.ts';
import { addressOf, joined, nextEvent, startClient, startNode, stopAll, subscribed } from '../../../../test/support/node-fixture.ts';
import { rawJoin, startRawPeer, stopRawPeers } from '../../../../test/support/raw-peer-fixture.ts';
import type { RawPeer } from '../../../../test/support/raw-peer-fixture.ts';

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

/** Writes the header's version, its third byte, in the longest allowed form of three bytes. */
const longVersion = (bytes: Uint8Array) => concatBytes(bytes.subarray(0, 2), Uint8Array.of(bytes[2]! | 0x80, 0x80, 0), bytes.subarray(3));

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

  it('forwards accepted messages and no others', async () => {
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
    // Forwarding goes only to the mesh, which includes a new subscriber at its next heartbeat. Messages before that do not reach
    // it.
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

  it('rejects messages that do not decode, ignores those on which the listener fails, and drops topics without a subscription', async () => {
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

  it('issue 11.8: does not pass on a known block with trailing bytes or longer numbers, and reports its sender', async () => {
    const server = await startNode();
    const asked: BlockHeaderMessage[] = [];
    onBlockHeader(server, async (_from, message) => {
      asked.push(message);
      return 'accept';
    });
    const raw = await startRawPeer();
    await rawJoin(raw, addressOf(server));
    raw.libp2p.services.pubsub.subscribe('block-header');
    await subscribed(server, { peerId: raw.id } as typeof server, 'block-header');
    const bytes = encodeGossip('block-header', HEADER);
    for (const [data, verdict] of [[bytes, { verdict: 'accept' }], [Uint8Array.of(...bytes, 1), { verdict: 'ignore', fault: 'padded' }], [longVersion(bytes), { verdict: 'ignore', fault: 'padded' }], [bytes.subarray(1), { verdict: 'reject', fault: 'undecodable' }]] as const) {
      const judged = nextEvent(server.events, 'gossip');
      sendRpc(raw.libp2p, server.peerId, { topic: 'block-header', data });
      expect(await judged).toEqual({ from: raw.id, topic: 'block-header', size: data.length, ...verdict });
    }
    expect(asked).toEqual([HEADER]);
    expect(server.peers().map(({ id }) => id)).toEqual([raw.id]);
  });

  describe('issue 11.8: closes the connection of a peer that wastes it', () => {
    const MB = 900_000;
    const lengthPrefixed = (bytes: Uint8Array) => concatBytes(Uint8Array.of((bytes.length & 0x7f) | 0x80, ((bytes.length >> 7) & 0x7f) | 0x80, bytes.length >> 14), bytes);
    /** For each kind of waste: the number of messages that closes the connection, the code, and a function that sends one. */
    const wasteful: Readonly<Record<string, readonly [most: number, code: string, send: (raw: RawPeer, to: string) => unknown]>> = {
      'with blocks that cannot be read': [4, 'gossip-garbage', (raw, to) => sendRpc(raw.libp2p, to, { topic: 'block-header', data: concatBytes(Uint8Array.of(9), systemRandom.bytes(MB)) })],
      'with blocks that have bytes after them': [9, 'gossip-padded', (raw, to) => sendRpc(raw.libp2p, to, { topic: 'block-header', data: concatBytes(encodeGossip('block-header', HEADER), systemRandom.bytes(MB)) })],
      'with blocks whose numbers are longer than they need be': [9, 'gossip-padded', (raw, to) => sendRpc(raw.libp2p, to, { topic: 'block-header', data: concatBytes(longVersion(encodeGossip('block-header', HEADER)), systemRandom.bytes(MB)) })],
      'with what is no gossip': [4, 'gossip-garbage', async (raw) => {
        const stream = await raw.libp2p.getConnections()[0]!.newStream('/meshsub/1.1.0');
        stream.send(lengthPrefixed(new Uint8Array(MB).fill(0xff)));
      }],
      'with subscriptions': [4, 'gossip-garbage', (raw, to) => sendRpc(raw.libp2p, to, { messages: [], subscriptions: Array.from({ length: 600 }, (_, at) => ({ subscribe: true, topic: `${at}`.padEnd(MB / 600, 'x') })) })],
      'with messages on topics that we do not follow, which cost more than their bytes (issue 11)': [150, 'gossip-flood', (raw, to) => sendRpc(raw.libp2p, to, { subscriptions: [], messages: Array.from({ length: 500 }, () => ({ topic: 'x', data: new Uint8Array() })) })],
      'with lists of messages it has': [4, 'gossip-garbage', (raw, to) => sendRpc(raw.libp2p, to, { subscriptions: [], messages: [], control: { ihave: Array.from({ length: 100 }, () => ({ topicID: 'x', messageIDs: Array.from({ length: 280 }, () => systemRandom.bytes(32)) })), iwant: [], graft: [], prune: [], idontwant: [] } })],
    };
    it.each(Object.keys(wasteful))('%s', async (name) => {
      const [most, code, send] = wasteful[name]!;
      const server = await startNode();
      onBlockHeader(server, async () => 'accept');
      const raw = await startRawPeer();
      await rawJoin(raw, addressOf(server));
      raw.libp2p.services.pubsub.subscribe('block-header');
      await subscribed(server, { peerId: raw.id } as typeof server, 'block-header');
      const closed = nextEvent(server.events, 'connection-close');
      const excess = nextEvent(server.events, 'gossip-excess');
      for (let sent = 0; sent < most; sent++) await send(raw, server.peerId);
      expect(await closed).toMatchObject({ peer: raw.id, code });
      expect(await excess).toEqual({ peer: raw.id, code });
    });
  });

  it('continues after the connection was lost and made again', async () => {
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

  it('reports a gossipsub version other than the pinned one', () => {
    expect(() => acceptUnsignedAuthors({} as never)).toThrow(GossipsubVersionError);
  });
});

/** Sends a message, or a whole RPC, unchanged and without gossipsub's own publish function. */
function sendRpc(libp2p: Libp2p<{ pubsub: object }>, to: string, what: object): void {
  (libp2p.services.pubsub as unknown as { sendRpc(id: string, rpc: object): boolean }).sendRpc(to, 'subscriptions' in what ? what : { subscriptions: [], messages: [what] });
}
