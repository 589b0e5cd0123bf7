import type { Stream } from '@libp2p/interface';
import { multiaddr } from '@multiformats/multiaddr';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { services } from '../../chains/albatross/wire/services.ts';
import { addressOf, GENESIS, joined, nextEvent, startClient, startNode, stopAll } from '../../../test/support/node-fixture.ts';
import { rawJoin, startRawPeer, stopRawPeers } from '../../../test/support/raw-peer-fixture.ts';
import { sha256 } from '../../crypto/sha256.ts';
import { identityKey } from '../identity-key.ts';
import { createLibp2pNode } from '../libp2p-node.ts';
import { StreamReader } from '../stream-reader.ts';
import { systemClock, systemRandom } from '../../base/system.ts';
import { parseBrowserAddress } from '../browser-addresses.ts';
import { decodePeersMessage, encodePeersMessage, LENGTH_SIZE, messageSize, PETREL_PEERS_PROTOCOL } from './peers-message.ts';
import { PetrelPeers } from './petrel-peers.ts';
import type { PetrelErrorCode } from './petrel-peers.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
  await stopAll();
  await stopRawPeers();
});

const petrel = (bits: number = services.headers) => ({ services: 0, petrel: { services: () => bits } });

/** A libp2p node that speaks only this protocol, as a relay does; `own` returns its addresses. */
async function bareNode(listen: readonly string[], own: (id: string) => readonly string[] = () => []) {
  const told: { peer: string; services: number }[] = [];
  const browsers: string[][] = [];
  const failures: PetrelErrorCode[] = [];
  const libp2p = await createLibp2pNode({
    clock: systemClock, privateKey: await identityKey(systemRandom.bytes(32)), listen, maxConnections: 100, parallelDials: 4, gater: { denyDialMultiaddr: () => false }, scoredTopics: [], messageId: (_, data) => sha256(data),
  });
  const id = libp2p.peerId.toString();
  const peers = new PetrelPeers({
    clock: systemClock, random: systemRandom, genesisHash: GENESIS, ownId: id, services: () => 0, own: () => own(id), reachable: () => true,
    said: (peer, bits) => told.push({ peer, services: bits }), browsers: (all) => browsers.push(all.map(({ address }) => address)), failed: (_, code) => failures.push(code),
  });
  await peers.attach(libp2p);
  await libp2p.start();
  closing.push(async () => {
    peers.stop();
    await libp2p.stop();
  });
  return { libp2p, id, told, browsers, failures, peers, address: () => libp2p.getMultiaddrs()[0]! };
}

async function say(stream: Stream, bytes: Uint8Array) {
  const reader = new StreamReader(stream, 100_000);
  stream.send(bytes);
  return decodePeersMessage(await reader.read(messageSize(await reader.read(LENGTH_SIZE))));
}

describe('two Petrel clients', () => {
  it('recognise each other before they count as peers, and announce what they serve', async () => {
    const server = await startNode(petrel());
    const [seen, changes] = [nextEvent(server.events, 'joined'), vi.fn<() => void>()];
    server.events.on('changed', changes);
    const client = await startClient([server], petrel(0));
    const there = nextEvent(client.events, 'joined');
    expect(await there).toMatchObject({ id: server.peerId, kind: 'petrel', services: services.headers });
    expect(await seen).toMatchObject({ id: client.peerId, kind: 'petrel', services: 0 });
    expect(changes).not.toHaveBeenCalled();
  });

  it('serve each other, and no other peer', async () => {
    const server = await startNode(petrel());
    const head = { blockNumber: 1, blockHash: '01'.repeat(32), macroHash: '02'.repeat(32), electionHash: '03'.repeat(32) };
    server.handle('head', () => Promise.resolve(head), 'petrel');
    const [client, stranger] = [await startClient([server], petrel()), await startClient([server], { services: 9 })];
    await Promise.all([joined(client, server), joined(stranger, server)]);
    expect(await client.request(server.peerId, 'head', {})).toEqual(head);
    await expect(stranger.request(server.peerId, 'head', {})).rejects.toMatchObject({ code: 'no-receiver' });
  });

  it('treat a peer without services that stays silent as a node of the network, after a moment', async () => {
    const server = await startNode(petrel());
    const client = await startClient([server], { services: 0 });
    const seen = nextEvent(server.events, 'joined');
    await joined(client, server);
    expect(server.peers()).toEqual([]);
    expect(await seen).toMatchObject({ id: client.peerId, kind: 'node' });
  });
});

describe('a node that speaks only this protocol', () => {
  it('tells its clients about each other', async () => {
    const relay = await bareNode(['/ip4/127.0.0.1/tcp/0/ws']);
    const own = (id: string) => [`/dns4/relay.example/tcp/443/wss/p2p/${relay.id}/p2p-circuit/webrtc/p2p/${id}`];
    const first = await bareNode([], own);
    const second = await bareNode([], own);
    await first.libp2p.dial(relay.address());
    await vi.waitFor(() => expect(relay.browsers).toEqual([own(first.id)]));
    await second.libp2p.dial(relay.address());
    await vi.waitFor(() => expect(second.browsers).toEqual([own(first.id)]));
    // The first client hears of the second as soon as the half minute allows. Here that is at once, because the relay has not
    // opened an exchange with it yet.
    await vi.waitFor(() => expect(first.browsers).toEqual([own(second.id)]));
    expect(new Set(relay.told.map(({ peer }) => peer))).toEqual(new Set([first.id, second.id]));
    expect([relay, first, second].flatMap(({ failures }) => failures)).toEqual([]);
  });
});

describe('an act that no Petrel client does', () => {
  const good = { genesisHash: GENESIS, services: 0, own: [], others: [] };
  const foreign = parseBrowserAddress('/dns4/relay.example/tcp/443/wss/p2p/12D3KooWAzabxK2xhwGQuTUYjbcFT9SZcNvPS1cvj7bPMe2Rh9qF/p2p-circuit/webrtc/p2p/12D3KooWDpJ7As7BWAwRMfu1VU2WCqNjvq387JEYKDBj4kx6nXTN')!;
  const garbled = encodePeersMessage(good).fill(0xff, LENGTH_SIZE);
  const endless = new Uint8Array([0x7f, 0xff, 0xff, 0xff]);

  it.each([
    ['another network', encodePeersMessage({ ...good, genesisHash: '00'.repeat(32) }), 'wrong-genesis'],
    ['the address of another', encodePeersMessage({ ...good, own: [foreign] }), 'foreign-address'],
    ['garbage', garbled, 'malformed-petrel-peers'],
    ['a message without end', endless, 'malformed-petrel-peers'],
  ])('closes the connection: %s', async (_, bytes, code) => {
    const server = await startNode(petrel());
    const raw = await startRawPeer();
    const { connection } = await rawJoin(raw, addressOf(server));
    const closed = nextEvent(server.events, 'connection-close');
    const stream = await connection.newStream(PETREL_PEERS_PROTOCOL);
    stream.send(bytes);
    expect(await closed).toMatchObject({ peer: raw.id, code });
  });

  it('closes the connection: three exchanges within half a minute', async () => {
    const server = await startNode(petrel());
    const raw = await startRawPeer();
    const { connection } = await rawJoin(raw, addressOf(server));
    const seen = nextEvent(server.events, 'changed');
    expect(await say(await connection.newStream(PETREL_PEERS_PROTOCOL), encodePeersMessage(good))).toEqual({ ...good, services: services.headers });
    // It had first called itself a node with services; now it counts as a Petrel client.
    expect(await seen).toMatchObject({ id: raw.id, kind: 'petrel', services: 0 });
    expect(await say(await connection.newStream(PETREL_PEERS_PROTOCOL), encodePeersMessage(good))).toMatchObject({ own: [] });
    const closed = nextEvent(server.events, 'connection-close');
    // Opening the stream is already too much; the stream may be closed before it is open.
    await connection.newStream(PETREL_PEERS_PROTOCOL).catch(() => undefined);
    expect(await closed).toMatchObject({ code: 'too-frequent-petrel-peers' });
  });

  it('breaks nothing: a stream that is silent or ends', async () => {
    const server = await startNode(petrel());
    const bare = await bareNode([]);
    const connection = await bare.libp2p.dial(multiaddr(addressOf(server)));
    (await connection.newStream(PETREL_PEERS_PROTOCOL)).abort(new Error('gone'));
    const client = await startClient([server], petrel());
    await joined(client, server);
    expect(bare.failures).toEqual([]);
  });
});
