import { peerIdFromPublicKey } from '@libp2p/peer-id';
import { publicKeyFromRaw } from '@libp2p/crypto/keys';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../devnet/seeded-random.ts';
import type { SignedPeerContact } from '../../src/chains/albatross/wire/discovery.ts';
import { parseMultiaddr, subnetOf } from '../../src/network/addresses.ts';
import { Dialer } from '../../src/network/node/dialer.ts';
import { ContactBook } from '../../src/chains/albatross/net/contact-book.ts';
import { dialTarget } from '../../src/network/node/dial-candidate.ts';
import { BanList } from '../../src/network/ban-list.ts';
import { SettlingClock } from '../support/settling-clock.ts';

const NOW = 1_800_000_000_000;
const RUNS = 100;

/** The contact of the peer with this key. These tests do not check its signature. */
function contactOf(key: Uint8Array, addresses: readonly string[]): SignedPeerContact {
  return { contact: { addresses: addresses.map((text) => parseMultiaddr(text)!.bytes), publicKey: key, services: 25, validatorInfo: undefined, timestamp: NOW / 1000 - 5 }, signature: new Uint8Array(64) };
}

const idOf = (key: Uint8Array) => peerIdFromPublicKey(publicKeyFromRaw(key)).toString();
const addressOf = (name: string) => `/dns4/${name}.example/tcp/443/wss`;

/** A dialer with simulated peers: `there` maps an address to the peer that answers at it; all other addresses are silent. */
function world(seed: number, desiredPeers = 6) {
  const random = seededRandom('squatted', String(seed));
  const clock = new SettlingClock(NOW);
  const bans = new BanList(clock);
  const book = new ContactBook({ clock, random, ownId: 'me', requiredServices: 8, allowInsecure: false });
  const there = new Map<string, string>();
  const connected = new Map<string, { subnet: string }>();
  const dials: string[] = [];
  const dialer = new Dialer({
    clock, random, bans, book, seeds: [], allowInsecure: false, desiredPeers,
    connected: () => connected,
    dial: (candidate) => {
      dials.push(candidate.address.text);
      const peer = there.get(candidate.address.text);
      if (peer === undefined) return new Promise<never>(() => undefined);
      // libp2p makes this check when the dialled address names a peer.
      const demanded = /\/p2p\/(\w+)$/.exec(dialTarget(candidate))?.[1];
      if (demanded !== undefined && demanded !== peer) return Promise.reject(Object.assign(new Error('another'), { code: 'wrong-identity' }));
      if (connected.has(peer)) return Promise.reject(Object.assign(new Error('twice'), { code: 'duplicate', peer }));
      connected.set(peer, { subnet: subnetOf(candidate.socket, peer) });
      return Promise.resolve(peer);
    },
    dialing: () => undefined, endArriving: () => undefined, down: () => undefined, unusable: () => undefined,
  });
  const tell = (signed: SignedPeerContact, network: string, own = false) => book.add(signed, { network, own }, { verified: true });
  return { random, clock, bans, book, there, connected, dials, dialer, tell };
}

/**
 * How often, in a hundred runs, the client reaches the honest peer. `squat` makes strangers send their contacts before or after the
 * honest contact arrives.
 */
async function reached(squat: (w: ReturnType<typeof world>, honest: string) => Promise<void>, order: 'before' | 'after'): Promise<number> {
  let count = 0;
  for (let run = 0; run < RUNS; run++) {
    const w = world(run);
    const key = w.random.bytes(32);
    const honest = addressOf(`honest${run}`);
    w.there.set(honest, idOf(key));
    if (order === 'before') await squat(w, honest);
    await w.tell(contactOf(key, [honest]), 'friend');
    if (order === 'after') await squat(w, honest);
    w.dialer.start();
    await w.clock.advance(10_000);
    if (w.connected.has(idOf(key))) count++;
  }
  return count;
}

describe('issue 11.6: no stranger prevents the dial of an honest address', () => {
  for (const order of ['before', 'after'] as const) {
    it(`by a contact of another peer at this address (${order})`, async () => {
      expect(await reached(async (w, honest) => void (await w.tell(contactOf(w.random.bytes(32), [honest]), 'stranger')), order)).toBe(RUNS);
    });

    it(`by a contact of a banned peer (${order})`, async () => {
      expect(await reached(async (w, honest) => {
        const key = w.random.bytes(32);
        w.bans.add(idOf(key), 3_600_000, 'liar');
        await w.tell(contactOf(key, [honest]), 'stranger');
      }, order)).toBe(RUNS);
    });

    it(`by its own contact, as a connected peer (${order})`, async () => {
      expect(await reached(async (w, honest) => {
        const key = w.random.bytes(32);
        w.connected.set(idOf(key), { subnet: 'stranger' });
        await w.tell(contactOf(key, [honest]), 'stranger', true);
      }, order)).toBe(RUNS);
    });

    it(`by contacts of twenty of its identities with this address, which are silent at their other addresses (${order})`, async () => {
      expect(await reached(async (w, honest) => {
        for (let n = 0; n < 20; n++) await w.tell(contactOf(w.random.bytes(32), [addressOf(`silent${n}`), honest]), 'stranger');
      }, order)).toBe(RUNS);
    });
  }

  it('by ten thousand contacts: the client dials 100 of 100 honest contacts, received before and after the flood', async () => {
    const w = world(0, 1000);
    const honest: string[] = [];
    const tellHonest = async () => {
      const key = w.random.bytes(32);
      const address = addressOf(`honest${honest.length}`);
      honest.push(address);
      w.there.set(address, idOf(key));
      await w.tell(contactOf(key, [address]), 'friend');
    };
    for (let n = 0; n < 50; n++) await tellHonest();
    for (let n = 0; n < 10_000; n++) await w.tell(contactOf(w.random.bytes(32), [addressOf(`silent${n}`), addressOf(`quiet${n}`)]), 'stranger');
    for (let n = 0; n < 50; n++) await tellHonest();
    expect(w.book.size).toBeLessThan(512);
    w.dialer.start();
    await w.clock.advance(60_000);
    expect(honest.filter((address) => w.dials.includes(address))).toHaveLength(RUNS);
    expect(w.connected.size).toBe(RUNS);
  });

  it('by a flood from as many networks as a client has peers: all of the few contacts of a friend stay in the book', async () => {
    const w = world(1);
    const friends = Array.from({ length: 20 }, (_, n) => addressOf(`friend${n}`));
    for (const address of friends) await w.tell(contactOf(w.random.bytes(32), [address]), 'friend');
    for (let n = 0; n < 10_000; n++) await w.tell(contactOf(w.random.bytes(32), [addressOf(`silent${n}`)]), `stranger${n % 12}`);
    const told = w.book.dialable().flatMap(({ addresses }) => addresses.map(({ text }) => text));
    expect(friends.filter((address) => told.includes(address))).toEqual(friends);
  });

  it("by contacts that push a friend's contact out of the book", async () => {
    const w = world(2);
    const key = w.random.bytes(32);
    const contact = contactOf(key, [addressOf('friend')]);
    // The stranger sends this contact first, and its own flood pushes the stranger's copy out.
    await w.tell(contact, 'stranger');
    await w.tell(contact, 'friend');
    for (let n = 0; n < 2_000; n++) await w.tell(contactOf(w.random.bytes(32), [addressOf(`silent${n}`)]), 'stranger');
    expect(w.book.dialable().map(({ peerId }) => peerId)).toContain(idOf(key));
  });
});
