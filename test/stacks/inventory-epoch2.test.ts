import { describe, expect, it } from 'vitest';
import { BLOCKS_INVENTORY_INTERVAL } from '../../src/chains/stacks/chain/blocks-inventory-sync.ts';
import { REPLY_TIME } from '../../src/chains/stacks/net/peer-connection.ts';
import { InventoryWorld, viewAt } from '../support/stacks-inventory-world.ts';
import { servedChainOf } from '../support/stacks-served-chain.ts';
import { chainA } from '../support/stacks-vectors.ts';

const whole = ['GetPoxInv 1', 'GetBlocksInv 1', 'GetBlocksInv 11', 'GetPoxInv 21', 'GetBlocksInv 21', 'GetBlocksInv 31'];
const statusOf = (world: InventoryWorld, name: string) => world.sync.inventories().find(({ peer }) => peer === name)?.status;
/** At height 40 all blocks are of epoch 2.x. */
const world40 = () => new InventoryWorld(40);

describe('InvState', () => {
  it('PoxInv comes first, then BlocksInv, two cycles at a time; after 150 s again from two cycles below', async () => {
    const world = world40();
    await world.add('a');
    await world.pass(3000);
    // Cycle 4 has begun, but its mod 1 hash is not there.
    expect(world.asked('a')).toEqual(whole);
    expect(Array.from({ length: 40 }, (_, i) => world.sync.servedBy(i + 1).length)).toEqual(Array.from({ length: 40 }, (_, i) => Number(i + 1 >= 26)));
    await world.pass(BLOCKS_INVENTORY_INTERVAL - 4000);
    expect(world.asked('a')).toEqual([]);
    await world.pass(6000);
    expect(world.asked('a')).toEqual(whole.slice(3));
    world.sync.stop();
  });

  it('silence of one peer does not stop the others', async () => {
    const world = world40();
    await world.add('a', { fault: 'silence' });
    await world.add('b');
    await world.pass(3000);
    expect(world.asked('b')).toEqual(whole);
    await world.pass(REPLY_TIME);
    expect([statusOf(world, 'a'), statusOf(world, 'b'), world.gone]).toEqual(['Dead', 'Online', []]);
    expect(world.sync.servedBy(30)).toEqual(['b']);
    world.sync.stop();
  });

  it.each([[1, 'Dead'], [2, 'Diverged'], [3, 'Dead'], [4, 'Diverged'], [5, 'Broken'], [10, 'Broken']] as const)('after Nack %i a peer of our height is called %s, and stays connected', async (nack, status) => {
    const world = world40();
    await world.add('a', { fault: { nack } });
    await world.pass(3000);
    expect([statusOf(world, 'a'), world.gone]).toEqual([status, []]);
    world.sync.stop();
  });

  it('a peer behind us that does not know a hash is called stale', async () => {
    const world = world40();
    await world.add('a', { chain: servedChainOf(chainA, () => 19) });
    await world.pass(3000);
    expect([world.asked('a').at(-1), statusOf(world, 'a')]).toEqual(['GetPoxInv 21', 'Stale']);
    world.sync.stop();
  });

  it.each([['wrong-message', 'wrong-message'], ['wrong-signature', 'signature'], ['oversized', 'frame-length']] as const)('%s disconnects', async (fault, code) => {
    const world = world40();
    const peer = await world.add('a');
    await world.pass(3000);
    peer.fault = fault;
    await world.pass(BLOCKS_INVENTORY_INTERVAL + 6000);
    expect([world.gone, peer.connections]).toEqual([[`a ${code}`], 0]);
    world.sync.stop();
  });
});

describe('GetPoxInv / PoxInv', () => {
  it('local 1 against remote 0 stops the scan at that cycle', async () => {
    const world = world40();
    await world.add('a', { chain: { ...servedChainOf(chainA, () => 40), anchors: () => [true, true, true, false, true] } });
    await world.pass(3000);
    expect([world.asked('a'), statusOf(world, 'a')]).toEqual([whole.slice(0, 5), 'Diverged']);
    expect([world.sync.servedBy(30), world.sync.servedBy(31)]).toEqual([['a'], []]);
    world.sync.stop();
  });

  it('an anchor block that nobody has is no difference', async () => {
    const world = new InventoryWorld(40, { view: viewAt(40, { hasAnchor: () => false }) });
    await world.add('a', { chain: { ...servedChainOf(chainA, () => 40), anchors: () => [true, false, false, false, false] } });
    await world.pass(3000);
    expect([world.asked('a'), statusOf(world, 'a')]).toEqual([whole, 'Online']);
    world.sync.stop();
  });
});

describe('GetBlocksInv / BlocksInv', () => {
  it('block and microblock bits of unequal length disconnect, and count for nothing', async () => {
    const world = world40();
    const peer = await world.add('a');
    await world.add('b');
    peer.fault = 'unequal';
    await world.pass(BLOCKS_INVENTORY_INTERVAL + 6000);
    expect(world.gone).toEqual(['a malformed']);
    expect(world.sync.servedBy(30)).toEqual(['b']);
    world.sync.stop();
  });
});

describe('PeerBlocksInv', () => {
  it('block bits of a cycle and of later ones are dropped when its PoX bit turns from 0 to 1', async () => {
    const world = new InventoryWorld(40, { view: viewAt(40, { hasAnchor: () => false }) });
    const anchors = [true, true, true, false, false];
    const chain = servedChainOf(chainA, () => 40);
    let blocks = (height: number) => chain.hasBlock(height);
    await world.add('a', { chain: { ...chain, anchors: () => anchors, hasBlock: (height) => blocks(height) } });
    await world.pass(3000);
    expect([world.sync.servedBy(30), world.sync.servedBy(35)]).toEqual([['a'], ['a']]);
    // Another PoX fork, on which nothing was mined in cycle 3.
    anchors[3] = true;
    blocks = (height) => height < 31 && chain.hasBlock(height);
    await world.pass(BLOCKS_INVENTORY_INTERVAL + 6000);
    expect([world.sync.servedBy(30), world.sync.servedBy(35)]).toEqual([['a'], []]);
    world.sync.stop();
  });

  it('bits that fall without that stay, because merging only sets', async () => {
    const world = world40();
    const chain = servedChainOf(chainA, () => 40);
    let blocks = (height: number) => chain.hasBlock(height);
    await world.add('a', { chain: { ...chain, hasBlock: (height) => blocks(height) } });
    await world.pass(3000);
    blocks = () => false;
    await world.pass(BLOCKS_INVENTORY_INTERVAL + 6000);
    expect(world.sync.servedBy(35)).toEqual(['a']);
    world.sync.stop();
  });
});
