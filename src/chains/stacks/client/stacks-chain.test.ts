import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { backFrom, signedBy, type DevBlock } from '../../../../devnet/stacks/dev-block.ts';
import type { StacksNet } from '../../../../devnet/stacks/stacks-net.ts';
import { chainOf, gatewayOf, itemOf, smallNet } from '../../../../test/support/stacks/stacks-world.ts';
import { encodeHeader } from '../wire/header.ts';
import { itemOfHeader } from '../chain/stacks-block.ts';
import { learnCycles } from './learn-cycles.ts';

const { signal } = new AbortController();
let net: StacksNet;
let world: ReturnType<typeof chainOf>;

/** Blocks of the main chain above the checkpoint, ascending. */
const above = (n: StacksNet) => [...backFrom(n.tip)].filter(({ height }) => height > n.network.checkpoint.block.height).toReversed();
const push = async (blocks: readonly DevBlock[]) => {
  const kinds: string[] = [];
  for (const block of blocks) kinds.push((await world.chain.push(itemOf(block), signal)).kind);
  return kinds;
};
const learn = (n: StacksNet) => learnCycles(gatewayOf(n), n.chain.cycleOf(n.tip.tenure), { ...world.options, cycles: world.chain.cycles, signal });

beforeAll(async () => {
  net = await smallNet();
});
beforeEach(() => {
  world = chainOf(net.network);
});

describe('blocks as they are announced', () => {
  it('are adopted one after the other; all but the newest two tenures are confirmed', async () => {
    await learn(net);
    const blocks = above(net);
    expect(new Set(await push(blocks))).toEqual(new Set(['adopted']));
    const tenures = [...new Set(blocks.map(({ tenure }) => tenure))];
    const confirmed = blocks.findLast(({ tenure }) => tenure === tenures.at(-3))!;
    expect(world.chain.tip()).toEqual({ height: confirmed.height, id: confirmed.id });
    expect(world.chain.head()).toEqual({ height: net.tip.height, id: net.tip.id });
    expect(world.chain.view(world.chain.head())).toMatchObject({ finality: 'pending', trust: 'pinned', details: { grade: 'signed', cycle: 3, tenure: net.tip.tenure.consensusHash, burnHeight: net.tip.tenure.burnHeight } });
    expect(world.chain.view(world.chain.tip())).toMatchObject({ finality: 'final', details: { grade: 'confirmed' } });
    expect(await world.chain.block(confirmed.id)).toMatchObject({ height: confirmed.height, place: 'chain', details: { stateRoot: confirmed.header!.stateRoot, minerKeyHash: expect.stringMatching(/^[0-9a-f]{40}$/u) as string } });
    expect(world.chain.trust()).toMatchObject({ level: 'pinned', anchor: { kind: 'pinned' }, checked: { headers: expect.any(Number) as number, cycles: 2 } });
    expect(world.kept.at(-1)!.root).toMatchObject(world.chain.tip());
  });

  it('wait at the boundary of a cycle until its set is proven', async () => {
    const blocks = above(net);
    const first = blocks.findIndex(({ tenure }) => net.chain.cycleOf(tenure) > net.network.checkpoint.cycle);
    expect(await push(blocks.slice(0, first + 1))).toEqual([...Array.from({ length: first }, () => 'adopted'), 'held']);
    expect(world.chain.head().height).toBe(blocks[first - 1]!.height);
    await learn(net);
    expect(await push(blocks.slice(first, first + 2))).toEqual(['adopted', 'adopted']);
  });

  it('a block whose tenure no gateway has dated waits, too', async () => {
    const [first] = above(net);
    const outcome = await world.chain.push(itemOfHeader(first!.header!, undefined), signal);
    expect(outcome.kind).toBe('held');
  });

  it('a gap is told from the head on; a block that does not join, from the confirmed one on', async () => {
    const blocks = above(net);
    await push(blocks.slice(0, 2));
    expect(await world.chain.push(itemOf(blocks[5]!), signal)).toEqual({ kind: 'gap', from: blocks[2]!.height });
    expect(await world.chain.push(itemOf({ ...blocks[2]!, header: { ...blocks[2]!.header!, parentBlockId: '11'.repeat(32) } }), signal)).toEqual({ kind: 'gap', from: world.chain.tip().height + 1 });
    expect(await push([blocks[1]!])).toEqual(['known']);
  });

  it.each([
    ['weight', (block: DevBlock) => signedBy(block.header!, net.chain.sets.of(1).slice(0, 1).map(({ key }) => key))],
    ['signer-stranger', (block: DevBlock) => signedBy(block.header!, [net.chain.users[0]!])],
    ['signer-twice', (block: DevBlock) => ({ ...block.header!, signerSignatures: [...block.header!.signerSignatures, block.header!.signerSignatures[0]!] })],
    ['shadow', (block: DevBlock) => ({ ...block.header!, version: 0x80 })],
    ['time', (block: DevBlock) => ({ ...block.header!, timestamp: 1 })],
  ])('%s: refused, and nothing has changed', async (code, forge) => {
    const [first] = above(net);
    const outcome = await world.chain.push(itemOfHeader(forge(first!), first!.tenure.burnHeight), signal);
    expect(outcome).toMatchObject({ kind: 'fault', fault: { code } });
    expect(world.chain.head().height).toBe(net.network.checkpoint.block.height);
    expect(world.kept).toEqual([]);
  });

  it('a tenure that forks reverts what is pending, and of two of one height the first stays', async () => {
    const own = await smallNet();
    world = chainOf(own.network);
    await learn(own);
    await push(above(own));
    const before = world.chain.head();
    const fork = own.fork(1, 1);
    const outcomes = [];
    for (const block of fork) outcomes.push(await world.chain.push(itemOf(block), signal));
    expect(outcomes.slice(0, -1).every(({ kind }) => kind === 'known')).toBe(true);
    expect(outcomes.at(-1)).toMatchObject({ kind: 'adopted', adopted: fork.map(({ id }) => ({ id })) });
    const { reverted } = outcomes.at(-1) as { readonly reverted: readonly { readonly id: string }[] };
    expect(reverted.at(-1)!.id).toBe(before.id);
    expect(reverted.every(({ id }) => !fork.some((block) => block.id === id))).toBe(true);
    expect(world.chain.head().id).toBe(own.tip.id);
    expect(world.kept.at(-1)!.blocks.map(({ item }) => item.id)).toEqual(fork.map(({ id }) => id));
  });

  it('a block beside a confirmed one changes nothing', async () => {
    const own = await smallNet();
    world = chainOf(own.network);
    await learn(own);
    await push(above(own));
    const before = [world.chain.tip(), world.chain.head()];
    own.fork(5, 2);
    for (const block of above(own)) await world.chain.push(itemOf(block), signal);
    expect([world.chain.tip(), world.chain.head()]).toEqual(before);
  });

  it('the hint of an earlier cycle than the parent is not believed', async () => {
    await learn(net);
    const blocks = above(net);
    await push(blocks.slice(0, -1));
    const { header } = blocks.at(-1)!;
    expect((await world.chain.push(itemOfHeader(header!, net.network.checkpoint.burnHeight), signal)).kind).toBe('adopted');
  });
});

describe('a block that a gateway has dated into a later cycle', () => {
  it('does not make the next gateway a liar, whose blocks are of the earlier one', async () => {
    await learn(net);
    const blocks = above(net);
    const boundary = blocks.findIndex(({ tenure }) => net.chain.cycleOf(tenure) === 2);
    await push(blocks.slice(0, boundary + 1));
    const late = blocks[boundary + 1]!;
    // Signed by the set of cycle 1, as if it were of that cycle: the parent's cycle says otherwise.
    const header = signedBy(late.header!, net.chain.sets.of(1).slice(0, 1).map(({ key }) => key));
    expect((await world.chain.push(itemOfHeader(header, net.network.checkpoint.burnHeight), signal)).kind).toBe('held');
    expect((await world.chain.push(itemOfHeader(header, late.tenure.burnHeight), signal)).kind).toBe('fault');
  });
});

describe('the stages of the sync', () => {
  const run = () => above(net).map(itemOf);

  it('the newest signatures are enough for a run, and hashes bind the rest', async () => {
    await learn(net);
    const items = run();
    expect(await world.chain.checkSignatures(items, { each: false, signal })).toBeUndefined();
    expect(world.chain.checked.signatures).toBeLessThan(15);
    expect(world.chain.certifier.standing(items[0]!.id)).toEqual({ kind: 'linked' });
    const each = chainOf(net.network);
    await learnCycles(gatewayOf(net), 3, { ...each.options, cycles: each.chain.cycles, signal });
    expect(await each.chain.checkSignatures(items, { each: true, signal })).toBeUndefined();
    expect(each.chain.checked.signatures).toBeGreaterThan(items.length * 2);
  });

  it('a newest block with a copy of its signatures that does not hold is refused, although hashes bind it', async () => {
    await learn(net);
    const items = run().slice(0, 3);
    const [first, second, newest] = items;
    world.chain.certifier.linked(items.map(({ id }) => id));
    const stripped = itemOfHeader({ ...newest!.block.header, signerSignatures: [] }, newest!.block.burnHeight);
    expect(await world.chain.checkSignatures([first!, second!, stripped], { each: false, signal })).toMatchObject({ code: 'weight', weight: 'lie', at: newest!.height });
    const between = itemOfHeader({ ...second!.block.header, signerSignatures: [] }, second!.block.burnHeight);
    expect(await world.chain.checkSignatures([first!, between, newest!], { each: false, signal })).toBeUndefined();
  });

  it('bad signatures of the newest block, and a cycle whose set is not proven', async () => {
    const items = run().slice(0, 3);
    const bad = itemOfHeader({ ...items[2]!.block.header, signerSignatures: [] }, items[2]!.block.burnHeight);
    expect(await world.chain.checkSignatures([items[0]!, items[1]!, bad], { each: false, signal })).toMatchObject({ code: 'weight', weight: 'lie', at: bad.height });
    expect(await world.chain.checkSignatures(run().slice(-1), { each: false, signal })).toMatchObject({ code: 'cycle-unproven', weight: 'offence' });
  });

  it('a run is final as far as the proven target binds it, or two later tenures are on it', async () => {
    await learn(net);
    const items = run();
    const at = items[6]!;
    const target = { height: at.height, id: at.id, proven: true };
    expect(world.chain.checkFinality(items.slice(0, 7), target)).toBeUndefined();
    expect(world.chain.checkFinality(items.slice(0, 9), target)).toMatchObject({ code: 'not-final', weight: 'offence', at: items[7]!.height });
    expect(world.chain.checkFinality(items.slice(0, 7), { ...target, id: '22'.repeat(32) })).toMatchObject({ code: 'other-block', weight: 'offence' });
    const far = { height: 10_000, id: '33'.repeat(32), proven: true };
    expect(world.chain.checkFinality(items, far)).toMatchObject({ code: 'not-final', at: items[0]!.height });
    await world.chain.checkSignatures(items, { each: false, signal });
    const fault = world.chain.checkFinality(items, far)!;
    await push(above(net));
    expect(fault).toMatchObject({ code: 'not-final', at: world.chain.tip().height + 1 });
  });

  it('apply moves the tip, keeps pending blocks that follow on it, and refuses what does not', async () => {
    await learn(net);
    await push(above(net).slice(0, 3));
    const items = run().slice(0, 2);
    expect(await world.chain.apply(run().slice(4, 5))).toMatchObject({ code: 'parent', weight: 'offence' });
    expect(await world.chain.apply(items)).toBeUndefined();
    expect([world.chain.tip().id, world.chain.head().id]).toEqual([items[1]!.id, run()[2]!.id]);
    expect(world.kept.at(-1)!.blocks).toHaveLength(3);
  });

  it('a snapshot is the header of a proven block, and of no other', async () => {
    await learn(net);
    const rules = world.chain.snapshots!;
    const item = run()[8]!;
    const bytes = encodeHeader(item.block.header);
    expect(await rules.checkManifest(bytes, signal)).toMatchObject({ code: 'not-proven', weight: 'offence' });
    expect(await rules.checkManifest(bytes.slice(1), signal)).toMatchObject({ code: 'malformed' });
    world.chain.proven.add({ item, cycle: 1 });
    const snapshot = await rules.checkManifest(bytes, signal);
    expect(snapshot).toMatchObject({ height: item.height, chunks: 0 });
    expect(await rules.import(snapshot as never, [])).toBeUndefined();
    expect(world.chain.tip().id).toBe(item.id);
    expect(await rules.import(snapshot as never, [])).toMatchObject({ code: 'snapshot-old' });
    world.chain.reset();
    expect(world.chain.tip()).toEqual({ height: net.network.checkpoint.block.height, id: net.network.checkpoint.block.id });
    expect(world.chain.cycles.newest).toBe(1);
  });
});
