import { expect, it } from 'vitest';
import { SettlingClock } from '../../../test/support/settling-clock.ts';
import { systemRandom } from '../../base/system.ts';
import { browserAddressText, parseBrowserAddress } from '../browser-addresses.ts';
import type { BrowserAddress } from '../browser-addresses.ts';
import { BrowserBook } from './browser-book.ts';
import { peerIdFromPrivateKey } from '@libp2p/peer-id';
import { generateKeyPair } from '@libp2p/crypto/keys';

const RELAY = ['/dns4/relay.example/tcp/443/wss', '12D3KooWAzabxK2xhwGQuTUYjbcFT9SZcNvPS1cvj7bPMe2Rh9qF'] as const;

async function addressOfSomebody(): Promise<BrowserAddress> {
  const id = peerIdFromPrivateKey(await generateKeyPair('Ed25519')).toString();
  return parseBrowserAddress(browserAddressText(...RELAY, id))!;
}

async function setup() {
  const clock = new SettlingClock();
  const [a, b, c] = [await addressOfSomebody(), await addressOfSomebody(), await addressOfSomebody()] as const;
  return { clock, a, b, c, book: new BrowserBook({ clock, random: systemRandom, ownId: c.peerId }) };
}

it('passes on only what connected clients have said about themselves', async () => {
  const { a, b, c, book } = await setup();
  expect(book.said(a.peerId, [a], 'a')).toBe(true);
  expect(book.said(a.peerId, [a], 'a')).toBe(false);
  expect(book.heard([b, c], 'teller')).toBe(true);
  expect(book.heard([b, c], 'teller')).toBe(false);
  expect(book.all().map(({ address }) => address)).toEqual([a, b]);
  expect(book.passedOn(32, '')).toEqual([a]);
  expect(book.passedOn(32, a.peerId)).toEqual([]);
  expect(book.left(a.peerId)).toBe(true);
  expect(book.passedOn(32, '')).toEqual([]);
  expect(book.all().map(({ address }) => address)).toHaveLength(2);
});

it('forgets hearsay after ten minutes, and misbehaving peers at once', async () => {
  const { clock, a, b, book } = await setup();
  book.said(a.peerId, [a], 'a');
  book.heard([b], 'teller');
  clock.advance(10 * 60_000 + 1);
  expect(book.all().map(({ address }) => address)).toEqual([a]);
  book.remove(a.peerId);
  expect(book.all().map(({ address }) => address)).toEqual([]);
});

it('has a bound, and drops hearsay first', async () => {
  const { a, book } = await setup();
  book.said(a.peerId, [a], 'a');
  for (let i = 0; i < 200; i++) book.heard([await addressOfSomebody()], `teller${i % 10}`);
  expect(book.all().map(({ address }) => address)).toHaveLength(129);
  expect(book.all().map(({ address }) => address)).toContainEqual(a);
});

it('accepts no report by others about a connected client', async () => {
  const { a, book } = await setup();
  book.said(a.peerId, [a], 'a');
  const moved = parseBrowserAddress(a.text.replace('relay.example', 'elsewhere.example'))!;
  expect(book.heard([moved], 'teller')).toBe(false);
  expect(book.all().map(({ address }) => address)).toEqual([a]);
});
