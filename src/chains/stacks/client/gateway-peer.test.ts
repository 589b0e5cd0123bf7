import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { StacksNet } from '../../../../devnet/stacks/stacks-net.ts';
import { peerOf } from '../../../../test/support/stacks/line-of.ts';
import { chainOf, gatewayOf, itemOf, smallNet } from '../../../../test/support/stacks/stacks-world.ts';
import { itemOfHeader } from '../chain/stacks-block.ts';
import { headersDown } from './headers-down.ts';

const ask = { signal: new AbortController().signal };
let net: StacksNet;
let world: ReturnType<typeof chainOf>;

beforeAll(async () => {
  net = await smallNet();
});
beforeEach(() => {
  world = chainOf(net.network);
});

/** The chain at the proven target, as after a jump. */
async function jumped(own = net) {
  const gateway = gatewayOf(own);
  const made = peerOf(own, world, gateway);
  const target = await made.peer.proveTarget(0, ask);
  const { value } = await made.peer.getManifest(undefined);
  const snapshot = await world.chain.snapshots!.checkManifest(value, ask.signal);
  await world.chain.snapshots!.import(snapshot as never, []);
  return { ...made, gateway, target };
}

describe('a gateway as a peer of the sync', () => {
  it('claims its tip, offers a snapshot only of what it has proven, and its manifest is the header', async () => {
    const { peer } = peerOf(net, world, gatewayOf(net));
    expect(peer.claims).toMatchObject({ height: net.tip.height, snapshot: undefined });
    await expect(peer.getManifest(undefined)).rejects.toMatchObject({ code: 'refused' });
    const target = await peer.proveTarget(0, ask);
    expect(target.proven).toBe(true);
    expect(peer.claims.snapshot).toBe(target.height);
    expect(await world.chain.snapshots!.checkManifest((await peer.getManifest(target.height)).value, ask.signal)).toMatchObject({ height: target.height, chunks: 0 });
    await expect(peer.getChunk()).rejects.toMatchObject({ code: 'refused' });
  });

  it('what the proof fetched is not fetched again', async () => {
    const { peer, gateway, target } = await jumped();
    gateway.calls.length = 0;
    const { value } = await peer.getBlocks(target.height + 1, 1_000, ask);
    expect(value.at(-1)!.id).toBe(net.tip.id);
    expect(gateway.calls).toEqual([]);
    for (const item of value) expect((await world.chain.push(item, ask.signal)).kind).toBe('adopted');
    expect(world.chain.tip()).toEqual({ height: target.height, id: target.id });
  });

  it('older blocks come with the Bitcoin height of their tenure', async () => {
    const { peer, target } = await jumped();
    const { value } = await peer.getBlocks(target.height - 5, 1_000, ask);
    expect(value.map(({ height }) => height)).toEqual([5, 4, 3, 2, 1, 0].map((below) => target.height - below));
    expect(value[0]!.block.burnHeight).toBe(net.viewOf(0).at(target.height - 5)!.tenure.burnHeight);
  });
});

describe('an announced block', () => {
  it('whose miner the gateway tells otherwise is taken all the same, and the gateway has an offence', async () => {
    const { peer } = await jumped();
    const { value } = await peer.getBlocks(world.chain.tip().height + 1, 1_000, ask);
    for (const item of value) await world.chain.push(item, ask.signal);
    const right = gatewayOf(net);
    for (const [minerKeyHash, codes] of [['aa'.repeat(20), ['miner']], [net.tip.tenure.winner!.keyHash, []]] as const) {
      const { peer: other, faults } = peerOf(net, world, gatewayOf(net, { sortition: async (which) => right.sortition(which, ask).then((told) => told && { ...told, minerKeyHash }) }));
      const tip = await other.itemOf(net.tip.header!, ask);
      other.announced(tip);
      expect(faults).toEqual([]);
      other.announced(tip);
      expect(faults.map(({ code, weight }) => `${code} ${weight}`)).toEqual(codes.map((code) => `${code} offence`));
    }
    expect(world.chain.head().id).toBe(net.tip.id);
  });

  it('is told after those below it that are not here', async () => {
    const { peer, announced } = await jumped();
    const parts = await peer.getBlocks(world.chain.tip().height + 1, 1_000, ask);
    await world.chain.push(parts.value[0]!, ask.signal);
    peer.announced(itemOf(net.tip));
    await vi.waitFor(() => expect(announced.at(-1)?.id).toBe(net.tip.id));
    expect(announced.map(({ id }) => id)).toEqual(parts.value.slice(1).map(({ id }) => id));
  });

  it('of a fork brings its branch down to a block that is here', async () => {
    const own = await smallNet();
    world = chainOf(own.network);
    const { peer, announced } = await jumped(own);
    for (const item of (await peer.getBlocks(world.chain.tip().height + 1, 1_000, ask)).value) await world.chain.push(item, ask.signal);
    const fork = own.fork(1, 3);
    peer.announced(itemOf(own.tip));
    await vi.waitFor(() => expect(announced).toHaveLength(fork.length));
    expect(announced.map(({ id }) => id)).toEqual(fork.map(({ id }) => id));
  });

  it('of the next cycle waits until the signers are proven', async () => {
    const own = await smallNet();
    world = chainOf(own.network);
    const { peer, announced } = await jumped(own);
    for (const item of (await peer.getBlocks(world.chain.tip().height + 1, 1_000, ask)).value) await world.chain.push(item, ask.signal);
    own.nextCycle();
    expect(world.chain.cycles.newest).toBe(3);
    peer.announced(itemOf(own.tip));
    await vi.waitFor(() => expect(announced.at(-1)?.id).toBe(own.tip.id));
    expect(world.chain.cycles.newest).toBe(4);
    for (const item of announced) expect((await world.chain.push(item, ask.signal)).kind).toBe('adopted');
  });

  it('far above the head is told alone: the gap is closed by height', async () => {
    const { peer, announced } = peerOf(net, world, gatewayOf(net));
    peer.announced({ ...itemOf(net.tip), height: 10_000 });
    await vi.waitFor(() => expect(announced).toHaveLength(1));
  });

  it('with a false proof of the signers, the gateway lies', async () => {
    const own = await smallNet();
    world = chainOf(own.network);
    await jumped(own);
    own.nextCycle();
    const { tenureTip } = gatewayOf(own);
    const forged = gatewayOf(own, { tenureTip: async (hash) => tenureTip(hash, ask).then((tip) => (tip?.kind === 'nakamoto' ? { ...tip, header: { ...tip.header, signerSignatures: [] } } : tip)) });
    const { peer, faults, announced } = peerOf(own, world, forged);
    peer.announced(itemOf(own.tip));
    await vi.waitFor(() => expect(faults).toMatchObject([{ code: 'weight', weight: 'lie' }]));
    expect(announced.at(-1)?.id).not.toBe(own.tip.id);
  });
});

describe('headers below a known one', () => {
  const known = () => itemOf(net.tip);

  it('by height, bound by hashes; one on another branch is asked for by id', async () => {
    const gateway = gatewayOf(net);
    const items = await headersDown(gateway, known(), net.tip.height - 8, ask);
    expect(items.map(({ height }) => height)).toEqual(Array.from({ length: 9 }, (_, i) => net.tip.height - 8 + i));
    expect(gateway.calls).not.toContain('header');
    const { headerAt } = gatewayOf(net);
    const moved = gatewayOf(net, { headerAt: async (height) => headerAt(height === net.tip.height - 3 ? height - 1 : height, ask) });
    expect((await headersDown(moved, known(), net.tip.height - 8, ask)).map(({ id }) => id)).toEqual(items.map(({ id }) => id));
    expect(moved.calls.filter((name) => name === 'header')).toHaveLength(1);
  });

  it('a missing one is refused, another block than asked for is a lie', async () => {
    await expect(headersDown(gatewayOf(net, { headerAt: async () => undefined, header: async () => undefined }), known(), net.tip.height - 2, ask)).rejects.toMatchObject({ code: 'refused' });
    const other = gatewayOf(net, { headerAt: async () => undefined, header: async () => ({ value: net.tip.header!, size: 1 }) });
    await expect(headersDown(other, known(), net.tip.height - 2, ask)).rejects.toMatchObject({ code: 'height', weight: 'lie' });
    expect(itemOfHeader(net.tip.header!, 1).id).toBe(net.tip.id);
  });
});
