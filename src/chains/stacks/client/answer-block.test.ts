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
let blocks: readonly DevBlock[];

beforeEach(async () => {
  net = await smallNet();
  world = chainOf(net.network);
  blocks = [...backFrom(net.tip)].filter(({ height }) => height > net.network.checkpoint.block.height).toReversed();
  await learnCycles(gatewayOf(net), 3, { ...world.options, cycles: world.chain.cycles, signal });
  for (const block of blocks) await world.chain.push(itemOf(block), signal);
});

/** The answer, while which is fetched this happens. */
function askWhile(meanwhile: () => Promise<void>, at: 'final' | 'latest') {
  const { state } = gatewayOf(net);
  const gateway = gatewayOf(net, {
    state: async (path, tip, ask) => {
      const answer = await state(path, tip, ask);
      await meanwhile();
      return answer;
    },
  });
  const asked = stacksQuestions({ ...world.options, clock: world.clock, counted: () => undefined, inventories: { stored: async () => undefined, keep: async () => undefined } });
  return asked['getStateValue']!([{ kind: 'balance', account: net.chain.users[0]!.address }, { at }], { peers: [peerOf(net, world, gateway).peer], signal });
}

describe('the block that an answer is told to stand on', () => {
  it('is the one whose state was read, though the client has jumped meanwhile', async () => {
    const before = world.chain.tip();
    const jump = async () => {
      const placed = { item: itemOf(net.produceTenures(3).at(-1)!), cycle: 3 };
      world.chain.proven.add(placed);
      await world.chain.snapshots!.import({ id: '', height: placed.item.height, chunks: 0, size: undefined }, []);
    };
    expect(await askWhile(jump, 'final')).toMatchObject({ finality: 'final', block: { height: before.height, hash: before.id } });
  });

  it('a pending one that was reverted meanwhile gives no answer', async () => {
    const fork = async () => {
      for (const block of net.fork(1, 1)) await world.chain.push(itemOf(block), signal);
    };
    await expect(askWhile(fork, 'latest')).rejects.toMatchObject({ name: 'QuestionError', code: 'no-answer', data: { reason: 'not-held' } });
  });

  it('a pending one that was confirmed meanwhile is final', async () => {
    const head = world.chain.head();
    const more = async () => {
      for (const block of net.produceTenures(3)) await world.chain.push(itemOf(block), signal);
    };
    expect(await askWhile(more, 'latest')).toMatchObject({ finality: 'final', block: { height: head.height, hash: head.id } });
  });
});
