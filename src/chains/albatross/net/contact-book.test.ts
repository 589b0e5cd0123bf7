import { generateKeyPairFromSeed } from '@libp2p/crypto/keys';
import { describe, expect, it } from 'vitest';
import { contactSize, encodeFrame, fittingContacts, MAX_FRAME_BODY_SIZE } from '../wire/discovery.ts';
import type { PeerContact } from '../wire/discovery.ts';
import { parseMultiaddr } from '../../../network/addresses.ts';
import { SettlingClock } from '../../../../test/support/settling-clock.ts';
import { systemRandom } from '../../../base/system.ts';
import { ContactBook } from './contact-book.ts';
import { contactPeerId, signContact } from './contact-signature.ts';
import { OwnContact } from './own-contact.ts';

/** A peer that reports contacts. */
const TELLER = { network: 'teller', own: false };
const clock = () => new SettlingClock(1_800_000_000_000);
const NOW = 1_800_000_000;
const BROWSER = '/dns4/relay.example/tcp/443/wss/p2p/12D3KooWAzabxK2xhwGQuTUYjbcFT9SZcNvPS1cvj7bPMe2Rh9qF/p2p-circuit/webrtc/p2p/12D3KooWDpJ7As7BWAwRMfu1VU2WCqNjvq387JEYKDBj4kx6nXTN';
const key = (n: number) => generateKeyPairFromSeed('Ed25519', new Uint8Array(32).map((_, i) => (i === 0 ? n & 255 : i === 1 ? n >> 8 : 9)));

async function contact(n: number, fields: Partial<PeerContact> & { addresses?: readonly Uint8Array[] } = {}) {
  const identity = await key(n);
  const addresses = [parseMultiaddr(`/dns4/node${n}.example/tcp/443/wss`)!.bytes];
  return signContact(identity, { addresses, publicKey: identity.publicKey.raw, services: 25, validatorInfo: undefined, timestamp: NOW - 10, ...fields });
}

function book(time = clock(), ownId = 'me') {
  return new ContactBook({ clock: time, random: systemRandom, ownId, requiredServices: 8, allowInsecure: false });
}

describe('ContactBook', () => {
  it('stores contacts that are signed, fresh and useful', async () => {
    const contacts = book();
    const signed = await contact(1);
    expect(await contacts.add(signed, TELLER)).toBe('stored');
    expect(await contacts.add(signed, TELLER)).toBe('known');
    expect(await contacts.add(await contact(1, { timestamp: NOW }), TELLER)).toBe('stored');
    expect(contacts.dialable()).toEqual([{ peerId: contactPeerId(signed.contact), addresses: [expect.objectContaining({ text: '/dns4/node1.example/tcp/443/wss' })], sources: new Set(['teller']) }]);
  });

  it('refuses all others', async () => {
    const signed = await contact(2);
    expect(await book().add({ ...signed, signature: new Uint8Array(64) }, TELLER)).toBe('invalid');
    expect(await book().add({ ...signed, signature: new Uint8Array(3) }, TELLER)).toBe('invalid');
    expect(await book().add({ ...signed, contact: { ...signed.contact, services: 27 } }, TELLER)).toBe('invalid');
    expect(await book().add({ ...signed, contact: { ...signed.contact, publicKey: new Uint8Array(32).fill(255) } }, TELLER)).toBe('invalid');
    expect(await book().add(await contact(2, { addresses: Array.from({ length: 16 }, () => signed.contact.addresses[0]!) }), TELLER)).toBe('invalid');
    expect(await book().add(await contact(2, { services: 1 }), TELLER)).toBe('services');
    expect(await book().add(await contact(2, { addresses: [] }), TELLER)).toBe('no-address');
    expect(await book().add(await contact(2, { timestamp: NOW - 1801 }), TELLER)).toBe('too-old');
    expect(await book().add(await contact(2, { timestamp: NOW + 61 }), TELLER)).toBe('future');
    expect(await book(clock(), contactPeerId(signed.contact)).add(signed, TELLER)).toBe('own');
  });

  it('keeps a contact whose addresses may not be dialled, to pass it on, and dials at most three addresses of one contact', async () => {
    const contacts = book();
    const bytes = (text: string) => parseMultiaddr(text)!.bytes;
    await contacts.add(await contact(3, { addresses: [bytes('/ip4/127.0.0.1/tcp/1/ws'), bytes('/ip4/8.8.8.8/tcp/1/ws')] }), TELLER);
    expect(contacts.dialable()).toEqual([]);
    expect(contacts.sample(10, 8, 'x')).toHaveLength(1);
    await contacts.add(await contact(4, { addresses: [1, 2, 3, 4, 5].map((n) => bytes(`/dns4/x${n}.example/tcp/443/wss`)) }), TELLER);
    expect(contacts.dialable()[0]?.addresses).toHaveLength(3);
  });

  it('issue 11.6: does not keep, to pass on, a contact that is large or has unreadable addresses', async () => {
    const contacts = book();
    const bytes = (text: string) => parseMultiaddr(text)!.bytes;
    const long = (length: number) => bytes(`/dns4/${'a'.repeat(length)}/tcp/443/wss`);
    const name = bytes('/dns4/ab.example/tcp/443/wss');
    const strange = [
      Uint8Array.of(1, 2), systemRandom.bytes(510).fill(255, 0, 1), new Uint8Array(), name.subarray(0, -1),
      // A name that is not UTF-8, a code in a longer form, and codes that not every node knows.
      name.map((byte, at) => (at === 3 ? 0xff : byte)), Uint8Array.of(name[0]! | 0x80, 0, ...name.subarray(1)), bytes('/memory/1'), bytes('/ip4/1.2.3.4/tcp/1/http'),
    ];
    for (const address of strange) expect([address, await contacts.add(await contact(20, { addresses: [name, address] }), TELLER)]).toEqual([address, 'strange-address']);
    expect(await contacts.add(await contact(20, { addresses: Array.from({ length: 15 }, () => long(500)) }), TELLER)).toBe('too-large');
    const unsigned = await contact(20);
    expect(await contacts.add({ ...unsigned, contact: { ...unsigned.contact, addresses: [long(600)] } }, TELLER)).toBe('too-large');
    expect(await contacts.add(await contact(20, { addresses: Array.from({ length: 15 }, () => long(130)) }), TELLER)).toBe('too-large');
    const short = { validatorInfo: { validatorAddress: new Uint8Array(20), signature: new Uint8Array(63) } };
    expect(await contacts.add(await contact(20, short), TELLER)).toBe('strange-signature');
    expect(contacts.size).toBe(0);
    // Usual contacts of nodes: below the bound even with the maximum number of addresses, some of which no browser can dial.
    const usual = ['/ip4/1.2.3.4/tcp/8443/ws', '/ip6/2a01:4f8::7/tcp/8443', '/dns4/a.example/tcp/443/tls/ws', '/dnsaddr/a.example', '/ip4/1.2.3.4/udp/4001/quic-v1', '/dns/a.example/tcp/443/wss/p2p/12D3KooWDpJ7As7BWAwRMfu1VU2WCqNjvq387JEYKDBj4kx6nXTN'].map(bytes);
    expect(await contacts.add(await contact(20, { addresses: [...usual, ...Array.from({ length: 9 }, () => long(100))] }), TELLER)).toBe('stored');
  });

  it('issue 11.6: a sample of the largest contacts kept fits in a message, whatever their source', async () => {
    const contacts = book();
    // 2048 bytes, which is the bound.
    const addresses = Array.from({ length: 15 }, (_, at) => parseMultiaddr(`/dns4/${'a'.repeat(at === 0 ? 127 : at === 1 ? 133 : 120)}/tcp/443/wss`)!.bytes);
    const sizes = new Set<number | undefined>();
    for (let n = 100; n < 170; n++) {
      const signed = await contact(n, { addresses });
      sizes.add(contactSize(signed));
      await contacts.add(signed, TELLER, { verified: true });
    }
    expect([sizes, contacts.size]).toEqual([new Set([2048]), 70]);
    const sample = contacts.sample(64, 8, 'x');
    expect(fittingContacts(sample)).toEqual(sample);
    expect(encodeFrame({ type: 'peer-addresses', peerContacts: sample }).length).toBeLessThan(MAX_FRAME_BODY_SIZE / 2 + 100);
  });

  it('issue 11.7: does not dial an address on this machine or in its network that a stranger reports, in any spelling', async () => {
    const bytes = (text: string) => parseMultiaddr(text)!.bytes;
    const near = ['/dns4/127.0.0.1/tcp/443/wss', '/dns4/2130706433/tcp/443/wss', '/dns4/localhost./tcp/443/wss', '/ip4/0.0.0.0/tcp/80/ws', '/ip6/::ffff:127.0.0.1/tcp/80/ws', '/ip6/::ffff:10.0.0.1/tcp/80/ws', '/dns4/router/tcp/443/wss', '/dns4/nas.local/tcp/443/wss', '/dnsaddr/a.example/tcp/443/wss'];
    for (const [n, allowInsecure] of [[10, false], [11, true]] as const) {
      const contacts = new ContactBook({ clock: clock(), random: systemRandom, ownId: 'me', requiredServices: 8, allowInsecure });
      for (const text of near) expect([text, await contacts.add(await contact(n, { addresses: [bytes(text)], timestamp: NOW - 100 + near.indexOf(text) }), TELLER), contacts.dialable()]).toEqual([text, 'stored', []]);
    }
    const home = new ContactBook({ clock: clock(), random: systemRandom, ownId: 'me', requiredServices: 8, allowInsecure: true, privateContacts: true });
    await home.add(await contact(12, { addresses: [bytes('/ip4/192.168.1.2/tcp/80/ws'), bytes('/dns4/0x7f000001/tcp/80/ws')] }), TELLER);
    expect(home.dialable().flatMap(({ addresses }) => addresses.map(({ text }) => text))).toEqual(['/ip4/192.168.1.2/tcp/80/ws']);
  });

  it('passes on no addresses of browsers, and nothing about Petrel clients', async () => {
    const contacts = book();
    const plain = parseMultiaddr('/dns4/node8.example/tcp/443/wss')!.bytes;
    expect(await contacts.add(await contact(8, { addresses: [plain, parseMultiaddr(BROWSER)!.bytes] }), TELLER)).toBe('browser');
    const petrel = await contact(9);
    expect(await contacts.add(petrel, TELLER)).toBe('stored');
    contacts.keepOut(contactPeerId(petrel.contact)!);
    expect(contacts.size).toBe(0);
    expect(await contacts.add(await contact(9, { timestamp: NOW }), TELLER)).toBe('petrel');
    expect(contacts.sample(10, 0, 'x')).toEqual([]);
  });

  it('forgets contacts with age, passes on the requested ones, and is bounded', async () => {
    const time = clock();
    const contacts = book(time);
    const first = await contact(5);
    await contacts.add(first, TELLER);
    await contacts.add(await contact(6, { services: 8 }), TELLER);
    expect(contacts.sample(10, 1, 'x').map((signed) => contactPeerId(signed.contact))).toEqual([contactPeerId(first.contact)]);
    expect(contacts.sample(10, 1, contactPeerId(first.contact)!)).toEqual([]);
    // One network may fill 128 entries, all together 384.
    for (let n = 10; n < 150; n++) await contacts.add(await contact(n), TELLER, { verified: true });
    expect(contacts.size).toBe(128);
    for (let n = 150; n < 450; n++) await contacts.add(await contact(n), { network: `teller${n % 7}`, own: false }, { verified: true });
    expect(contacts.size).toBe(384);
    expect(contacts.sample(63, 8, 'x')).toHaveLength(63);
    await time.advance(1_800_001);
    contacts.prune();
    expect(contacts.size).toBe(0);
  });

  it('protects what peers report about themselves: other peers cannot displace it, and only a newer contact with the same key replaces it', async () => {
    const contacts = book();
    const own = await contact(1);
    expect(await contacts.add(own, { network: 'a', own: true }, { verified: true })).toBe('stored');
    for (let n = 10; n < 450; n++) await contacts.add(await contact(n), { network: `teller${n % 7}`, own: false }, { verified: true });
    expect(contacts.size).toBe(385);
    expect(contacts.dialable().some(({ peerId }) => peerId === contactPeerId(own.contact))).toBe(true);
    expect(await contacts.add({ ...own, contact: { ...own.contact, addresses: [], timestamp: NOW } }, TELLER)).toBe('no-address');
    expect(await contacts.add({ ...own, contact: { ...own.contact, timestamp: NOW } }, TELLER)).toBe('invalid');
    expect(await contacts.add(await contact(1, { timestamp: NOW }), TELLER)).toBe('stored');
  });

  it('restores a removed contact with its source', async () => {
    const contacts = book();
    const signed = await contact(1);
    await contacts.add(signed, { network: 'a', own: true });
    await contacts.add(signed, TELLER);
    const before = contacts.dialable();
    const peer = contactPeerId(signed.contact)!;
    contacts.remove(peer);
    expect(contacts.dialable()).toEqual([]);
    await contacts.restore(peer);
    expect(contacts.dialable()).toEqual(before);
    contacts.remove(peer);
    await contacts.restore(peer);
    await contacts.restore(peer);
    expect(contacts.dialable()).toEqual(before);
    expect(before[0]?.sources).toEqual(new Set(['a', 'teller']));
  });
});

describe('OwnContact', () => {
  it('never contains the addresses under which browsers reach the client', async () => {
    const own = new OwnContact({ clock: clock(), key: await key(1), services: 0, addresses: () => [BROWSER, '/ip4/1.1.1.1/tcp/2/ws', BROWSER.replace('/webrtc', ''), '/webrtc'] });
    expect((await own.current()).contact.addresses.map((bytes) => parseMultiaddr(bytes)?.toString())).toEqual(['/ip4/1.1.1.1/tcp/2/ws']);
  });

  it('is dated back, signed, and its timestamp increases even when the clock does not', async () => {
    const time = clock();
    const own = new OwnContact({ clock: { now: () => NOW * 1000, monotonic: () => time.monotonic(), after: () => () => undefined }, key: await key(1), services: 9, addresses: () => ['/ip4/9.9.9.9/tcp/2/ws', '/ip4/1.1.1.1/tcp/2/ws'] });
    const first = await own.current();
    expect(first.contact.timestamp).toBe(NOW - 60);
    expect(first.contact.addresses.map((bytes) => parseMultiaddr(bytes)?.toString())).toEqual(['/ip4/1.1.1.1/tcp/2/ws', '/ip4/9.9.9.9/tcp/2/ws']);
    expect(await own.current()).toBe(first);
    await time.advance(60_000);
    const second = await own.current();
    expect(second.contact.timestamp).toBe(NOW - 59);
    const contacts = book();
    expect(await contacts.add(first, TELLER)).toBe('stored');
    expect(await contacts.add(second, TELLER)).toBe('stored');
  });
});

describe('addresses of browsers', () => {
  const relayed = '/dns4/relay.example/tcp/443/wss/p2p/12D3KooWM9ujENZHQMZG7rdaY1QBYCufX642Ap9Wo5sAimLEFQZc/p2p-circuit/webrtc/p2p/12D3KooWPBWxiBBu15py6YSiWq513ZxBhqEU9LTzQiL9D8hY3LJe';

  it("are not in the client's own contact", async () => {
    const identity = await key(1);
    const own = new OwnContact({ clock: clock(), key: identity, services: 0, addresses: () => [relayed, relayed.replace('/webrtc', ''), '/ip4/127.0.0.1/tcp/1/ws'] });
    const { contact: said } = await own.current();
    expect(said.addresses.map((bytes) => parseMultiaddr(bytes)!.toString())).toEqual(['/ip4/127.0.0.1/tcp/1/ws']);
  });

  it('are not in contacts that the client passes on', async () => {
    const contacts = book();
    expect(await contacts.add(await contact(3, { addresses: [parseMultiaddr('/dns4/node.example/tcp/443/wss')!.bytes, parseMultiaddr(relayed)!.bytes] }), TELLER)).toBe('browser');
    expect(await contacts.add(await contact(4, { addresses: [parseMultiaddr(relayed.split('/webrtc')[0]!)!.bytes] }), TELLER)).toBe('browser');
    expect(contacts.sample(64, 0, 'nobody')).toEqual([]);
  });
});
