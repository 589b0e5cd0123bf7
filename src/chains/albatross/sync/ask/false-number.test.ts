import { afterEach, expect, it } from 'vitest';
import { FakeChain } from '../../../../../test/support/fake-chain.ts';
import type { FakeBlock } from '../../../../../test/support/fake-chain.ts';
import { FakePeer } from '../../../../../test/support/fake-net.ts';
import { SyncWorld } from '../../../../../test/support/sync-world.ts';
import { blockHash } from '../../chain/hashes.ts';
import type { MicroBlock } from '../../wire/types.ts';

let world: SyncWorld | undefined;
afterEach(async () => {
  await world?.end();
  world = undefined;
});

/** A block on the true head with a false block number. */
function misnumbered({ block, hash }: FakeBlock, blockNumber: number): FakeBlock {
  const made = { ...block, header: { ...block.header, parentHash: hash, blockNumber } } as MicroBlock;
  return { block: made, hash: blockHash(made), height: blockNumber };
}

// A peer that answers with the blocks up to the target cannot know the number that another peer has claimed for it.
it.each([[1, 1], [3, 1], [5, 6], [3, 30]])('issue 11.8: a false number on a true block leads to blame for none of %i peers, %i blocks ahead', async (count, ahead) => {
  world = await new SyncWorld({ settings: { minPeers: 1 } }).start();
  const chain = new FakeChain().growTo(620);
  const honest = world.peers(count, chain);
  const liar = new FakePeer('liar', chain.copy(), { twists: { 'missing-blocks': () => ({ ok: false, error: 'Other' }) } });
  world.net.join(...honest, liar);
  await world.established();
  await world.clock.advance(1000);
  const { height } = world.chain.head;
  chain.growTo(height + ahead);
  await world.clock.until(world.net.announce(liar, misnumbered(chain.head, height + 1)) as Promise<unknown>);
  await world.clock.advance(15_000);
  expect(world.chain.head.hash).toBe(chain.head.hash);
  expect(world.net.lies.filter((lie) => !lie.startsWith('liar '))).toEqual([]);
  expect(world.sync.peers.filter(({ id, state }) => id !== 'liar' && state !== 'live')).toEqual([]);
});
