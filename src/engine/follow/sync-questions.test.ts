import { afterEach, describe, expect, it } from 'vitest';
import { FollowedWorld, worldItem } from '../../../test/support/followed-world.ts';

const SEEDS = ['/a', '/b', '/c'];
let world: FollowedWorld;
afterEach(() => world.client.close());

/** With two seeds or more it is established. */
async function setup(blocks = 10, seeds = SEEDS) {
  world = new FollowedWorld();
  world.produce(blocks, { announce: false, final: blocks });
  world.start(seeds);
  if (seeds.length > 1) await world.established();
  return (question: string, ...args: readonly unknown[]) => world.client.ask(question, args);
}
const codeOf = (answer: Promise<unknown>) => answer.then(() => 'answered', (error: { readonly code: string }) => error.code);

describe('questions by name', () => {
  it('has none but its own and the chain’s', async () => {
    const ask = await setup();
    for (const name of ['', 'nothing', 'constructor', 'toString', '__proto__', 'hasOwnProperty']) expect(await codeOf(ask(name))).toBe('unknown-question');
    expect(await ask('howMany', 1, 2, 3)).toBe(3);
    const reason = new Error('enough');
    await expect(world.client.ask('getSyncStatus', [], { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });

  it('answers about the sync', async () => {
    const ask = await setup();
    expect(await ask('getSyncStatus')).toMatchObject({ current: 10 });
    expect(await ask('getSyncProgress')).toMatchObject({ current: 10, percent: 100, remaining: 0 });
    expect(await ask('getSyncPeers')).toHaveLength(3);
    expect(await ask('getSyncMonitor')).toMatchObject({ bytes: expect.any(Number) });
    expect(await ask('estimateSyncCompletion')).toBe(0);
    expect(await ask('verifyStateConsistency', 10)).toBe(true);
    expect(await ask('getHaltEvidence')).toBeUndefined();
    expect(await codeOf(ask('downloadStateSnapshot'))).toBe('unsupported');
  });

  it('fetches and verifies blocks without applying them', async () => {
    const ask = await setup();
    const blocks = world.clock.until(ask('syncBlocks', 3, 5));
    expect(await blocks).toEqual([3, 4, 5].map((height) => ({ height, id: worldItem(height).id, parent: worldItem(height).parent, size: 100 })));
    expect(await world.clock.until(ask('syncSingleBlock', 4))).toMatchObject({ height: 4 });
    expect(await world.clock.until(ask('syncSingleBlock', 11))).toBeUndefined();
    expect(await ask('verifyBlockChain', [Uint8Array.of(4), Uint8Array.of(5)])).toMatchObject([{ height: 4, fault: undefined }, { height: 5, fault: undefined }]);
    expect(await ask('verifyBlockChain', [Uint8Array.of(4), Uint8Array.of(9)])).toMatchObject([{ height: 4 }, { height: 9, fault: { code: expect.any(String) } }]);
    await expect(ask('verifyBlockChain', [Uint8Array.of(0)])).rejects.toMatchObject({ code: 'bad-argument', data: { index: 0, reason: 'bad-bytes' } });
  });

  it('checks every argument', async () => {
    const ask = await setup();
    const wrong: readonly unknown[] = [null, 'x', -1, 0.5, Number.NaN, Infinity, 2 ** 53, {}, [], 7n, Symbol('x')];
    for (const value of wrong) {
      for (const name of ['startSync', 'syncSingleBlock', 'syncStateToHeight', 'verifyStateConsistency']) expect([name, value, await codeOf(ask(name, value))]).toEqual([name, value, 'bad-argument']);
      expect(await codeOf(ask('syncBlocks', 1, value))).toBe('bad-argument');
      expect(await codeOf(ask('syncBlocks', value, 1))).toBe('bad-argument');
      expect(await codeOf(ask('verifyBlockChain', value))).toBe('bad-argument');
    }
    for (const value of [null, '', 1, {}, 'x'.repeat(300), undefined]) {
      for (const name of ['addSyncPeer', 'removeSyncPeer']) expect([name, await codeOf(ask(name, value))]).toEqual([name, 'bad-argument']);
    }
    for (const range of [[5, 4], [1, 257]] as const) expect(await codeOf(ask('syncBlocks', ...range))).toBe('bad-argument');
    expect(await codeOf(ask('verifyBlockChain', [1, 2]))).toBe('bad-argument');
    expect(await codeOf(ask('verifyBlockChain', Array.from({ length: 257 }, () => Uint8Array.of(1))))).toBe('bad-argument');
    expect(await codeOf(ask('addSyncPeer', '/bad'))).toBe('bad-argument');
  });
});

describe('starting and stopping', () => {
  it('stops, takes nothing, and goes on when a page starts it again', async () => {
    const ask = await setup();
    expect(await ask('getSyncStatus')).toMatchObject({ phase: 'live' });
    await ask('stopSync');
    expect(await ask('getSyncStatus')).toMatchObject({ phase: 'idle' });
    expect(world.client.getStatus()).toMatchObject({ phase: 'waiting', reason: { code: 'sync-stopped' }, consensus: 'lost' });
    world.produce(2, { final: 12 });
    await world.clock.advance(5_000);
    expect(world.client.getHead().latest.height).toBe(10);
    expect(await world.clock.until(ask('startSync', 12))).toMatchObject({ height: 12 });
    world.produce(2, { final: 14 });
    await world.clock.advance(5_000);
    // With a target it goes back to where it was.
    expect(world.client.getHead().latest.height).toBe(12);
    expect(await world.clock.until(ask('startSync'))).toMatchObject({ height: 14 });
    world.produce(1);
    await world.atHead();
    await world.established();
  });

  it('one sync at a time', async () => {
    const ask = await setup(10, []);
    expect(await codeOf(ask('startSync'))).toBe('busy');
    await ask('stopSync');
    const first = ask('startSync');
    expect(await codeOf(ask('startSync'))).toBe('busy');
    await ask('stopSync');
    expect(await codeOf(first)).toBe('stopped');
  });

  it('syncs to a height, and then follows again', async () => {
    const ask = await setup();
    world.produce(30, { announce: false });
    world.final = 40;
    expect(await world.clock.until(ask('syncStateToHeight', 25))).toMatchObject({ height: 25 });
    world.produce(1, { final: 41 });
    await world.atHead();
    await world.established();
    expect(await codeOf(ask('syncStateToHeight', 3))).toBe('bad-range');
  });

  it('removes a peer by the address that was dialled, also if the peer names another spelling, and while it is dialled', async () => {
    const ask = await setup(10, ['/a', '/dns/b']);
    expect(world.client.getPeers().map(({ address }) => address)).toEqual(['/a', '/dns4/b']);
    expect(await ask('removeSyncPeer', '/dns/b')).toBe(true);
    expect(Array.from(world.connected.keys())).toEqual(['/a']);
    await ask('addSyncPeer', '/c');
    expect(await ask('removeSyncPeer', '/c')).toBe(true);
    await world.clock.advance(60_000);
    expect(Array.from(world.connected.keys())).toEqual(['/a']);
  });

  it('adds and removes peers', async () => {
    const ask = await setup(10, ['/a']);
    expect(await ask('addSyncPeer', '/b')).toBe(true);
    expect(await ask('addSyncPeer', '/b')).toBe(false);
    await world.established();
    expect(await ask('removeSyncPeer', 'id-/a')).toBe(true);
    expect(await ask('removeSyncPeer', '/b')).toBe(true);
    expect(await ask('removeSyncPeer', '/b')).toBe(false);
    await world.clock.advance(60_000);
    expect(world.connected.size).toBe(0);
    expect(world.client.getStatus().reason?.code).toBe('no-seeds');
  });
});
