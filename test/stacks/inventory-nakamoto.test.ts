import { describe, expect, it } from 'vitest';
import { cycleOf } from '../../src/chains/stacks/chain/cycles.ts';
import { BURST_DELAY, INVENTORY_INTERVAL } from '../../src/chains/stacks/chain/nakamoto-inventories.ts';
import { REPLY_TIME } from '../../src/chains/stacks/net/peer-connection.ts';
import { InventoryWorld, viewAt } from '../support/stacks-inventory-world.ts';
import { recordedRules } from '../support/stacks-served-chain.ts';
import { chainA, inventoriesA } from '../support/stacks-vectors.ts';

const all = ['GetNakamotoInv 41', 'GetNakamotoInv 51', 'GetNakamotoInv 61', 'GetNakamotoInv 71'];
const recordedBits = (cycle: number) => inventoriesA.inventories.find((it) => it.cycle === cycle)!.bits;

describe('GetNakamotoInv / NakamotoInv', () => {
  it('the hash of mod 1 is asked, and bit 0 is the tenure of mod 0: the bits line up with the recorded inventories', async () => {
    const world = new InventoryWorld(77);
    await world.add('a');
    await world.pass(0);
    expect(world.asked('a')).toEqual(all);
    expect([4, 5, 6, 7].map((cycle) => world.bits('a', cycle))).toEqual([4, 5, 6, 7].map(recordedBits));
    // Each bit is that of its height, none is shifted by one: height 45 has a winner whose miner built nothing.
    const tenures = new Set(chainA.headers.map((it) => it.burn_height));
    const tips = new Set(chainA.headers.map((it) => it.consensus_hash));
    for (let height = 42; height <= 77; height += 1) expect([height, world.sync.servedBy(height)]).toEqual([height, tips.has(chainA.sortitions[height]!.consensus_hash) ? ['a'] : []]);
    expect(tenures.size).toBeGreaterThan(20);
    expect(world.sync.servedBy(45)).toEqual([]);
    world.sync.stop();
  });
});

describe('NakamotoInvStateMachine', () => {
  it('one request is in flight a peer, and a silent one stops no other', async () => {
    const world = new InventoryWorld(77);
    await world.add('a');
    const c = await world.add('c', { fault: 'silence' });
    await world.pass(REPLY_TIME - 1);
    expect([world.asked('a'), world.asked('c')]).toEqual([all, ['GetNakamotoInv 41']]);
    await world.pass(1);
    expect([world.asked('a'), world.asked('c')]).toEqual([[], []]);
    c.fault = undefined;
    await world.pass(INVENTORY_INTERVAL - REPLY_TIME);
    expect(world.asked('c')).toEqual(all.slice(1));
    expect(world.gone).toEqual([]);
    world.sync.stop();
  });

  it('rests until 150 s after the start, and begins two cycles below the newest', async () => {
    const world = new InventoryWorld(77);
    await world.add('a');
    await world.pass(0);
    expect(world.asked('a')).toEqual(all);
    await world.pass(INVENTORY_INTERVAL - 1000);
    expect(world.asked('a')).toEqual([]);
    await world.pass(1000);
    expect(world.asked('a')).toEqual(all.slice(1));
    world.sync.stop();
  });

  it.each([1, 2, 3, 4, 5, 10])('Nack %i: the peer is kept, left alone, and asked again after 150 s', async (nack) => {
    const world = new InventoryWorld(77);
    const peer = await world.add('a', { isBootstrap: false });
    await world.pass(0);
    world.asked('a');
    peer.fault = { nack };
    await world.pass(INVENTORY_INTERVAL);
    expect(world.asked('a')).toEqual(['GetNakamotoInv 51']);
    expect([world.gone, world.bits('a', 5)]).toEqual([[], recordedBits(5)]);
    peer.fault = undefined;
    await world.pass(INVENTORY_INTERVAL - 1000);
    expect(world.asked('a')).toEqual([]);
    await world.pass(1000);
    expect(world.asked('a')).toEqual(all.slice(1));
    world.sync.stop();
  });

  it.each([['wrong-message', 'wrong-message'], ['wrong-signature', 'signature'], ['oversized', 'frame-length'], ['too-long', 'frame-length'], ['close', 'closed']] as const)('%s disconnects the peer, and its bits count no more', async (fault, code) => {
    const world = new InventoryWorld(77);
    const peer = await world.add('a');
    await world.add('b');
    await world.pass(0);
    expect(world.sync.servedBy(50)).toEqual(['a', 'b']);
    peer.fault = fault;
    await world.pass(INVENTORY_INTERVAL);
    expect([world.gone, peer.connections]).toEqual([[`a ${code}`], 0]);
    expect(world.sync.servedBy(50)).toEqual(['b']);
    expect(world.sync.inventories().map((it) => it.peer)).toEqual(['b']);
    world.sync.stop();
  });

  it('an inventory with more bits than a cycle has disconnects the peer', async () => {
    const world = new InventoryWorld(77);
    // Of a network with cycles of 20.
    const wide = await world.add('a', { chain: { rules: { ...recordedRules, cycleLength: 20 }, sortitions: () => chainA.sortitions.map((it) => ({ burnHeight: it.height, burnHash: it.burn_hash, consensusHash: it.consensus_hash })), hasTenure: () => true, hasBlock: () => false, anchors: () => [] } });
    await world.pass(0);
    expect(world.gone).toEqual(['a wrong-message']);
    expect(wide.connections).toBe(0);
    world.sync.stop();
  });

  it('asks only the peers of the network file in the initial download', async () => {
    const world = new InventoryWorld(77, { view: viewAt(77, { isInitialDownload: true }) });
    await world.add('a', { isBootstrap: false });
    await world.add('b');
    await world.pass(0);
    expect([world.asked('a'), world.asked('b')]).toEqual([[], all]);
    world.sync.update(viewAt(77));
    await world.pass(0);
    expect([world.asked('a'), world.asked('b')]).toEqual([all, []]);
    world.sync.stop();
  });

  it('asks for the next cycle where the Stacks tip is there already, once its hash is known', async () => {
    const world = new InventoryWorld(69, { view: viewAt(69, { stacksTip: { burnHeight: 70, isNakamotoBlock: true } }) });
    await world.add('a');
    await world.pass(0);
    expect(world.asked('a')).toEqual(all.slice(0, 3));
    world.burnHeight = 71;
    world.sync.update(viewAt(71));
    await world.pass(0);
    expect(world.asked('a')).toEqual(['GetNakamotoInv 71']);
    world.sync.stop();
  });
});

describe('NakamotoTenureInv', () => {
  it('a later reply replaces the bits of its cycle: they may fall', async () => {
    const world = new InventoryWorld(77);
    const peer = await world.add('a');
    peer.fault = 'falling-bits';
    await world.pass(0);
    const before = world.bits('a', 7);
    await world.pass(INVENTORY_INTERVAL);
    await world.pass(INVENTORY_INTERVAL);
    expect(world.bits('a', 7).split('1').length).toBeLessThan(before.split('1').length);
    expect(world.sync.servedBy(77)).toEqual([]);
    // The first cycle is not asked again.
    expect(world.bits('a', 4)).toBe(recordedBits(4));
    world.sync.stop();
  });

  it('the rarest come first, what nobody has is left out', async () => {
    const world = new InventoryWorld(77);
    await world.add('a');
    const b = await world.add('b');
    await world.pass(0);
    b.fault = 'falling-bits';
    for (let pass = 0; pass < 2; pass += 1) await world.pass(INVENTORY_INTERVAL);
    const heights = Array.from({ length: 8 }, (_, i) => 70 + i);
    const rarest = world.sync.rarestFirst(heights);
    expect(rarest[0]).toEqual({ burnHeight: 77, peers: ['a'] });
    expect(rarest.map(({ burnHeight }) => burnHeight)).toEqual([77, 70, 71, 73, 74, 75, 76]);
    expect(rarest.at(-1)!.peers).toEqual(['a', 'b']);
    world.sync.stop();
  });
});

describe('burst mode', () => {
  it('after a new sortition all peers are asked once, a second later, from the cycle before, and not again', async () => {
    const world = new InventoryWorld(76);
    await world.add('a');
    await world.add('b');
    await world.pass(0);
    for (const name of ['a', 'b']) world.asked(name);
    await world.pass(10_300);
    world.burnHeight = 77;
    world.sync.update(viewAt(77));
    await world.pass(BURST_DELAY - 1);
    expect([world.asked('a'), world.asked('b')]).toEqual([[], []]);
    await world.pass(1);
    expect([world.asked('a'), world.asked('b')]).toEqual([all.slice(2), all.slice(2)]);
    expect(world.sync.servedBy(77)).toEqual(['a', 'b']);
    await world.pass(60_000);
    world.sync.update(viewAt(77));
    await world.pass(60_000);
    expect([world.asked('a'), world.asked('b')]).toEqual([[], []]);
    world.sync.stop();
  });

  it('edge 4: stale bits of the current cycle are fetched anew, older ones are kept', async () => {
    const world = new InventoryWorld(72);
    const peer = await world.add('a');
    await world.pass(0);
    world.asked('a');
    expect([world.bits('a', 7), cycleOf(72, recordedRules)]).toEqual([recordedBits(7).slice(0, 3), 7]);
    world.burnHeight = 75;
    peer.fault = undefined;
    world.sync.update(viewAt(75));
    await world.pass(BURST_DELAY);
    expect(world.asked('a')).toEqual(all.slice(2));
    expect([4, 5, 7].map((cycle) => world.bits('a', cycle))).toEqual([recordedBits(4), recordedBits(5), recordedBits(7).slice(0, 6)]);
    world.sync.stop();
  });
});
