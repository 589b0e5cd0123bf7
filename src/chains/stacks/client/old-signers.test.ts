import { beforeEach, describe, expect, it } from 'vitest';
import { backFrom, signedBy, type DevBlock } from '../../../../devnet/stacks/dev-block.ts';
import type { StacksNet } from '../../../../devnet/stacks/stacks-net.ts';
import { chainOf, gatewayOf, itemOf, smallNet, verifyOnce } from '../../../../test/support/stacks/stacks-world.ts';
import { firstHeightOf } from '../chain/cycles.ts';
import { itemOfHeader } from '../chain/stacks-block.ts';
import { encodeChainFile } from './chain-file.ts';
import { importChain } from './import-chain.ts';
import { learnCycles } from './learn-cycles.ts';
import { proveTarget } from './prove-target.ts';

// Whoever has the keys of a former signer set signs other blocks with them, and a gateway dates them into that set's cycle.
const { signal } = new AbortController();
const ask = { signal };
let net: StacksNet;
let world: ReturnType<typeof chainOf>;

const above = (n: StacksNet) => [...backFrom(n.tip)].filter(({ height }) => height > n.network.checkpoint.block.height).toReversed();

beforeEach(async () => {
  net = await smallNet();
  world = chainOf(net.network);
  await learnCycles(gatewayOf(net), 3, { ...world.options, cycles: world.chain.cycles, signal });
  for (const block of above(net)) await world.chain.push(itemOf(block), signal);
});

/** From here on the former set signs. */
function stealKeys(cycle: number): void {
  const { sets } = net.chain;
  const of = sets.of.bind(sets);
  sets.of = (it) => (it === 3 ? of(cycle) : of(it));
}

const isForged = (block: DevBlock | undefined, from: number) => block !== undefined && block.height > from;

describe('blocks that a former signer set signs', () => {
  it.each([[1, 'long ago'], [2, 'at the last boundary']])('do not go on from the confirmed ones: the set of cycle %i left %s', async (cycle) => {
    const before = [world.chain.tip(), world.chain.head()];
    const from = net.tip.height;
    stealKeys(cycle);
    net.produceTenures(4);
    const { sortition } = gatewayOf(net);
    const first = firstHeightOf(cycle, net.network) + 3;
    const gateway = gatewayOf(net, {
      async sortition(which) {
        const told = await sortition(which, ask);
        const tenure = told && net.chain.ofTenure(told.consensusHash)[0];
        return told && isForged(tenure, from) ? { ...told, burnHeight: first + tenure!.height - from } : told;
      },
    });
    await expect(proveTarget(gateway, world.options, ask)).rejects.toMatchObject({ code: 'cycle-ended' });
    for (const block of above(net)) await world.chain.push(itemOfHeader(block.header!, first), signal);
    expect([world.chain.tip(), world.chain.head(), world.chain.halted()]).toEqual([...before, undefined]);
  });

  it('do not follow on a pending block that a new signer of the next set signed', async () => {
    const own = await smallNet();
    const its = chainOf(own.network);
    await learnCycles(gatewayOf(own), 3, { ...its.options, cycles: its.chain.cycles, signal });
    const blocks = above(own);
    const boundary = blocks.findIndex(({ tenure }) => own.chain.cycleOf(tenure) === 3);
    const [first, ...others] = blocks.slice(boundary);
    for (const block of [...blocks.slice(0, boundary), first!]) await its.chain.push(itemOf(block), signal);
    expect([its.chain.root.cycle, its.chain.certifier.begunBy(first!.id)]).toEqual([2, 3]);
    const old = own.chain.sets.of(2).map(({ key }) => key);
    const before = its.chain.head();
    expect((await its.chain.push(itemOfHeader(signedBy(others[0]!.header!, old), first!.tenure.burnHeight - 1), signal)).kind).not.toBe('adopted');
    expect(its.chain.isOver(2, before)).toBe(true);
    expect(its.chain.isOver(2, { height: first!.height - 1, id: first!.parentId })).toBe(false);
    expect(its.chain.head()).toEqual(before);
  });

  it('neither replace the chain by a file nor halt it', async () => {
    const before = world.chain.tip();
    const forged = chainOf(net.network);
    await learnCycles(gatewayOf(net), 3, { ...forged.options, cycles: forged.chain.cycles, signal });
    stealKeys(2);
    // In place of blocks that are confirmed here.
    net.fork(6, 1);
    net.produceTenures(4);
    const last = above(net).findLast(({ tenure }) => net.chain.cycleOf(tenure) === 2)!.tenure.burnHeight;
    for (const block of above(net)) await forged.chain.push(itemOfHeader(block.header!, Math.min(last, block.tenure.burnHeight)), signal);
    const file = encodeChainFile(forged.chain);
    await expect(importChain(file, { network: net.network, chain: world.chain, scratch: chainOf(net.network).chain, verify: verifyOnce, signal })).rejects.toMatchObject({ code: 'refused' });
    expect([world.chain.tip(), world.chain.halted()]).toEqual([before, undefined]);
  });
});
