import { generateKeyPairFromSeed } from '@libp2p/crypto/keys';
import { multiaddr } from '@multiformats/multiaddr';
import { afterEach, describe, expect, it } from 'vitest';
import { encodeFrame } from '../wire/discovery.ts';
import type { HandshakeAck, SignedPeerContact } from '../wire/discovery.ts';
import { parseMultiaddr } from '../../../network/addresses.ts';
import { systemClock, systemRandom } from '../../../base/system.ts';
import { contactPeerId, signContact } from './contact-signature.ts';
import { DISCOVERY_PROTOCOL } from './discovery.ts';
import { addressOf, fastTimers, joined, nextEvent, startClient, startNode, stopAll } from '../../../../test/support/node-fixture.ts';
import { rawJoin, readMessage, startRawPeer, stopRawPeers } from '../../../../test/support/raw-peer-fixture.ts';

afterEach(async () => {
  await stopAll();
  await stopRawPeers();
});

async function contactOf(seed: number, services = 9): Promise<SignedPeerContact> {
  const key = await generateKeyPairFromSeed('Ed25519', new Uint8Array(32).fill(seed));
  return signContact(key, { addresses: [parseMultiaddr('/dns4/x.example/tcp/443/wss')!.bytes], publicKey: key.publicKey.raw, services, validatorInfo: undefined, timestamp: Math.floor(Date.now() / 1000) - 60 });
}

/** The code with which the server closes the connection of a peer whose acknowledgement is altered. */
async function endOf(ack: (message: HandshakeAck) => HandshakeAck): Promise<string> {
  const server = await startNode();
  const closed = nextEvent(server.events, 'connection-close');
  const raw = await startRawPeer();
  rawJoin(raw, addressOf(server), { ack }).catch(() => undefined);
  return (await closed).code;
}

describe('discovery', () => {
  it('joins a peer that follows the protocol, and sends it contacts', async () => {
    const server = await startNode();
    const other = await startNode({ seeds: [addressOf(server)] });
    await joined(server, other);
    const raw = await startRawPeer();
    const joining = nextEvent(server.events, 'joined', (peer) => peer.id === raw.id);
    const { theirAck } = await rawJoin(raw, addressOf(server));
    expect(await joining).toMatchObject({ id: raw.id, services: 9 });
    expect(theirAck.updateInterval).toBe(60);
    expect(theirAck.peerContact.contact.timestamp).toBeLessThan(Date.now() / 1000 - 50);
    expect(theirAck.peerContacts.map((signed) => contactPeerId(signed.contact))).toEqual([other.peerId]);
  });

  it('keeps only the good ones of the received contacts, and passes them on', async () => {
    const server = await startNode();
    const raw = await startRawPeer();
    const good = await contactOf(1);
    const learned = nextEvent(server.events, 'contacts');
    await rawJoin(raw, addressOf(server), {
      ack: (ack) => ({ ...ack, peerContacts: [{ ...good, signature: new Uint8Array(64) }, good] }),
    });
    // The other contact is the raw peer's own.
    expect((await learned).size).toBe(2);
    const second = await startRawPeer();
    const { theirAck } = await rawJoin(second, addressOf(server));
    expect(theirAck.peerContacts.map((signed) => contactPeerId(signed.contact)).sort()).toEqual([contactPeerId(good.contact), raw.id].sort());
  });

  it('never dials a loopback address from a contact', async () => {
    const hidden = await startNode();
    const server = await startNode({ seeds: [addressOf(hidden)] });
    await joined(server, hidden);
    const client = await startClient([server], { allowInsecure: true });
    const dialled: string[] = [];
    client.events.on('dialing', ({ address }) => dialled.push(address));
    await nextEvent(client.events, 'contacts');
    await joined(client, server);
    expect(dialled.filter((address) => address !== addressOf(server))).toEqual([]);
    expect(client.peers()).toHaveLength(1);
  });

  it('closes the connection on a second discovery stream', async () => {
    const server = await startNode();
    const raw = await startRawPeer();
    const { connection } = await rawJoin(raw, addressOf(server));
    const closed = nextEvent(server.events, 'connection-close');
    await connection.newStream(DISCOVERY_PROTOCOL).catch(() => undefined);
    expect((await closed).code).toBe('duplicate-discovery-stream');
  });

  it('opens exactly one stream itself', async () => {
    const server = await startNode();
    const raw = await startRawPeer();
    const { connection } = await rawJoin(raw, addressOf(server));
    expect(connection.streams.filter((stream) => stream.protocol === DISCOVERY_PROTOCOL && stream.direction === 'inbound')).toHaveLength(1);
  });

  it('refuses impostors', async () => {
    const foreign = await contactOf(2);
    expect(await endOf((ack) => ({ ...ack, peerContact: foreign }))).toBe('wrong-identity');
    expect(await endOf((ack) => ({ ...ack, responseSignature: new Uint8Array(64) }))).toBe('bad-challenge');
    expect(await endOf((ack) => ({ ...ack, peerContact: { ...ack.peerContact, signature: new Uint8Array(64) } }))).toBe('bad-contact');
    expect(await endOf((ack) => ({ ...ack, peerContact: { ...ack.peerContact, contact: { ...ack.peerContact.contact, services: 27 } } }))).toBe('bad-contact');
  });

  it('refuses another genesis', async () => {
    const server = await startNode();
    const raw = await startRawPeer();
    const closed = nextEvent(server.events, 'connection-close');
    rawJoin(raw, addressOf(server), { handshake: (message) => ({ ...message, genesisHash: 'ab'.repeat(32) }) }).catch(() => undefined);
    expect((await closed).code).toBe('wrong-genesis');
  });

  it('refuses messages in the wrong order and updates that come too often', async () => {
    const server = await startNode();
    for (const [message, code] of [[{ type: 'handshake', observedAddress: new Uint8Array(), challengeNonce: new Uint8Array(32), genesisHash: 'ab'.repeat(32), limit: 1, services: 0 }, 'unexpected-discovery-message'], [{ type: 'peer-addresses', peerContacts: [] }, 'too-frequent-updates']] as const) {
      const raw = await startRawPeer();
      const closed = nextEvent(server.events, 'connection-close', (event) => event.peer === raw.id);
      const { out } = await rawJoin(raw, addressOf(server));
      out.send(encodeFrame(message));
      if (message.type === 'peer-addresses') out.send(encodeFrame(message));
      expect((await closed).code).toBe(code);
    }
  });

  it('gives up on a peer that stays silent', async () => {
    const server = await startNode({ clock: fastTimers(20) });
    const raw = await startRawPeer();
    const closed = nextEvent(server.events, 'connection-close');
    await raw.libp2p.dial(multiaddr(addressOf(server)));
    expect((await closed).code).toBe('discovery-timeout');
  });

  it('sends updates with its own contact as requested, but not more often than every 30 seconds', async () => {
    const asked: number[] = [];
    const server = await startNode({
      clock: { ...systemClock, after: (ms, callback) => {
        if (ms < 30_000) return systemClock.after(ms, callback);
        asked.push(ms);
        return systemClock.after(0, asked.length > 2 ? () => undefined : callback);
      } },
    });
    const raw = await startRawPeer();
    const { reader } = await rawJoin(raw, addressOf(server), { ack: (ack) => ({ ...ack, updateInterval: 1 }) });
    const update = await readMessage(reader);
    expect(update.type === 'peer-addresses' && update.peerContacts.map((signed) => contactPeerId(signed.contact))).toEqual([server.peerId]);
    expect(asked[0]).toBe(30_000);
  });

  it('survives garbage: frames, lengths, and streams closed at any moment', async () => {
    const server = await startNode();
    const header = (length: number) => {
      const bytes = new Uint8Array(12);
      new DataView(bytes.buffer).setUint32(0, 0x42042042);
      new DataView(bytes.buffer).setUint32(4, length);
      return bytes;
    };
    for (let round = 0; round < 12; round++) {
      const raw = await startRawPeer();
      const closed = nextEvent(server.events, 'connection-close', (event) => event.peer === raw.id);
      const connection = await raw.libp2p.dial(multiaddr(addressOf(server)));
      const out = await connection.newStream(DISCOVERY_PROTOCOL);
      const garbage = systemRandom.bytes(1 + Math.floor(Math.random() * 500));
      if (round % 4 === 0) out.send(garbage.length < 12 ? new Uint8Array(12) : garbage);
      else if (round % 4 === 1) out.send(header(0xffff_ffff));
      else if (round % 4 === 2) out.send(Uint8Array.of(...header(garbage.length), ...garbage));
      else out.abort(new Error('gone'));
      expect(['malformed-discovery', 'unexpected-discovery-message', 'discovery-closed', 'remote-closed', 'wrong-genesis']).toContain((await closed).code);
    }
    expect(server.peers()).toEqual([]);
  });
});
