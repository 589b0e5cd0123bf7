import { afterEach, expect, it } from 'vitest';
import { unitAlbatross } from '../../src/chains/albatross/chain/networks/unit-albatross.ts';
import { FakeChain, withBadSignature } from '../support/fake-chain.ts';
import { FakePeer } from '../support/fake-net.ts';
import { SyncWorld } from '../support/sync-world.ts';

let world: SyncWorld;
afterEach(async () => {
  await world.end();
});

// This depends on the arbitration, which must treat an unchecked anchor as not verified (issue 11.4). Otherwise one attacker could
// get the honest peers banned.
it.each([1, 0])('issue 11.3: a forged store with %i confirming peers: no honest peer is banned, and the true chain wins', async (attackers) => {
  const truth = new FakeChain().growTo(200 + 128 * 3 + 40);
  const lie = truth.fork(200 + 128, 5).growTo(200 + 128 * 2 - 1);
  // The validators of the true chain did not sign this election block.
  lie.append(withBadSignature(lie.make()));
  lie.growTo(200 + 128 * 3 + 40);
  const anchor = { kind: 'genesis', height: 200, hash: unitAlbatross.genesisHash, witnesses: [], fewWitnesses: false, unchecked: true } as const;
  world = await new SyncWorld({ prove: true, stored: { chain: lie, anchor } }).start();
  const honest = world.peers(3, truth, {}, 'honest');
  world.net.join(...honest, ...Array.from({ length: attackers }, (_, index) => new FakePeer(`attacker${index}`, lie)));
  await world.clock.untilTrue(() => world.sync.consensus === 'established' && world.chain.head.hash === truth.head.hash);
  expect(world.net.lies.filter((report) => report.startsWith('honest'))).toEqual([]);
  expect(world.sync.anchor).toMatchObject({ kind: 'genesis' });
  expect(world.sync.anchor.unchecked).toBeUndefined();
});
