import { beforeAll, describe, expect, it, vi } from 'vitest';
import { backFrom, signedBy, startOf, type DevBlock } from '../../../../devnet/stacks/dev-block.ts';
import { ChainView } from '../../../../devnet/stacks/chain-view.ts';
import type { StacksNet } from '../../../../devnet/stacks/stacks-net.ts';
import { viewGateway } from '../../../../test/support/stacks/view-gateway.ts';
import { chainOf, gatewayOf, itemOf, smallNet } from '../../../../test/support/stacks/stacks-world.ts';
import type { NakamotoHeader } from '../wire/header.ts';
import { proveTarget } from './prove-target.ts';

const ask = { signal: new AbortController().signal };
let net: StacksNet;

/** The parent of the first block of the tenure before the newest. */
const confirmedOf = (tip: DevBlock) => startOf(startOf(tip).parent!).parent!;

beforeAll(async () => {
  net = await smallNet();
});

describe('proves the newest confirmed block at a gateway', () => {
  it('from the checkpoint over the hand-overs of all cycles to the newest two tenures', async () => {
    const { chain, options } = chainOf(net.network);
    const gateway = gatewayOf(net);
    const { target, branch, continues } = await proveTarget(gateway, options, ask);
    const confirmed = confirmedOf(net.tip);
    expect(target).toEqual({ height: confirmed.height, id: confirmed.id });
    expect(branch.at(-1)!.id).toBe(net.tip.id);
    expect(branch.map(({ height }) => height)).toEqual(Array.from({ length: net.tip.height - confirmed.height }, (_, i) => confirmed.height + 1 + i));
    expect(continues).toBe(true);
    expect(chain.cycles.newest).toBe(net.chain.cycleOf(net.tip.tenure));
    expect(chain.proven.at(target.height)).toMatchObject({ item: { id: confirmed.id }, cycle: net.chain.cycleOf(confirmed.tenure) });
    expect(chain.certifier.standing(net.tip.id)?.kind).toBe('signed');
    expect(chain.cycles.views.map(({ cycle, from }) => [cycle, from])).toEqual([[1, 'checkpoint'], [2, 'hand-over'], [3, 'hand-over']]);
    // A second time nothing is proven again.
    gateway.calls.length = 0;
    await proveTarget(gateway, options, ask);
    expect(gateway.calls).not.toContain('state');
  });

  it('asks for nothing but the newest tenure while its tip is here', async () => {
    const { chain, options } = chainOf(net.network);
    const gateway = gatewayOf(net);
    const { branch, target } = await proveTarget(gateway, options, ask);
    await chain.snapshots!.import({ id: '', height: target.height, chunks: 0, size: undefined }, []);
    for (const item of branch) expect((await chain.push(item, ask.signal)).kind).toBe('adopted');
    gateway.calls.length = 0;
    expect(await proveTarget(gateway, options, ask)).toMatchObject({ target: chain.tip(), branch: [] });
    expect(gateway.calls).toEqual(['tenureInfo']);
  });

  it('nothing, if our chain moves on while the newest tenure is fetched', async () => {
    const { chain, options } = chainOf(net.network);
    // What the newest tenure follows on is here at first, and gone then.
    vi.spyOn(chain, 'extends').mockReturnValueOnce(true);
    await expect(proveTarget(gatewayOf(net), options, ask)).rejects.toMatchObject({ code: 'refused' });
    expect(chain.halted()).toBeUndefined();
  });

  it('another miner in a sortition than the one that signed its block: an offence of the gateway, and the block is as good as before', async () => {
    const { chain, options } = chainOf(net.network);
    const right = gatewayOf(net);
    const wrong = gatewayOf(net, { sortition: async (which) => right.sortition(which, ask).then((told) => told && { ...told, minerKeyHash: 'aa'.repeat(20) }) });
    await expect(proveTarget(wrong, options, ask)).rejects.toMatchObject({ name: 'PeerFault', code: 'miner', weight: 'offence' });
    expect((await proveTarget(right, options, ask)).branch.at(-1)!.id).toBe(net.tip.id);
    expect(chain.certifier.standing(net.tip.id)?.kind).toBe('signed');
    const silent = gatewayOf(net, { sortition: async (which) => right.sortition(which, ask).then((told) => told && { ...told, minerKeyHash: undefined }) });
    await expect(proveTarget(silent, chainOf(net.network).options, ask)).resolves.toBeDefined();
  });

  it.each([
    ['69 % of the weight', (block: DevBlock) => signedBy(block.header!, net.chain.sets.of(net.chain.cycleOf(block.tenure)).slice(0, 1).map(({ key }) => key)), 'weight'],
    ['a signer twice', (block: DevBlock) => ({ ...block.header!, signerSignatures: [block.header!.signerSignatures[0]!, ...block.header!.signerSignatures] }), 'signer-twice'],
    ['a stranger', (block: DevBlock) => signedBy(block.header!, [net.chain.miners[0]!]), 'signer-stranger'],
  ])('the newest block with %s: the gateway lies, and nothing has changed', async (_, forge, code) => {
    const { chain, options } = chainOf(net.network);
    const tip = net.tip.position > 0 ? net.tip : startOf(net.tip);
    const forged = gatewayOf(net, {
      block: async (id) => (id === tip.id ? { value: { header: forge(tip), transactions: tip.transactions }, size: 1 } : gatewayOf(net).block(id, ask)),
      tenure: async (from, stop) => {
        const answer = await gatewayOf(net).tenure(from, stop, ask);
        return answer && { ...answer, value: answer.value.map((block, i) => (i === 0 && from === tip.id ? { ...block, header: forge(tip) } : block)) };
      },
    });
    await expect(proveTarget(forged, options, ask)).rejects.toMatchObject({ name: 'PeerFault', code, weight: 'lie' });
    expect(chain.tip().height).toBe(net.network.checkpoint.block.height);
  });

  it('a hole in a tenure, a block of another id, a missing one', async () => {
    const { options } = chainOf(net.network);
    const tenure = gatewayOf(net).tenure;
    const holed = gatewayOf(net, { tenure: async (from, stop) => tenure(from, stop, ask).then((answer) => answer && { ...answer, value: answer.value.slice(1) }) });
    const other = gatewayOf(net, { block: async (id) => gatewayOf(net).block(net.viewOf(0).block(id)!.parentId, ask) });
    await expect(proveTarget(other, options, ask)).rejects.toMatchObject({ name: 'PeerFault', code: 'block-id', weight: 'lie' });
    await expect(proveTarget(gatewayOf(net, { block: async () => undefined }), options, ask)).rejects.toMatchObject({ name: 'RequestError', code: 'refused' });
    await expect(proveTarget(holed, chainOf(net.network).options, ask)).rejects.toMatchObject({ name: 'PeerFault' });
  });

  it('a sortition that committed to another parent than the gateway has proves nothing', async () => {
    const { options } = chainOf(net.network);
    const { sortition } = gatewayOf(net);
    const stale = gatewayOf(net, { sortition: async (which) => sortition(which, ask).then((it) => it && { ...it, committedBlockId: '00'.repeat(32) }) });
    await expect(proveTarget(stale, options, ask)).rejects.toMatchObject({ name: 'RequestError', code: 'refused' });
  });
});

describe('a branch that excludes the confirmed one', () => {
  async function followed(own: StacksNet) {
    const world = chainOf(own.network);
    const { target, branch } = await proveTarget(gatewayOf(own), world.options, ask);
    await world.chain.snapshots!.import({ id: '', height: target.height, chunks: 0, size: undefined }, []);
    for (const item of branch) await world.chain.push(item, ask.signal);
    return world;
  }

  it('is no contradiction before it is confirmed, too', async () => {
    const own = await smallNet();
    const { chain, options, halts } = await followed(own);
    own.fork(3, 1);
    await expect(proveTarget(gatewayOf(own), options, ask)).rejects.toMatchObject({ code: 'refused' });
    expect([halts, chain.halted()]).toEqual([[], undefined]);
  });

  it('proves nothing from a tenure on a block below ours, on which no other tenure is', async () => {
    const own = await smallNet();
    const { chain, options } = await followed(own);
    for (const block of own.produceTenures(3)) await chain.push(itemOf(block), ask.signal);
    const before = chain.tip();
    expect(chain.confirmed.all.length).toBeGreaterThan(2);
    own.fork(3, 1);
    await expect(proveTarget(gatewayOf(own), options, ask)).rejects.toMatchObject({ code: 'refused' });
    expect([chain.tip(), chain.halted()]).toEqual([before, undefined]);
  });

  it('halts once it is confirmed, and shows both headers', async () => {
    const own = await smallNet();
    const { chain, options, halts } = await followed(own);
    const before = chain.tip();
    own.fork(4, 1);
    own.produceTenures(4);
    await expect(proveTarget(gatewayOf(own), options, ask)).rejects.toMatchObject({ code: 'refused' });
    expect(halts).toHaveLength(1);
    expect(chain.halted()).toMatchObject({ height: before.height });
    expect(chain.halted()!.evidence.every((bytes) => bytes.length > 300)).toBe(true);
    expect(chain.tip()).toEqual(before);
    expect((await chain.push(itemOf(own.tip), ask.signal)).kind).toBe('halted');
  });

  it('a checkpoint that is not of the chain is contradicted, too', async () => {
    const own = await smallNet();
    const foreign = [...backFrom(own.tip)][12]!;
    const { chain, options } = chainOf({ ...own.network, checkpoint: { ...own.network.checkpoint, block: { ...own.network.checkpoint.block, id: foreign.id } } });
    await expect(proveTarget(gatewayOf(own), options, ask)).rejects.toMatchObject({ code: 'refused' });
    expect(chain.halted()).toMatchObject({ height: own.network.checkpoint.block.height });
  });

  it('signed by an earlier set than ours it contradicts nothing', async () => {
    const own = await smallNet();
    const { chain, options, halts } = await followed(own);
    for (const block of own.produceTenures(3)) await chain.push(itemOf(block), ask.signal);
    const [tip, { cycle }] = [chain.tip(), chain.root];
    // As high as ours, with two tenures on it.
    const side = own.chain.branchOff(own.chain.main, 5);
    side.tip = own.chain.startTenure(side);
    const { burnHeight: first } = side.tip.tenure;
    while (side.tip.height < tip.height) side.tip = own.chain.extend(side);
    for (let tenures = 0; tenures < 2; tenures += 1) side.tip = own.chain.startTenure(side);
    const right = viewGateway(() => new ChainView(own.chain, side, () => false));
    const old = own.chain.sets.of(cycle - 1).map(({ key }) => key);
    const forged = <T extends { readonly header: NakamotoHeader }>(block: T): T => ({ ...block, header: signedBy(block.header, old) });
    const changed = async <T>(answer: Promise<{ readonly value: T; readonly size: number } | undefined>, change: (value: T) => T) => answer.then((it) => it && { ...it, value: change(it.value) });
    const { cycleLength, firstBurnHeight } = own.network;
    const liar = viewGateway(() => new ChainView(own.chain, side, () => false), {
      block: (id, options) => changed(right.block(id, options), forged),
      tenure: (from, stop, options) => changed(right.tenure(from, stop, options), (blocks) => blocks.map(forged)),
      header: (id, options) => changed(right.header(id, options), (header) => signedBy(header, old)),
      sortition: (which, options) => right.sortition(which, options).then((it) => it && (it.burnHeight < first ? it : { ...it, burnHeight: firstBurnHeight + (cycle - 1) * cycleLength + it.burnHeight - first })),
    });
    await expect(proveTarget(liar, options, ask)).rejects.toMatchObject({ name: 'PeerFault', code: 'cycle-ended' });
    expect([halts, chain.tip()]).toEqual([[], tip]);
    // The same branch with the signatures of its own set does.
    await expect(proveTarget(right, options, ask)).rejects.toMatchObject({ code: 'refused' });
    expect(halts).toMatchObject([{ height: tip.height }]);
  });
});
