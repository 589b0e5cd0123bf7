import { expect, it } from 'vitest';
import { itemOfVector } from '../../../../test/support/hotstuff2/items.ts';
import { networkOfRun, testChain } from '../../../../test/support/hotstuff2/test-chain.ts';
import { vectors } from '../../../../test/support/hotstuff2/vectors.ts';
import { MemoryRows } from '../../../storage/memory-rows.ts';
import { OwnedRows } from '../../../storage/owned-rows.ts';
import { FinalBlocks } from '../chain/final-blocks.ts';
import { parametersHash } from '../chain/parameters-hash.ts';
import { HotStuff2Store } from '../store/hotstuff2-store.ts';
import { knowStored } from './know-stored.ts';

const network = networkOfRun(vectors.n4);
const n4 = vectors.n4.blocks.map(itemOfVector);

async function world() {
  const store = new HotStuff2Store(new OwnedRows(new MemoryRows(), parametersHash(network)), 50_000_000);
  const { chain } = testChain(network, { keep: (change) => store.keep({ ...change, checked: chain.checked, links: [], halt: undefined }) });
  for (const item of n4.slice(1, 190)) await chain.push(item, new AbortController().signal);
  const headers = new FinalBlocks();
  // As after a start: only the newest are known.
  for (let height = 150; height <= 188; height += 1) headers.addId(height, n4[height]!.id);
  return { store, chain: { headers, tip: () => chain.tip() } };
}

it('makes stored blocks known by their hashes, down to the one that is asked for', async () => {
  const { store, chain } = await world();
  expect(await knowStored(160, chain, store)).toBe(true);
  expect([await knowStored(70, chain, store), chain.headers.idAt(69)]).toEqual([true, undefined]);
  expect(Array.from({ length: 80 }, (_, i) => chain.headers.idAt(70 + i))).toEqual(n4.slice(70, 150).map(({ id }) => id));
  expect(await knowStored(1, chain, store)).toBe(true);
  expect(await knowStored(0, chain, store)).toBe(false);
});

it('does not, if what is stored does not lead to a block that is known, or has a gap', async () => {
  const { store, chain } = await world();
  const links = (change: (height: number) => boolean) => ({
    async *links(from: number) {
      for await (const link of store.links(from)) if (!change(link.height)) yield link;
    },
  });
  expect(await knowStored(70, chain, links((height) => height === 100))).toBe(false);
  expect(await knowStored(70, chain, links((height) => height >= 140))).toBe(false);
  chain.headers.addId(150, n4[151]!.id);
  expect([await knowStored(70, chain, store), chain.headers.idAt(70)]).toEqual([false, undefined]);
});
