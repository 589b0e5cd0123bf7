import { expect, it } from 'vitest';
import { boundedRemembered } from './remembered-peers.ts';
import type { RememberedPeer } from './remembered-peers.ts';

const DAY = 86_400_000;
const NOW = 1_800_000_000_000;
const peer = (n: number, fields: Partial<RememberedPeer> = {}): RememberedPeer => ({ address: `/dns4/n${n}.example/tcp/443/wss`, peer: `p${n}`, network: `net${n}`, at: NOW - n, ...fields });

it('keeps the newest 32, at most two per network, and each peer and each address once', () => {
  const many = Array.from({ length: 100 }, (_, n) => peer(n));
  expect(boundedRemembered(many.toReversed(), NOW)).toEqual(many.slice(0, 32));
  expect(boundedRemembered([1, 2, 3].map((n) => peer(n, { network: 'one' })), NOW)).toEqual([peer(1, { network: 'one' }), peer(2, { network: 'one' })]);
  expect(boundedRemembered([peer(1), peer(2, { peer: 'p1' }), peer(3, { address: peer(1).address })], NOW)).toEqual([peer(1)]);
});

it('forgets after two weeks, and ignores times ahead of the clock', () => {
  expect(boundedRemembered([peer(1, { at: NOW - 14 * DAY - 1 }), peer(2, { at: NOW - 14 * DAY })], NOW)).toEqual([peer(2, { at: NOW - 14 * DAY })]);
  expect(boundedRemembered([peer(1, { at: NOW + DAY })], NOW)).toEqual([peer(1, { at: NOW })]);
});
