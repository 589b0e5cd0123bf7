import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createDevnet, type Devnet } from '../../devnet/devnet.ts';
import { encodeFrame, FRAME_HEADER_SIZE, type PeerAddresses, signedPeerContact } from '../../src/chains/albatross/wire/discovery.ts';
import { concatBytes, toHex } from '../../src/base/bytes.ts';
import { encodeGossip, headerMessageOf } from '../../src/chains/albatross/wire/gossip.ts';
import { encode } from '../../src/base/postcard/codec.ts';
import { type Head, encodeRequest, encodeResponse, encodeResponseError, MAX_RESPONSE_SIZE, type RequestKind, requests } from '../../src/chains/albatross/wire/requests.ts';
import type { Hash } from '../../src/base/hash.ts';
import { signContact } from '../../src/chains/albatross/net/contact-signature.ts';
import { DISCOVERY_PROTOCOL } from '../../src/chains/albatross/net/discovery.ts';
import { withBadSignature } from '../support/fake-chain.ts';
import { stopRawPeers } from '../support/raw-peer-fixture.ts';
import type { HandlerAnswer } from '../../src/chains/albatross/net/request-server.ts';
import { systemRandom } from '../../src/base/system.ts';
import { type NodeClient, startNodeClient } from '../support/node-client.ts';
import { startRudeClient } from '../support/rude-client.ts';
import { rawClient, type RudePeer, rudePeer, type Rudeness } from '../support/rude-peer.ts';

/** Milliseconds, longer than any time limit of a peer: a silent client has 10 s for its head and 20 s for a ping. */
const PATIENCE = { timeout: 240_000 * Number(process.env['PETREL_SLOWNESS'] ?? 1) };

async function idOf(client: NodeClient): Promise<string> {
  await client.until('its node', () => client.node !== undefined);
  return client.node!.peerId;
}

/** Networks that single tests opened. */
const open: Devnet[] = [];
afterEach(async () => {
  for (const made of open.splice(0)) await made.close();
});

/** A network that waits only as long as official nodes. In the other tests the peers wait longer. */
async function impatient(): Promise<Devnet> {
  const made = await createDevnet({ port: 0, peers: 1, blockTime: 0, seed: 'strict and impatient', zkp: 'none', patience: 1 });
  open.push(made);
  return made;
}

const expelledOf = (devnet: Devnet, id: string) => devnet.eventsOf('expelled').flatMap(({ remote, reason }) => (remote === id ? [reason] : []));

describe('a Petrel client that a peer asks for its head', () => {
  let devnet: Devnet;
  let client: NodeClient | undefined;
  beforeAll(async () => {
    devnet = await createDevnet({ port: 0, peers: 3, blockTime: 0, seed: 'strict', zkp: 'none' });
    await devnet.produce(100);
  });
  afterEach(async () => {
    await client?.close();
    client = undefined;
  });
  afterAll(() => devnet.close());

  const head = (blockNumber: number): Head => ({ blockNumber, blockHash: 'aa'.repeat(32), macroHash: 'bb'.repeat(32), electionHash: 'cc'.repeat(32) });
  const tooLarge = new Uint8Array(8);
  new DataView(tooLarge.buffer).setBigUint64(0, BigInt(MAX_RESPONSE_SIZE + 1));

  const dropped: Readonly<Record<string, readonly [HandlerAnswer<'head'>, string]>> = {
    'says that nobody receives it': [{ raw: encodeResponseError('no-receiver') }, 'head:no-receiver'],
    'says that it is too often': [{ raw: encodeResponseError('rate-limited') }, 'head:rate-limited'],
    'answers what does not decode': [{ raw: encodeResponse('head', head(300)).slice(0, 50) }, 'head:malformed'],
    'answers more than there may be': [{ frame: tooLarge }, 'head:too-large'],
    'resets the stream': ['reset', 'head:refused'],
    'is silent': ['stall', 'head:timeout'],
  };
  for (const [what, [answer, reason]] of Object.entries(dropped)) {
    it(`and ${what}: dropped, ${reason}`, async () => {
      const asked = answer === 'stall' ? await impatient() : devnet;
      client = await startRudeClient(asked.network, 'head', () => answer);
      const id = await idOf(client);
      await Promise.all(asked.peers.map(({ index }) => asked.waitFor('expelled', (event) => event.peer === index && event.remote === id, PATIENCE)));
      expect(new Set(expelledOf(asked, id))).toEqual(new Set([reason]));
      await asked.waitFor('left', (event) => event.remote === id && event.reason === reason);
    });
  }

  for (const [what, height, live] of [['too far behind', 264, false], ['just in sync', 265, true], ['as far ahead as may be', 364, true], ['too far ahead', 365, false]] as const) {
    it(`and is ${what}: not dropped, ${live ? 'live' : 'not live'}`, async () => {
      client = await startRudeClient(devnet.network, 'head', () => head(height));
      const id = await idOf(client);
      await Promise.all(devnet.peers.map(({ index }) => devnet.waitFor('checked', (event) => event.peer === index && event.remote === id)));
      await devnet.look();
      expect(devnet.eventsOf('checked').filter(({ remote }) => remote === id).every((event) => event.live === live && event.by === 'head' && event.height === height)).toBe(true);
      expect(devnet.peers.map(({ info }) => info.clients)).toEqual(devnet.peers.map(() => ({ live: live ? 1 : 0, incompatible: live ? 0 : 1, outdated: 0 })));
      expect(expelledOf(devnet, id)).toEqual([]);
    });
  }

  it('and answers truly: never dropped, and live at the next look', async () => {
    client = await startNodeClient({ network: devnet.network });
    const id = await idOf(client);
    await client.until('at the head', (it) => it.getStatus().consensus === 'established' && it.getHead().latest.hash === devnet.chain.head.hash);
    await Promise.all(devnet.peers.map(({ index }) => devnet.waitFor('checked', (event) => event.peer === index && event.remote === id)));
    await devnet.look();
    expect(devnet.peers.map(({ info }) => info.clients)).toEqual(devnet.peers.map(() => ({ live: 1, incompatible: 0, outdated: 0 })));
    expect(expelledOf(devnet, id)).toEqual([]);
  });
});

describe('a hand-made client', () => {
  let devnet: Devnet;
  beforeAll(async () => {
    // The first epoch is pruned at the end of the second. The rate window is long, because on a busy machine a client may need more
    // than 10 s to flood the peer.
    devnet = await createDevnet({ port: 0, peers: 1, blockTime: 0, seed: 'strict by hand', zkp: 'none', epochs: 1, rateWindow: 1_000_000 });
  });
  afterEach(stopRawPeers);
  afterAll(() => devnet.close());

  const live = (id: string, from = 0) => devnet.waitFor('checked', (event) => event.remote === id && event.live, { from });
  const updates = (peer: RudePeer, n: number): void => {
    for (let i = 0; i < n; i++) peer.out.send(encodeFrame({ type: 'peer-addresses', peerContacts: [] }));
  };
  const ownContact = (raw: RudePeer['raw'], change: { readonly addresses?: readonly Uint8Array[]; readonly timestamp?: number }) =>
    signContact(raw.key, { addresses: [], publicKey: raw.key.publicKey.raw, services: 0, validatorInfo: undefined, timestamp: Math.floor(Date.now() / 1000) - 60, ...change });

  it('without a fault is accepted, and becomes live', async () => {
    const { raw, connection } = await rudePeer(devnet, await rawClient(devnet));
    await live(raw.id);
    expect(connection.status).toBe('open');
    expect(expelledOf(devnet, raw.id)).toEqual([]);
  });

  type Row = { readonly come?: (raw: RudePeer['raw']) => Rudeness | Promise<Rudeness>; readonly after?: (peer: RudePeer) => unknown; readonly reason: string };
  const rows: Readonly<Record<string, Row>> = {
    'speaks no ping': { come: () => ({ before: (raw) => raw.libp2p.unhandle('/ipfs/ping/1.0.0') }), reason: 'no-ping' },
    'answers no ping': {
      come: () => ({ before: async (raw) => {
        await raw.libp2p.unhandle('/ipfs/ping/1.0.0');
        await raw.libp2p.handle('/ipfs/ping/1.0.0', () => undefined);
      } }),
      reason: 'no-ping',
    },
    'opens a second discovery stream': { after: ({ connection }) => connection.newStream(DISCOVERY_PROTOCOL).catch(() => undefined), reason: 'duplicate-discovery-stream' },
    'sends what is no frame': { after: ({ out }) => out.send(new Uint8Array(32).fill(9)), reason: 'malformed-discovery' },
    'sends what does not decode': { after: ({ out }) => out.send(garbled()), reason: 'malformed-discovery' },
    'says who it is a second time': {
      after: ({ out }) => out.send(encodeFrame({ type: 'handshake', observedAddress: new Uint8Array(), challengeNonce: new Uint8Array(32), genesisHash: 'aa'.repeat(32), limit: 64, services: 8 })),
      reason: 'unexpected-discovery-message',
    },
    'sends contacts twice within 30 s': { after: (peer) => updates(peer, 2), reason: 'too-frequent-updates' },
    'sends more than 64 contacts': { after: async ({ out, raw }) => out.send(tooMany(await ownContact(raw, {}))), reason: 'malformed-discovery' },
    'is on another chain': { come: () => ({ handshake: (message) => ({ ...message, genesisHash: 'ab'.repeat(32) }) }), reason: 'wrong-genesis' },
    'does not sign the nonce': { come: () => ({ ack: (message) => ({ ...message, responseSignature: new Uint8Array(64) }) }), reason: 'bad-challenge' },
    'has more than 15 addresses': {
      come: async (raw) => {
        const peerContact = await ownContact(raw, { addresses: Array.from({ length: 16 }, (_, i) => Uint8Array.of(4, 10, 0, 0, i, 6, 0x20, 0xfb, 0xdd, 3)) });
        return { ack: (message) => ({ ...message, peerContact }) };
      },
      reason: 'bad-contact',
    },
    'passes on a contact that nobody signed': {
      come: async (raw) => {
        const { contact } = await ownContact(raw, {});
        return { ack: (message) => ({ ...message, peerContacts: [{ contact, signature: new Uint8Array(64) }] }) };
      },
      reason: 'bad-contact',
    },
  };
  for (const [what, { come, after, reason }] of Object.entries(rows)) {
    it(`that ${what}: dropped, ${reason}`, async () => {
      const asked = reason === 'no-ping' ? await impatient() : devnet;
      const raw = await rawClient(asked);
      const peer = rudePeer(asked, raw, await come?.(raw));
      if (after) await after(await peer);
      else peer.catch(() => undefined);
      await asked.waitFor('expelled', (event) => event.remote === raw.id, PATIENCE);
      expect(expelledOf(asked, raw.id)).toEqual([reason]);
    });
  }

  it('with a contact from the future never joins', async () => {
    const raw = await rawClient(devnet);
    const peerContact = await ownContact(raw, { timestamp: Math.floor(Date.now() / 1000) + 600 });
    const peer = await rudePeer(devnet, raw, { ack: (message) => ({ ...message, peerContact }) });
    // The peer still reads the messages after the handshake.
    updates(peer, 2);
    await devnet.waitFor('expelled', (event) => event.remote === raw.id && event.reason === 'too-frequent-updates');
    expect(devnet.eventsOf('joined').filter(({ remote }) => remote === raw.id)).toEqual([]);
  });

  describe('with requests', () => {
    const at = (height: number): Hash => devnet.chain.at(height)!.hash;
    const NO_RECEIVER = '0101';
    const LIMITED = '0104';
    const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
    const bodies: Readonly<Partial<Record<RequestKind, () => Uint8Array>>> = {
      head: () => encodeRequest('head', {}),
      'macro-chain': () => encodeRequest('macro-chain', { locators: [at(200)], maxEpochs: 10 }),
      block: () => encodeRequest('block', { hash: at(200), includeBody: false }),
      'missing-blocks': () => encodeRequest('missing-blocks', { targetHash: at(328), includeBody: false, locators: [at(328)], direction: 'forward' }),
      subscribe: () => encodeRequest('subscribe', { operation: 'subscribe', addresses: [] }),
    };
    /** Number of requests answered in a row, before one exceeds the limit. */
    const taken = async (peer: RudePeer, request: Uint8Array, most: number): Promise<number> => {
      for (let n = 0; n < most; n++) if (hex(await peer.ask(request)) === LIMITED) return n;
      return most;
    };

    for (const [kind, limit] of [['macro-chain', 20], ['block', 200], ['missing-blocks', 200], ['head', 50], ['subscribe', 10]] as const) {
      it(`${kind}: ${limit} in 10 s are answered, the next is refused, and the client is not dropped for it`, async () => {
        expect(requests[kind].perWindow).toBe(limit);
        const peer = await rudePeer(devnet, await rawClient(devnet));
        await live(peer.raw.id);
        expect(await taken(peer, bodies[kind]!(), limit + 1)).toBe(limit);
        expect(hex(await peer.ask(bodies[kind === 'head' ? 'block' : 'head']!())).slice(0, 2)).toBe('00');
        expect(expelledOf(devnet, peer.raw.id)).toEqual([]);
      });
    }

    it('above the limit is still limited after it reconnects', async () => {
      const seed = systemRandom.bytes(32);
      const first = await rudePeer(devnet, await rawClient(devnet, seed));
      expect(await taken(first, bodies.head!(), 51)).toBe(50);
      await first.raw.libp2p.stop();
      await devnet.waitFor('left', (event) => event.remote === first.raw.id);
      const second = await rudePeer(devnet, await rawClient(devnet, seed));
      expect(second.raw.id).toBe(first.raw.id);
      expect(hex(await second.ask(bodies.head!()))).toBe(LIMITED);
      const other = await rudePeer(devnet, await rawClient(devnet));
      expect(hex(await other.ask(bodies.head!())).slice(0, 2)).toBe('00');
    });

    it('of unknown kinds is refused each time, without a limit', async () => {
      const peer = await rudePeer(devnet, await rawClient(devnet));
      for (const type of [202, 204, 999]) {
        const wire = type * 2 + 1;
        for (let i = 0; i < 3; i++) expect(hex(await peer.ask(Uint8Array.of((wire & 0x7f) | 0x80, wire >> 7)))).toBe(NO_RECEIVER);
      }
    });

    it('with more than 100 locators is refused', async () => {
      const peer = await rudePeer(devnet, await rawClient(devnet));
      const locators = (n: number): Hash[] => Array.from({ length: n }, () => at(200));
      expect(hex(await peer.ask(encodeRequest('macro-chain', { locators: locators(100), maxEpochs: 10 }))).slice(0, 4)).toBe('0000');
      expect(hex(await peer.ask(encodeRequest('macro-chain', { locators: locators(101), maxEpochs: 10 })))).toBe('000101');
      expect(hex(await peer.ask(encodeRequest('missing-blocks', { targetHash: at(328), includeBody: false, locators: locators(101), direction: 'forward' })))).toBe('000103');
    });

    it('for pruned blocks gets none of them', async () => {
      const [old, checkpoint] = [at(210), at(232)];
      const askAll = async (peer: RudePeer): Promise<string[]> => {
        const answers = [];
        for (const request of [
          encodeRequest('block', { hash: old, includeBody: false }),
          encodeRequest('block', { hash: checkpoint, includeBody: false }),
          encodeRequest('missing-blocks', { targetHash: old, includeBody: false, locators: [at(200)], direction: 'forward' }),
          encodeRequest('missing-blocks', { targetHash: at(340), includeBody: false, locators: [old], direction: 'forward' }),
          encodeRequest('macro-chain', { locators: [checkpoint], maxEpochs: 1 }),
        ]) answers.push(hex(await peer.ask(request)).slice(0, 6));
        return answers;
      };
      await devnet.produce(12);
      const peer = await rudePeer(devnet, await rawClient(devnet));
      expect((await askAll(peer)).map((answer) => answer.slice(0, 4))).toEqual(['0000', '0000', '0000', '0000', '0000']);
      await devnet.produce(456 - devnet.chain.head.height);
      expect(await askAll(peer)).toEqual(['000100', '000100', '000101', '000102', '000100']);
    });
  });

  it('that passes on what is not valid is refused each time', async () => {
    const { raw } = await rudePeer(devnet, await rawClient(devnet));
    await live(raw.id);
    const { pubsub } = raw.libp2p.services;
    await expect.poll(() => pubsub.getSubscribers('block-header').length, PATIENCE).toBe(1);
    const { block } = devnet.chain.at(devnet.chain.head.height - 1)!;
    const message = headerMessageOf(block)!;
    const header = { ...message.header, timestamp: message.header.timestamp + 1 };
    const copy = headerMessageOf(withBadSignature({ block, hash: '', height: 0 }).block)!;
    for (const payload of [encodeGossip('block-header', message), encodeGossip('block-header', { ...message, header } as typeof message), encodeGossip('block-header', copy), Uint8Array.of(7)]) await pubsub.publish('block-header', payload);
    const refused = () => devnet.eventsOf('gossip-refused').flatMap(({ from, reason }) => (from === raw.id ? [reason] : []));
    await expect.poll(() => refused().length, PATIENCE).toBe(3);
    expect(refused()).toEqual(['invalid', 'other-copy', 'malformed']);
  });

  it('that announces more than 20 headers in 10 s is not heard beyond that', async () => {
    const { raw } = await rudePeer(devnet, await rawClient(devnet));
    await live(raw.id);
    const { pubsub } = raw.libp2p.services;
    await expect.poll(() => pubsub.getSubscribers('block-header').length, PATIENCE).toBe(1);
    const message = headerMessageOf(devnet.chain.head.block)!;
    for (let i = 0; i < 25; i++) {
      const header = { ...message.header, parentHash: toHex(systemRandom.bytes(32)) };
      await pubsub.publish('block-header', encodeGossip('block-header', { ...message, header } as typeof message));
    }
    await expect.poll(() => devnet.eventsOf('gossip').filter(({ from }) => from === raw.id).length, PATIENCE).toBe(25);
    expect(devnet.eventsOf('gossip-dropped').filter(({ from, topic }) => from === raw.id && topic === 'block-header')).toHaveLength(5);
    expect(expelledOf(devnet, raw.id)).toEqual([]);
  });
});

/** A frame whose body is no valid message. */
function garbled(): Uint8Array {
  const frame = encodeFrame({ type: 'peer-addresses', peerContacts: [] });
  frame[FRAME_HEADER_SIZE] = 7;
  return frame;
}

/** A frame with 65 contacts, which Petrel's codec would refuse to make. */
function tooMany(contact: PeerAddresses['peerContacts'][number]): Uint8Array {
  const frame = encodeFrame({ type: 'peer-addresses', peerContacts: Array.from({ length: 64 }, () => contact) });
  const whole = concatBytes(frame, encode(signedPeerContact, contact));
  new DataView(whole.buffer).setUint32(4, whole.length - FRAME_HEADER_SIZE);
  whole[FRAME_HEADER_SIZE + 1] = 65;
  return whole;
}
