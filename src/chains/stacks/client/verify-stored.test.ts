import { beforeAll, describe, expect, it } from 'vitest';
import { backFrom } from '../../../../devnet/stacks/dev-block.ts';
import type { StacksNet } from '../../../../devnet/stacks/stacks-net.ts';
import { chainOf, gatewayOf, itemOf, smallNet } from '../../../../test/support/stacks/stacks-world.ts';
import { MAX_STORED, type StoredChain } from '../store/stacks-store.ts';
import { storedOf } from './chain-file.ts';
import { learnCycles } from './learn-cycles.ts';
import { verifyStored } from './verify-stored.ts';

const { signal } = new AbortController();
let net: StacksNet;
let world: ReturnType<typeof chainOf>;

beforeAll(async () => {
  net = await smallNet();
  world = chainOf(net.network);
  await learnCycles(gatewayOf(net), 3, { ...world.options, cycles: world.chain.cycles, signal });
  for (const block of [...backFrom(net.tip)].filter(({ height }) => height > net.network.checkpoint.block.height).toReversed()) await world.chain.push(itemOf(block), signal);
});

async function restored(change: (stored: StoredChain) => StoredChain) {
  const { chain, options } = chainOf(net.network);
  return { reason: await verifyStored(change(storedOf(world.chain, MAX_STORED)), { ...options, chain, shows: false, signal }), chain };
}

const isAtMost = (height: number) => ({ item }: StoredChain['blocks'][number]) => item.height <= height;
/** The newest `count` blocks have another copy of their signatures, which does not hold. */
const unsigned = (blocks: StoredChain['blocks'], count: number) => blocks.map((block, i) => (i < blocks.length - count ? block : { ...block, item: { ...block.item, block: { ...block.item.block, header: { ...block.item.block.header, signerSignatures: [] } } } }));

describe('a stored chain', () => {
  it('stands where it was, with the cycle that has begun', async () => {
    const { reason, chain } = await restored((it) => it);
    expect([reason, chain.tip(), chain.head()]).toEqual([undefined, world.chain.tip(), world.chain.head()]);
    expect(chain.cycles.begun).toEqual({ cycle: 3, height: chain.tip().height });
  });

  it.each([1, 3])('whose newest %i confirmed blocks hashes bound, with signatures that do not hold, begins right below them, and not at the checkpoint', async (count) => {
    const { reason, chain } = await restored(({ blocks, ...stored }) => ({ ...stored, blocks: unsigned(blocks.filter(isAtMost(stored.record.root.height)), count) }));
    expect([reason, chain.tip().height, chain.head()]).toEqual([undefined, world.chain.tip().height - count, chain.tip()]);
    for (const block of [...backFrom(net.tip)].filter(({ height }) => height > chain.tip().height).toReversed()) await chain.push(itemOf(block), signal);
    expect([chain.tip(), chain.head()]).toEqual([world.chain.tip(), world.chain.head()]);
  });

  it('without any signature that holds, of another newest block, or with a hole is refused', async () => {
    expect((await restored(({ blocks, ...stored }) => ({ ...stored, blocks: unsigned(blocks, blocks.length) }))).reason).toBe('not-signed');
    expect((await restored(({ record, ...stored }) => ({ ...stored, record: { ...record, root: { ...record.root, id: 'ab'.repeat(32) } } }))).reason).toBe('parent');
    expect((await restored(({ blocks, ...stored }) => ({ ...stored, blocks: blocks.toSpliced(2, 1) }))).reason).toBe('parent');
    expect((await restored(({ blocks, ...stored }) => ({ ...stored, blocks: blocks.slice(-1) }))).reason).toBe('parent');
  });
});
