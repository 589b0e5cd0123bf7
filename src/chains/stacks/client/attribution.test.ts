import { beforeEach, describe, expect, it } from 'vitest';
import { backFrom, signedBy, type DevBlock } from '../../../../devnet/stacks/dev-block.ts';
import type { StacksNet } from '../../../../devnet/stacks/stacks-net.ts';
import { chainOf, gatewayOf, itemOf, smallNet } from '../../../../test/support/stacks/stacks-world.ts';
import { firstHeightOf, positionOf } from '../chain/cycles.ts';
import { itemOfHeader, type StacksItem } from '../chain/stacks-block.ts';
import { learnCycles } from './learn-cycles.ts';
import { proveTarget } from './prove-target.ts';

const { signal } = new AbortController();
const ask = { signal };
let net: StacksNet;
let world: ReturnType<typeof chainOf>;

const above = (n: StacksNet) => [...backFrom(n.tip)].filter(({ height }) => height > n.network.checkpoint.block.height).toReversed();
/** As a gateway tells the block that dates its tenure so many cycles later than it is. */
const dated = (block: DevBlock, cycles: number): StacksItem => itemOfHeader(block.header!, block.tenure.burnHeight + cycles * net.network.cycleLength);

const begin = async (options = {}) => {
  net = await smallNet(options);
  world = chainOf(net.network);
  await learnCycles(gatewayOf(net), 3, { ...world.options, cycles: world.chain.cycles, signal });
};

beforeEach(() => begin());

describe('a gateway that dates blocks falsely', () => {
  it.each([1, 1_000_000])('raises no cycle of a run that hashes bind, whose set is not proven or shown later: %s cycles later', async (later) => {
    const blocks = above(net).filter(({ tenure }) => net.chain.cycleOf(tenure) === 1);
    const items = blocks.map((block, i) => (i < blocks.length - 1 ? dated(block, later) : itemOf(block)));
    await world.chain.checkSignatures(blocks.map(itemOf), { each: false, signal });
    expect(await world.chain.checkSignatures(items, { each: false, signal })).toBeUndefined();
    expect(await world.chain.apply(items)).toBeUndefined();
    expect(world.chain.root.cycle).toBe(1);
    // The blocks of honest gateways go on.
    const rest = above(net).filter(({ height }) => height > blocks.at(-1)!.height);
    const kinds = [];
    for (const block of rest) kinds.push((await world.chain.push(itemOf(block), signal)).kind);
    expect(new Set(kinds)).toEqual(new Set(['adopted']));
  });

  it('raises no cycle of a block that was proven before it is announced', async () => {
    const blocks = above(net).filter(({ tenure }) => net.chain.cycleOf(tenure) === 1);
    await world.chain.checkSignatures(blocks.map(itemOf), { each: true, signal });
    for (const block of blocks) expect((await world.chain.push(dated(block, 1), signal)).kind).toBe('adopted');
    expect(new Set(world.chain.branch().map(({ cycle }) => cycle))).toEqual(new Set([1]));
  });

  it('makes no honest gateway a liar by a block that it does not date', async () => {
    const blocks = above(net);
    const boundary = blocks.findIndex(({ tenure }) => net.chain.cycleOf(tenure) === 3);
    for (const block of blocks.slice(0, boundary)) expect(await world.chain.push(itemOf(block), signal)).toMatchObject({ kind: 'adopted' });
    const [first, second] = [blocks[boundary]!, blocks[boundary + 1]!];
    expect(second.tenure).toBe(first.tenure);
    world.chain.certifier.linked([first.id]);
    expect((await world.chain.push(itemOfHeader(first.header!, undefined), signal)).kind).toBe('adopted');
    expect((await world.chain.push(itemOf(second), signal)).kind).toBe('adopted');
    expect(world.chain.branch().at(-1)!.cycle).toBe(3);
  });

  it('a run over a boundary has the cycle of each tenure', async () => {
    const blocks = above(net);
    expect(await world.chain.checkSignatures(blocks.map(itemOf), { each: false, signal })).toBeUndefined();
    expect(await world.chain.apply(blocks.map(itemOf))).toBeUndefined();
    expect(world.chain.confirmed.all.map(({ cycle }) => cycle)).toEqual(blocks.map(({ tenure }) => net.chain.cycleOf(tenure)));
  });

  it('by a late block that shows a set makes no honest gateway one that breaks rules', async () => {
    const fresh = chainOf(net.network);
    // The newest block is of cycle 3. Signers of cycle 2 that are also of cycle 3 may have signed it, too.
    const late = { ...net.tip.header!, signerSignatures: signedBy(net.tip.header!, net.chain.sets.of(2).map(({ key }) => key)).signerSignatures };
    const { sortition, tenureTip } = gatewayOf(net);
    const boundary = net.network.firstBurnHeight + 3 * net.network.cycleLength - 1;
    const liar = gatewayOf(net, {
      sortition: async (which) => (typeof which === 'object' && 'burnHeight' in which && which.burnHeight === boundary ? { ...(await sortition({ consensusHash: late.consensusHash }, ask))!, burnHeight: boundary } : sortition(which, ask)),
      tenureTip: async (consensusHash) => (consensusHash === late.consensusHash ? { kind: 'nakamoto', header: late } : tenureTip(consensusHash, ask)),
    });
    await learnCycles(liar, 3, { ...fresh.options, cycles: fresh.chain.cycles, signal });
    expect(fresh.chain.cycles.floorOf(3).height).toBe(net.tip.height + 1);
    await expect(proveTarget(gatewayOf(net), fresh.options, ask)).rejects.toMatchObject({ name: 'RequestError', code: 'refused' });
    // One further block is enough: hashes bind the ones below the hand-over to it.
    net.produceBlocks(1);
    await expect(proveTarget(gatewayOf(net), fresh.options, ask)).resolves.toMatchObject({ continues: true });
    for (const block of above(net).filter(({ height }) => height < fresh.chain.cycles.floorOf(3).height)) expect((await fresh.chain.push(itemOf(block), signal)).kind).not.toBe('fault');
  });

  it('in the prepare phase holds up no honest gateway, although the next signers signed the block, too, and the keys of this cycle are of no use in the next one', async () => {
    await begin({ prepareLength: 6 });
    const { sets } = net.chain;
    const of = sets.of.bind(sets);
    const [lightest, ...others] = of(3).toSorted((a, b) => a.weight - b.weight);
    const [stranger] = of(5).filter(({ key }) => !of(3).some((it) => it.key.key === key.key));
    const next = [...others, { ...stranger!, weight: lightest!.weight }].toSorted((a, b) => (a.key.key < b.key.key ? -1 : 1));
    sets.of = (cycle) => (cycle === 4 ? next : of(cycle));
    while (positionOf(net.tip.tenure.burnHeight, net.network) < 5) net.produceTenures(1);
    for (const block of above(net)) await world.chain.push(itemOf(block), signal);
    const { sortition } = gatewayOf(net);
    const last = firstHeightOf(4, net.network) - 1;
    const ahead = gatewayOf(net, { sortition: async (which) => (typeof which === 'object' && 'burnHeight' in which ? { ...(await sortition('latest', ask))!, burnHeight: last } : sortition(which, ask)) });
    await learnCycles(ahead, 4, { ...world.options, cycles: world.chain.cycles, signal });
    const signBoth = (block: DevBlock) => signedBy(block.header!, next.filter(({ key }) => key !== stranger!.key).map(({ key }) => key));
    const [block] = net.produceTenures(1);
    expect((await world.chain.push(itemOfHeader(signBoth(block!), last + 1), signal)).kind).toBe('adopted');
    expect(world.chain.branch().at(-1)!.cycle).toBe(4);
    // Until it is confirmed, and after.
    for (const own of [...net.produceTenures(2), ...net.produceBlocks(1)]) {
      const header = signedBy(own.header!, of(3).map(({ key }) => key));
      expect((await world.chain.push(itemOfHeader(header, own.tenure.burnHeight), signal)).kind).toBe('adopted');
    }
    expect(world.chain.root.cycle).toBe(4);
    await expect(proveTarget(gatewayOf(net), world.options, ask)).resolves.toMatchObject({ continues: true });
    expect(world.chain.cycles.begun).toEqual({ cycle: 3, height: expect.any(Number) as number });
    // Its signers begin it.
    for (const own of [...net.nextCycle(), ...net.produceTenures(2)]) expect((await world.chain.push(itemOf(own), signal)).kind).toBe('adopted');
    expect(world.chain.cycles.begun).toMatchObject({ cycle: 4 });
    expect(world.chain.isOver(3, world.chain.head())).toBe(true);
  });

  it('an honest gateway proves and goes on after it', async () => {
    const { target, branch } = await proveTarget(gatewayOf(net), world.options, ask);
    const to = above(net).filter(({ height }) => height <= target.height);
    await world.chain.checkSignatures(to.map(itemOf), { each: false, signal });
    await world.chain.apply(to.map((block) => dated(block, 7)));
    for (const item of branch) await world.chain.push(item, signal);
    net.produceTenures(3);
    await expect(proveTarget(gatewayOf(net), world.options, ask)).resolves.toMatchObject({ continues: true });
  });
});
