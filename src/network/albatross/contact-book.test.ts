import { generateKeyPairFromSeed } from '@libp2p/crypto/keys';
import { describe, expect, it } from 'vitest';
import type { PeerContact } from '../../albatross/wire/discovery.ts';
import { parseMultiaddr } from '../addresses.ts';
import { ManualClock } from '../manual-clock.ts';
import { systemRandom } from '../system.ts';
import { ContactBook } from './contact-book.ts';
import { contactPeerId, signContact } from './contact-signature.ts';
import { OwnContact } from './own-contact.ts';

const clock = () => new ManualClock(1_800_000_000_000);
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
  it('stores what is signed, fresh and useful', async () => {
    const contacts = book();
    const signed = await contact(1);
    expect(await contacts.add(signed)).toBe('stored');
    expect(await contacts.add(signed)).toBe('known');
    expect(await contacts.add(await contact(1, { timestamp: NOW }))).toBe('stored');
    expect(contacts.dialable()).toEqual([{ peerId: contactPeerId(signed.contact), addresses: [expect.objectContaining({ text: '/dns4/node1.example/tcp/443/wss' })] }]);
  });

  it('refuses the rest', async () => {
    const signed = await contact(2);
    expect(await book().add({ ...signed, signature: new Uint8Array(64) })).toBe('invalid');
    expect(await book().add({ ...signed, signature: new Uint8Array(3) })).toBe('invalid');
    expect(await book().add({ ...signed, contact: { ...signed.contact, services: 27 } })).toBe('invalid');
    expect(await book().add({ ...signed, contact: { ...signed.contact, publicKey: new Uint8Array(32).fill(255) } })).toBe('invalid');
    expect(await book().add(await contact(2, { addresses: Array.from({ length: 16 }, () => signed.contact.addresses[0]!) }))).toBe('invalid');
    expect(await book().add(await contact(2, { services: 1 }))).toBe('services');
    expect(await book().add(await contact(2, { addresses: [] }))).toBe('no-address');
    expect(await book().add(await contact(2, { timestamp: NOW - 1801 }))).toBe('too-old');
    expect(await book().add(await contact(2, { timestamp: NOW + 61 }))).toBe('future');
    expect(await book(clock(), contactPeerId(signed.contact)).add(signed)).toBe('own');
  });

  it('keeps a contact whose addresses may not be dialled, for others, and dials at most three of one', async () => {
    const contacts = book();
    const bytes = (text: string) => parseMultiaddr(text)!.bytes;
    await contacts.add(await contact(3, { addresses: [bytes('/ip4/127.0.0.1/tcp/1/ws'), bytes('/ip4/8.8.8.8/tcp/1/ws'), Uint8Array.of(1, 2)] }));
    expect(contacts.dialable()).toEqual([]);
    expect(contacts.sample(10, 8, 'x')).toHaveLength(1);
    await contacts.add(await contact(4, { addresses: [1, 2, 3, 4, 5].map((n) => bytes(`/dns4/x${n}.example/tcp/443/wss`)) }));
    expect(contacts.dialable()[0]?.addresses).toHaveLength(3);
  });

  it('hands out no addresses of browsers, and nothing about Petrel clients', async () => {
    const contacts = book();
    const plain = parseMultiaddr('/dns4/node8.example/tcp/443/wss')!.bytes;
    expect(await contacts.add(await contact(8, { addresses: [plain, parseMultiaddr(BROWSER)!.bytes] }))).toBe('browser');
    const petrel = await contact(9);
    expect(await contacts.add(petrel)).toBe('stored');
    contacts.keepOut(contactPeerId(petrel.contact)!);
    expect(contacts.size).toBe(0);
    expect(await contacts.add(await contact(9, { timestamp: NOW }))).toBe('petrel');
    expect(contacts.sample(10, 0, 'x')).toEqual([]);
  });

  it('forgets with age, hands out what is wanted, and is bounded', async () => {
    const time = clock();
    const contacts = book(time);
    const first = await contact(5);
    await contacts.add(first);
    await contacts.add(await contact(6, { services: 8 }));
    expect(contacts.sample(10, 1, 'x').map((signed) => contactPeerId(signed.contact))).toEqual([contactPeerId(first.contact)]);
    expect(contacts.sample(10, 1, contactPeerId(first.contact)!)).toEqual([]);
    for (let n = 10; n < 530; n++) await contacts.add(await contact(n), { verified: true });
    expect(contacts.size).toBe(512);
    expect(contacts.sample(63, 8, 'x')).toHaveLength(63);
    await time.advance(1_800_001);
    contacts.prune();
    expect(contacts.size).toBe(0);
  });
});

describe('OwnContact', () => {
  it('never says where browsers reach us', async () => {
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
    expect(await contacts.add(first)).toBe('stored');
    expect(await contacts.add(second)).toBe('stored');
  });
});

describe('addresses of browsers', () => {
  const relayed = '/dns4/relay.example/tcp/443/wss/p2p/12D3KooWM9ujENZHQMZG7rdaY1QBYCufX642Ap9Wo5sAimLEFQZc/p2p-circuit/webrtc/p2p/12D3KooWPBWxiBBu15py6YSiWq513ZxBhqEU9LTzQiL9D8hY3LJe';

  it('are in no contact of ours', async () => {
    const identity = await key(1);
    const own = new OwnContact({ clock: clock(), key: identity, services: 0, addresses: () => [relayed, relayed.replace('/webrtc', ''), '/ip4/127.0.0.1/tcp/1/ws'] });
    const { contact: said } = await own.current();
    expect(said.addresses.map((bytes) => parseMultiaddr(bytes)!.toString())).toEqual(['/ip4/127.0.0.1/tcp/1/ws']);
  });

  it('are in no contact that we pass on', async () => {
    const contacts = book();
    expect(await contacts.add(await contact(3, { addresses: [parseMultiaddr('/dns4/node.example/tcp/443/wss')!.bytes, parseMultiaddr(relayed)!.bytes] }))).toBe('browser');
    expect(await contacts.add(await contact(4, { addresses: [parseMultiaddr(relayed.split('/webrtc')[0]!)!.bytes] }))).toBe('browser');
    expect(contacts.sample(64, 0, 'nobody')).toEqual([]);
  });
});
