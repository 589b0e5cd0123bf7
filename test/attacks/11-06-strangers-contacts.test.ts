import { generateKeyPairFromSeed } from '@libp2p/crypto/keys';
import type { Connection, Stream } from '@libp2p/interface';
import { multiaddr } from '@multiformats/multiaddr';
import { afterEach, describe, expect, it } from 'vitest';
import { concatBytes } from '../../src/base/bytes.ts';
import { discoveryMessage, encodeFrame, FRAME_HEADER_SIZE, signedPeerContact, taggedMessage } from '../../src/chains/albatross/wire/discovery.ts';
import type { DiscoveryMessage, Handshake, SignedPeerContact } from '../../src/chains/albatross/wire/discovery.ts';
import { encode } from '../../src/base/postcard/codec.ts';
import { encodeRequest, encodeResponseError } from '../../src/chains/albatross/wire/requests.ts';
import { contactPeerId, signChallenge, signContact } from '../../src/chains/albatross/net/contact-signature.ts';
import { DISCOVERY_PROTOCOL } from '../../src/chains/albatross/net/discovery.ts';
import type { AlbatrossNode } from '../../src/chains/albatross/net/node.ts';
import { addressOf, GENESIS, nextEvent, startNode, stopAll } from '../support/node-fixture.ts';
import { OwnContact } from '../../src/chains/albatross/net/own-contact.ts';
import { rawJoin, type RawPeer, readMessage, startRawPeer, stopRawPeers } from '../support/raw-peer-fixture.ts';
import { StreamReader } from '../../src/network/stream-reader.ts';
import { systemClock, systemRandom } from '../../src/base/system.ts';
import { rawRequest } from '../support/raw-reqres.ts';

afterEach(async () => {
  await stopAll();
  await stopRawPeers();
});

const NOW = () => Math.floor(Date.now() / 1000) - 30;
const plain = (name: string) => multiaddr(`/dns4/${name}/tcp/443/wss`).bytes;

async function contactOf(addresses: readonly Uint8Array[]): Promise<SignedPeerContact> {
  const key = await generateKeyPairFromSeed('Ed25519', systemRandom.bytes(32));
  return signContact(key, { addresses, publicKey: key.publicKey.raw, services: 9, validatorInfo: undefined, timestamp: NOW() });
}

const number = (value: number): Uint8Array => (value < 128 ? Uint8Array.of(value) : concatBytes(Uint8Array.of((value % 128) + 128), number(Math.floor(value / 128))));

/** A correctly signed contact with very long addresses. Official nodes have no limit on their length. */
async function longContact(count: number, length: number): Promise<Uint8Array> {
  const key = await generateKeyPairFromSeed('Ed25519', systemRandom.bytes(32));
  const address = plain('a'.repeat(length));
  const addresses = Array.from({ length: count }, () => concatBytes(number(address.length), address));
  const contact = concatBytes(number(count), ...addresses, key.publicKey.raw, number(9), Uint8Array.of(0), number(NOW()));
  return concatBytes(contact, number(64), await key.sign(taggedMessage(2, contact)));
}

/** A frame with `contacts` in place of its empty list of contacts. */
function frameWith(message: DiscoveryMessage, contacts: readonly Uint8Array[]): Uint8Array {
  const body = concatBytes(encode(discoveryMessage, message).slice(0, -1), number(contacts.length), ...contacts);
  const header = new DataView(new ArrayBuffer(FRAME_HEADER_SIZE));
  header.setUint32(0, 0x42042042);
  header.setUint32(4, body.length);
  return concatBytes(new Uint8Array(header.buffer), body);
}

/** Joins as an official node does that passes on contacts from other peers. */
async function joinHandingOn(raw: RawPeer, server: AlbatrossNode, contacts: readonly Uint8Array[]): Promise<{ connection: Connection; out: Stream }> {
  const connection = await raw.libp2p.dial(multiaddr(addressOf(server)));
  const out = await connection.newStream(DISCOVERY_PROTOCOL);
  const reader = new StreamReader(await raw.nextDiscoveryStream(), 1_000_000);
  out.send(encodeFrame({ type: 'handshake', observedAddress: multiaddr(addressOf(server)).bytes, challengeNonce: systemRandom.bytes(32), genesisHash: GENESIS, limit: 64, services: 8 }));
  const theirs = (await readMessage(reader)) as Handshake;
  const own = new OwnContact({ clock: systemClock, key: raw.key, services: 9, addresses: () => ['/dns4/raw.example/tcp/443/wss'] });
  const ack: DiscoveryMessage = { type: 'handshake-ack', peerContact: await own.current(), responseSignature: await signChallenge(raw.key, theirs.challengeNonce), updateInterval: 60, peerContacts: [] };
  out.send(frameWith(ack, contacts));
  return { connection, out };
}

/** The contacts that the node sends to a new peer. */
async function named(server: AlbatrossNode): Promise<readonly (string | undefined)[]> {
  const { theirAck } = await rawJoin(await startRawPeer(), addressOf(server));
  return theirAck.peerContacts.map((signed) => contactPeerId(signed.contact));
}

const encoded = (signed: SignedPeerContact) => encode(signedPeerContact, signed);

async function watched(): Promise<{ server: AlbatrossNode; closed: string[] }> {
  const server = await startNode();
  const closed: string[] = [];
  server.events.on('connection-close', ({ code }) => closed.push(code));
  return { server, closed };
}

describe("issue 11.6: the client does not refuse an honest node because of strangers' contacts that it passes on", () => {
  it.each([['an address of 600 bytes', 1, 600], ['addresses of 300 kB', 2, 150_000]] as const)('a contact with %s', async (_, count, length) => {
    const { server, closed } = await watched();
    const [good, later] = await Promise.all([contactOf([plain('good.example')]), contactOf([plain('later.example')])]);
    const raw = await startRawPeer();
    const learned = nextEvent(server.events, 'contacts');
    const { out } = await joinHandingOn(raw, server, [encoded(good), await longContact(count, length)]);
    await learned;
    // The client still reads the messages after it.
    const again = nextEvent(server.events, 'contacts');
    out.send(frameWith({ type: 'peer-addresses', peerContacts: [] }, [await longContact(1, 600), encoded(later)]));
    await again;
    expect(server.peers().map(({ id }) => id)).toContain(raw.id);
    expect(new Set(await named(server))).toEqual(new Set([raw.id, contactPeerId(good.contact), contactPeerId(later.contact)]));
    expect(closed).toEqual([]);
  });

  it('64 contacts with addresses so long that the client stops reading: the connection stays, and the client stores no more', async () => {
    const { server, closed } = await watched();
    const good = await contactOf([plain('good.example')]);
    const fat = await longContact(15, 5000);
    const raw = await startRawPeer();
    const joining = nextEvent(server.events, 'joined', (peer) => peer.id === raw.id);
    const { connection, out } = await joinHandingOn(raw, server, [encoded(good), ...Array.from({ length: 63 }, () => fat)]);
    await joining;
    for (let n = 0; n < 3; n++) await rawRequest(connection, encodeRequest('head', {})).then((answer) => expect(answer).toEqual(encodeResponseError('no-receiver')));
    // Most of the five megabytes stay in the sender's buffer.
    expect(out.writeBufferLength).toBeGreaterThan(2_000_000);
    expect(await named(server)).toContain(contactPeerId(good.contact));
    expect(closed).toEqual([]);
  });
});

describe("issue 11.8: contacts from strangers do not stop the client's own messages", () => {
  it('66 contacts with 15 addresses of 510 bytes each: a new peer gets its answer, and updates go out', async () => {
    let updates = 2;
    const clock = { ...systemClock, after: (ms: number, callback: () => void) => systemClock.after(ms === 30_000 && updates-- > 0 ? 0 : ms, callback) };
    const server = await startNode({ clock });
    const closed: string[] = [];
    server.events.on('connection-close', ({ code }) => closed.push(code));
    for (const name of ['a', 'b']) {
      const fat = await Promise.all(Array.from({ length: 31 }, (_, n) => contactOf(Array.from({ length: 15 }, () => (n % 2 ? systemRandom.bytes(510) : plain('a'.repeat(500)))))));
      const peerContacts = [...fat, await contactOf([plain(`${name}.example`)])];
      const learned = nextEvent(server.events, 'contacts');
      await rawJoin(await startRawPeer(), addressOf(server), { ack: (ack) => ({ ...ack, updateInterval: undefined, peerContacts }) });
      await learned;
    }
    const raw = await startRawPeer();
    const { reader, theirAck } = await rawJoin(raw, addressOf(server), { ack: (ack) => ({ ...ack, updateInterval: 30 }) });
    // The two other peers, and one contact that each of them sent.
    expect(theirAck.peerContacts).toHaveLength(4);
    for (let n = 0; n < 2; n++) {
      const update = await readMessage(reader);
      expect(update.type === 'peer-addresses' && update.peerContacts.map((signed) => contactPeerId(signed.contact))).toContain(server.peerId);
    }
    expect(closed).toEqual([]);
  });
});
