import { describe, expect, it } from 'vitest';
import { InventoryWorld, viewAt } from '../support/stacks-inventory-world.ts';
import { chainA } from '../support/stacks-vectors.ts';

const ROUND = ['GetPublicIP', 'BlockInvSync', 'BlockDownload', 'AntiEntropy', 'Prune'] as const;

describe('PeerNetworkWorkState order', () => {
  it('a run goes round in the order of the states, and waits in BlockInvSync for the inventories', async () => {
    const world = new InventoryWorld(40);
    await world.add('a');
    await world.pass(10_000);
    expect(world.states.slice(0, 7)).toEqual([...ROUND, 'GetPublicIP', 'BlockInvSync']);
    const silent = new InventoryWorld(40);
    await silent.add('a', { fault: 'silence' });
    await silent.pass(20_000);
    expect([silent.states, silent.sync.workState]).toEqual([['GetPublicIP', 'BlockInvSync'], 'BlockInvSync']);
    for (const it of [world, silent]) it.sync.stop();
  });

  it('a hint jumps from BlockInvSync to BlockDownload, where the downloads are waited for', async () => {
    let isLoading = true;
    const world = new InventoryWorld(40, { downloads: () => isLoading });
    await world.add('a', { fault: 'silence' });
    await world.pass(2000);
    expect(world.states).toEqual(['GetPublicIP', 'BlockInvSync']);
    world.sync.hint();
    await world.pass(10_000);
    expect(world.states).toEqual(['GetPublicIP', 'BlockInvSync', 'BlockDownload']);
    isLoading = false;
    await world.pass(3000);
    expect(world.states).toEqual([...ROUND, 'GetPublicIP']);
    world.sync.stop();
  });

  it('does not run in Nakamoto epochs, and a hint changes nothing there', async () => {
    const world = new InventoryWorld(77);
    await world.add('a');
    await world.pass(5000);
    world.sync.hint();
    await world.pass(5000);
    expect(world.states).toEqual(['GetPublicIP']);
    world.sync.stop();
  });
});

describe('edge 1: both machines in the transition', () => {
  it('run until the first Nakamoto tip: items of both, none lost, and the machine of epoch 2.x stops after it', async () => {
    const world = new InventoryWorld(41);
    await world.add('a');
    await world.pass(5000);
    expect(world.asked('a').filter((it) => it.startsWith('GetNakamoto'))).toEqual([]);
    // Sortitions are in Nakamoto; the Stacks tip is of epoch 2.x, as the recorded chain had it at height 42.
    world.burnHeight = 42;
    world.sync.update(viewAt(42));
    await world.pass(155_000);
    const both = world.asked('a');
    expect([both.some((it) => it.startsWith('GetNakamotoInv')), both.some((it) => it.startsWith('GetBlocksInv'))]).toEqual([true, true]);
    const claimed = () => Array.from({ length: world.burnHeight + 1 }, (_, height) => height).filter((height) => world.sync.servedBy(height).length > 0);
    const mined = (until: number) => chainA.sortitions.filter(({ height, consensus_hash }) => (height >= 26 && height < 42) || (height <= until && chainA.headers.some((it) => it.consensus_hash === consensus_hash))).map(({ height }) => height);
    expect(claimed()).toEqual(mined(42));
    world.burnHeight = 44;
    world.sync.update(viewAt(44));
    await world.pass(1000);
    world.asked('a');
    const states = world.states.length;
    await world.pass(310_000);
    expect(world.asked('a').filter((it) => !it.startsWith('GetNakamotoInv'))).toEqual([]);
    expect(world.states).toHaveLength(states);
    expect(claimed()).toEqual(mined(44));
    world.sync.stop();
  });
});

describe('Prune', () => {
  it('drops surplus connections, those unused for longest first, and none that is in use', async () => {
    const world = new InventoryWorld(77, { maxConnections: 2 });
    await world.add('a');
    await world.pass(1000);
    await world.add('b', { fault: 'silence' });
    await world.add('c');
    await world.pass(1000);
    await world.add('d');
    await world.pass(1000);
    expect(world.sync.inventories()).toHaveLength(2);
    expect(world.gone[0]).toBe('a stopped');
    world.sync.stop();
    await world.pass(0);
    expect(Object.values(world.peers).map((it) => it.connections)).toEqual([0, 0, 0, 0]);
    expect([world.sync.inventories(), world.clock.waiting]).toEqual([[], 0]);
    expect(world.gone).toHaveLength(4);
  });
});
