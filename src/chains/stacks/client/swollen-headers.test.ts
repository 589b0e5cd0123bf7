import { beforeEach, describe, expect, it } from 'vitest';
import { backFrom, type DevBlock } from '../../../../devnet/stacks/dev-block.ts';
import type { StacksNet } from '../../../../devnet/stacks/stacks-net.ts';
import { chainOf, gatewayOf, itemOf, smallNet } from '../../../../test/support/stacks/stacks-world.ts';
import { itemOfHeader, type StacksItem } from '../chain/stacks-block.ts';
import { learnCycles } from './learn-cycles.ts';
import { proveTarget } from './prove-target.ts';

// No hash covers the signers' signatures. A header with 4000 of them has 260 KB, and hashes bind it all the same.
const { signal } = new AbortController();
let net: StacksNet;
let world: ReturnType<typeof chainOf>;
let blocks: readonly DevBlock[];

const swollen = (block: DevBlock) => ({ ...block.header!, signerSignatures: Array.from({ length: 4_000 }, () => block.header!.signerSignatures[0]!) });
const swollenItem = (block: DevBlock): StacksItem => itemOfHeader(swollen(block), block.tenure.burnHeight);

beforeEach(async () => {
  net = await smallNet();
  world = chainOf(net.network);
  blocks = [...backFrom(net.tip)].filter(({ height }) => height > net.network.checkpoint.block.height).toReversed();
  await learnCycles(gatewayOf(net), 3, { ...world.options, cycles: world.chain.cycles, signal });
});

describe('headers with more signatures than any set has signers', () => {
  it('are not taken in a run', async () => {
    const run = blocks.map((block, i) => (i === 2 ? swollenItem(block) : itemOf(block)));
    expect(await world.chain.checkSignatures(run, { each: false, signal })).toMatchObject({ code: 'signer-twice', weight: 'lie', at: blocks[2]!.height });
  });

  it('are not taken as an announced block that was proven before', async () => {
    world.chain.certifier.linked([blocks[0]!.id]);
    expect(await world.chain.push(swollenItem(blocks[0]!), signal)).toMatchObject({ kind: 'fault', fault: { code: 'signer-twice', weight: 'lie' } });
    expect(world.chain.head()).toEqual(world.chain.tip());
  });

  it('are not taken from a tenure', async () => {
    net.produceTenures(1, 4);
    const { tenure } = gatewayOf(net);
    const gateway = gatewayOf(net, {
      tenure: async (from, stop) => tenure(from, stop, { signal }).then((answer) => answer && { ...answer, value: answer.value.map((block, i) => (i === 1 ? { ...block, header: swollen(net.viewOf(0).block(net.tip.parentId)!) } : block)) }),
    });
    await expect(proveTarget(gateway, world.options, { signal })).rejects.toMatchObject({ name: 'PeerFault', code: 'signer-twice', weight: 'lie' });
  });
});
