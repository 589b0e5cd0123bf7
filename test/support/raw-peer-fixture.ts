/** A libp2p node with hand-written Albatross protocols, so that tests can break them. */
import '../../src/network/node-web-socket.ts';
import { generateKeyPairFromSeed } from '@libp2p/crypto/keys';
import type { Connection, Ed25519PrivateKey, Stream } from '@libp2p/interface';
import { multiaddr } from '@multiformats/multiaddr';
import { sha256 } from '../../src/crypto/sha256.ts';
import { concatBytes } from '../../src/base/bytes.ts';
import { decodeDiscoveryMessage, encodeFrame, FRAME_HEADER_SIZE, frameBodySize } from '../../src/chains/albatross/wire/discovery.ts';
import type { DiscoveryMessage, Handshake, HandshakeAck } from '../../src/chains/albatross/wire/discovery.ts';
import { createLibp2pNode } from '../../src/network/libp2p-node.ts';
import type { Libp2pNode } from '../../src/network/libp2p-node.ts';
import { StreamReader } from '../../src/network/stream-reader.ts';
import { systemClock, systemRandom } from '../../src/base/system.ts';
import { signChallenge } from '../../src/chains/albatross/net/contact-signature.ts';
import { DISCOVERY_PROTOCOL } from '../../src/chains/albatross/net/discovery.ts';
import { GENESIS } from './node-fixture.ts';
import { OwnContact } from '../../src/chains/albatross/net/own-contact.ts';

export interface RawPeer {
  readonly libp2p: Libp2pNode;
  readonly id: string;
  readonly key: Ed25519PrivateKey;
  /** Resolves with the next discovery stream that another node opens to it. */
  nextDiscoveryStream(): Promise<Stream>;
}

const started: Libp2pNode[] = [];

export async function startRawPeer(listen: readonly string[] = [], seed: Uint8Array = systemRandom.bytes(32)): Promise<RawPeer> {
  const key = await generateKeyPairFromSeed('Ed25519', seed);
  const libp2p = await createLibp2pNode({
    clock: systemClock, privateKey: key, listen, maxConnections: 100, parallelDials: 4, gater: { denyDialMultiaddr: () => false }, scoredTopics: [],
    messageId: (topic, data) => sha256(concatBytes(new TextEncoder().encode(topic), data)),
  });
  const streams: Stream[] = [];
  const waiting: ((stream: Stream) => void)[] = [];
  await libp2p.handle(DISCOVERY_PROTOCOL, (stream) => {
    const waiter = waiting.shift();
    if (waiter === undefined) streams.push(stream);
    else waiter(stream);
  });
  await libp2p.start();
  started.push(libp2p);
  return {
    libp2p, id: libp2p.peerId.toString(), key,
    nextDiscoveryStream: () => {
      const stream = streams.shift();
      return stream === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(stream);
    },
  };
}

export async function stopRawPeers(): Promise<void> {
  await Promise.all(started.splice(0).map((libp2p) => libp2p.stop()));
}

export async function readMessage(reader: StreamReader): Promise<DiscoveryMessage> {
  return decodeDiscoveryMessage(await reader.read(frameBodySize(await reader.read(FRAME_HEADER_SIZE))));
}

interface Change {
  handshake?: (message: Handshake) => Handshake;
  ack?: (message: HandshakeAck) => HandshakeAck;
}

interface RawSession {
  readonly connection: Connection;
  readonly out: Stream;
  readonly reader: StreamReader;
  readonly theirAck: HandshakeAck;
}

/** Dials and performs the handshake; `change` may alter the two messages that this peer sends. */
export async function rawJoin(raw: RawPeer, address: string, change: Change = {}): Promise<RawSession> {
  return rawHandshake(raw, await raw.libp2p.dial(multiaddr(address)), address, change);
}

/** Performs the handshake on an existing connection. */
export async function rawHandshake(raw: RawPeer, connection: Connection, address: string, change: Change = {}): Promise<RawSession> {
  const out = await connection.newStream(DISCOVERY_PROTOCOL);
  const reader = new StreamReader(await raw.nextDiscoveryStream(), 1_000_000);
  const handshake: Handshake = { type: 'handshake', observedAddress: multiaddr(address).bytes, challengeNonce: systemRandom.bytes(32), genesisHash: GENESIS, limit: 64, services: 8 };
  out.send(encodeFrame(change.handshake?.(handshake) ?? handshake));
  const theirs = (await readMessage(reader)) as Handshake;
  const own = new OwnContact({ clock: systemClock, key: raw.key, services: 9, addresses: () => ['/dns4/raw.example/tcp/443/wss'] });
  const ack: HandshakeAck = { type: 'handshake-ack', peerContact: await own.current(), responseSignature: await signChallenge(raw.key, theirs.challengeNonce), updateInterval: 60, peerContacts: [] };
  out.send(encodeFrame(change.ack?.(ack) ?? ack));
  return { connection, out, reader, theirAck: (await readMessage(reader)) as HandshakeAck };
}
