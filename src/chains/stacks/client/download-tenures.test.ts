import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { backFrom } from '../../../../devnet/stacks/dev-block.ts';
import type { StacksNet } from '../../../../devnet/stacks/stacks-net.ts';
import { peerOf } from '../../../../test/support/stacks/line-of.ts';
import { chainOf, gatewayOf, itemOf, smallNet } from '../../../../test/support/stacks/stacks-world.ts';
import type { Gateway } from '../net/gateway.ts';
import { downloadTenures } from './download-tenures.ts';
import { learnCycles } from './learn-cycles.ts';

const ask = { signal: new AbortController().signal };
let net: StacksNet;
let world: ReturnType<typeof chainOf>;

beforeAll(async () => {
  net = await smallNet();
});
beforeEach(async () => {
  world = chainOf(net.network);
  await learnCycles(gatewayOf(net), 3, { ...world.options, cycles: world.chain.cycles, ...ask });
});

/** Blocks of the tenures of a cycle, without the newest two tenures of all. */
const complete = (cycle: number) => {
  const tenures = [...new Set([...backFrom(net.tip)].map(({ tenure }) => tenure))].slice(2);
  return [...backFrom(net.tip)].filter(({ tenure, header }) => header && net.chain.cycleOf(tenure) === cycle && tenures.includes(tenure));
};

function setup(...changes: readonly Partial<Gateway>[]) {
  let open = 0;
  let most = 0;
  const asked = new Map<string, number>();
  const made = changes.map((change, i) => {
    const plain = gatewayOf(net, change);
    const counted = async <T>(id: string, work: () => Promise<T>): Promise<T> => {
      asked.set(id, (asked.get(id) ?? 0) + 1);
      open += 1;
      most = Math.max(most, open);
      try {
        await Promise.resolve();
        return await work();
      } finally {
        open -= 1;
      }
    };
    const gateway = gatewayOf(net, { ...change, url: `https://gateway${i}.example`, block: (id, it) => counted(id, () => plain.block(id, it)), tenure: (from, stop, it) => counted(from, () => plain.tenure(from, stop, it)) });
    return peerOf(net, world, gateway);
  });
  const run = (cycle: number, tenures = 100) => downloadTenures(cycle, { chain: world.chain, network: net.network, clock: world.clock, peers: made.map(({ peer }) => peer), most: tenures }, ask);
  return { run, faults: made.map(({ faults }) => faults), asked, most: () => most };
}

describe('the complete tenures of a cycle', () => {
  it.each([2, 3])('of cycle %i are fetched from several gateways, no request twice', async (cycle) => {
    const { run, asked, most } = setup({}, {}, {});
    const blocks = complete(cycle);
    expect(await run(cycle)).toEqual({
      tenures: new Set(blocks.map(({ tenure }) => tenure)).size, blocks: blocks.length, transactions: blocks.reduce((sum, { transactions }) => sum + transactions.length, 0), gated: 0, linked: false,
    });
    expect(most()).toBeLessThanOrEqual(3);
    // A start block is also the end block of the tenure before.
    expect(Math.max(...asked.values())).toBeLessThanOrEqual(2);
  });

  it('are linked when the block that ends them is on the chain that is followed', async () => {
    for (const block of [...backFrom(net.tip)].filter(({ height }) => height > net.network.checkpoint.block.height).toReversed()) await world.chain.push(itemOf(block), ask.signal);
    expect(await setup({}).run(3)).toMatchObject({ linked: true });
    expect((await setup({}).run(2, 2)).tenures).toBe(2);
  });

  it('one gateway fails, another one lies: their tenures go to the third, and the liar is told', async () => {
    const liar: Partial<Gateway> = { block: async (id) => {
      const block = net.viewOf(0).block(id)!;
      return { value: { header: { ...block.header!, signerSignatures: [] }, transactions: block.transactions }, size: 1 };
    } };
    const { run, faults } = setup({ block: async () => undefined }, liar, {});
    expect(await run(2)).toMatchObject({ blocks: complete(2).length });
    expect(faults).toMatchObject([[], [{ code: 'weight', weight: 'lie' }], []]);
  });

  it('without a gateway that works there is no answer; without proven signers tenures wait', async () => {
    await expect(setup({ block: async () => undefined }).run(2)).rejects.toMatchObject({ name: 'NoAnswer', code: 'refused' });
    await expect(setup({}).run(50)).rejects.toMatchObject({ name: 'NoAnswer', code: 'refused' });
    world = chainOf(net.network);
    expect(await setup({}).run(3)).toMatchObject({ tenures: 0, blocks: 0 });
    const gated = await setup({}).run(1);
    // The last tenures of cycle 1 end with a block that the signers of cycle 2 sign.
    expect(gated.gated).toBeGreaterThan(0);
    expect(gated.tenures).toBeGreaterThan(0);
  });
});
