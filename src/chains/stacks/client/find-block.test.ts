import { beforeEach, describe, expect, it } from 'vitest';
import { backFrom, type DevBlock } from '../../../../devnet/stacks/dev-block.ts';
import type { StacksNet } from '../../../../devnet/stacks/stacks-net.ts';
import { peerOf } from '../../../../test/support/stacks/line-of.ts';
import { chainOf, gatewayOf, itemOf, smallNet } from '../../../../test/support/stacks/stacks-world.ts';
import { learnCycles } from './learn-cycles.ts';
import { stacksQuestions } from './stacks-questions.ts';

const { signal } = new AbortController();
let net: StacksNet;
let world: ReturnType<typeof chainOf>;
/** On the branch that this client has confirmed, ascending. */
let blocks: readonly DevBlock[];

beforeEach(async () => {
  net = await smallNet();
  world = chainOf(net.network);
  blocks = [...backFrom(net.tip)].filter(({ height }) => height > net.network.checkpoint.block.height).toReversed();
  await learnCycles(gatewayOf(net), 3, { ...world.options, cycles: world.chain.cycles, signal });
});

function questions() {
  const { peer, faults } = peerOf(net, world, gatewayOf(net));
  const asked = stacksQuestions({ ...world.options, clock: world.clock, counted: () => undefined, inventories: { stored: async () => undefined, keep: async () => undefined } });
  return { faults, getTransaction: (block: DevBlock) => asked['getTransaction']!([block.transactionIds[0]!, block.id], { peers: [peer], signal }) };
}

describe('a transaction in a block that the signers signed, and that is not on the chain', () => {
  it('beside a block that is confirmed here', async () => {
    for (const block of blocks) await world.chain.push(itemOf(block), signal);
    const other = net.fork(4, 1).find(({ height }) => height <= world.chain.tip().height)!;
    const { getTransaction, faults } = questions();
    await expect(getTransaction(other)).rejects.toMatchObject({ code: 'no-answer', data: { reason: 'other-block' } });
    // The signers signed it: the gateway told no lie.
    expect(faults).toEqual([]);
  });

  it('beside one that hashes lead down to', async () => {
    const other = net.fork(4, 1).at(0)!;
    const above = blocks.find(({ height }) => height > other.height)!;
    await world.chain.snapshots!.import({ id: '', height: 0, chunks: 0, size: undefined }, []);
    world.chain.proven.add({ item: itemOf(above), cycle: 3 });
    await world.chain.snapshots!.import({ id: '', height: above.height, chunks: 0, size: undefined }, []);
    const { getTransaction } = questions();
    await expect(getTransaction(other)).rejects.toMatchObject({ code: 'no-answer', data: { reason: 'other-block' } });
  });

  it('beside the checkpoint', async () => {
    const { checkpoint } = net.network;
    const here = [...backFrom(net.tip)].find(({ height }) => height === checkpoint.block.height)!;
    world = chainOf({ ...net.network, checkpoint: { ...checkpoint, block: { ...checkpoint.block, id: '77'.repeat(32) } } });
    await expect(questions().getTransaction(here)).rejects.toMatchObject({ code: 'no-answer', data: { reason: 'other-block' } });
  });

  it('is told as signed while it could still take the place of a pending block', async () => {
    for (const block of blocks) await world.chain.push(itemOf(block), signal);
    const other = net.fork(1, 1).at(-1)!;
    expect(await questions().getTransaction(other)).toMatchObject({ finality: 'pending', value: { standing: 'signed' } });
  });
});
