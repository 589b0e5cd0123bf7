import { afterEach, describe, expect, it } from 'vitest';
import { FakeChunkStore } from '../../../../test/support/fake-sync-chain.ts';
import { BlockMaker } from '../../../../test/support/hotstuff2/block-maker.ts';
import { itemOfVector } from '../../../../test/support/hotstuff2/items.ts';
import { networkOfMaker, networkOfRun, testChain } from '../../../../test/support/hotstuff2/test-chain.ts';
import { vectorPeer } from '../../../../test/support/hotstuff2/vector-peer.ts';
import { vectors } from '../../../../test/support/hotstuff2/vectors.ts';
import { systemClock, systemRandom } from '../../../base/system.ts';
import { concatBytes } from '../../../base/bytes.ts';
import { syncConfig } from '../../../engine/sync/default-sync-config.ts';
import type { SyncConfig } from '../../../engine/sync/sync-config.ts';
import { SyncManager } from '../../../engine/sync/sync-manager.ts';
import { decodeItem } from '../chain/hs2-block.ts';
import type { Hs2Block, Hs2Item } from '../chain/hs2-block.ts';
import { KeyValueState } from '../chain/state.ts';

const n4 = vectors.n4.blocks.map(itemOfVector);
const last = n4.at(-2)!;
const managers: SyncManager<Hs2Block>[] = [];
afterEach(() => Promise.all(managers.splice(0).map((manager) => manager.close())));

function setup(config: Partial<SyncConfig> = {}, headersOnly = false) {
  const at = n4[vectors.snapshot.height]!;
  const { chain } = testChain(networkOfRun(vectors.n4), { fetchFinalHeader: async (_, hash) => (hash === at.id ? at.block : undefined) });
  const banned: string[] = [];
  const report = (peer: string, each: object) => void banned.push(`${peer} ${JSON.stringify(each)}`);
  const manager = new SyncManager<Hs2Block>({ chain, chunks: new FakeChunkStore(), clock: systemClock, random: systemRandom, config: syncConfig(config), report, headersOnly });
  managers.push(manager);
  const add = (id: string, blocks: readonly Hs2Item[] = n4, options = {}) => {
    const made = vectorPeer(id, chain, blocks, options);
    manager.addSyncPeer(made.peer);
    return made;
  };
  return { chain, manager, add, banned };
}

describe('the sync of the engine over run n4', () => {
  it.each(['fast', 'incremental', 'parallel'] as const)('%s: to the proven block, with one and the same state, and no peer to blame', async (defaultStrategy) => {
    const { chain, manager, add } = setup({ defaultStrategy, blockBatchSize: 16 });
    const peers = ['a', 'b', 'c'].map((id) => add(id));
    expect(await manager.startSync()).toEqual({ height: last.height, id: last.id });
    expect(chain.state!.root()).toBe(last.block.header.stateRoot);
    expect(await chain.checkState(last.height)).toBe(true);
    expect(manager.getSyncPeers().map(({ role }) => role)).not.toContain('banned');
    const heights = peers.flatMap(({ asked }) => [...asked.keys()]);
    expect(new Set(heights).size).toBe(defaultStrategy === 'fast' ? last.height - vectors.snapshot.height : last.height);
  });

  it('each certificate checked, and headers only', async () => {
    const { chain, manager, add } = setup({ checkEachCertificate: true, defaultStrategy: 'parallel' }, true);
    add('a');
    await manager.startSync();
    expect([chain.tip().height, chain.state]).toEqual([last.height, undefined]);
    expect(chain.trust().checked).toMatchObject({ blocks: last.height });
  });

  it('a peer with a false payload and one with a forged certificate are banned; the sync ends with the others', async () => {
    const { chain, manager, add } = setup({ defaultStrategy: 'parallel', blockBatchSize: 8, checkEachCertificate: true });
    const broken = (change: (item: Hs2Item) => Hs2Item) => n4.map((item, i) => (i > 0 && i % 5 === 0 ? change(item) : item));
    const payload = broken(({ block }) => decodeItem(concatBytes(block.headerBytes, block.payload!.with(block.payload!.length - 1, block.payload!.at(-1)! ^ 1)), block.qcBytes));
    const forged = broken(({ block }) => decodeItem(concatBytes(block.headerBytes, block.payload!), block.qcBytes.with(270, block.qcBytes[270]! ^ 1)));
    add('honest');
    add('payload', payload);
    add('forger', forged);
    await manager.startSync();
    expect(chain.tip()).toEqual({ height: last.height, id: last.id });
    const roles = Object.fromEntries(manager.getSyncPeers().map(({ id, role, ban }) => [id, ban?.code ?? role]));
    expect(roles).toMatchObject({ honest: expect.not.stringMatching('banned'), payload: 'payload-root', forger: 'qc' });
  });

  it('a peer that ends with the block that lost a fork costs nobody a ban, and its block is not taken', async () => {
    const { fork } = vectors.situations;
    const { chain, manager, add } = setup({ defaultStrategy: 'parallel', blockBatchSize: 118 });
    add('stale', [...n4.slice(0, 118), itemOfVector(fork.losing)], { proves: false, hasSnapshot: false });
    add('honest', n4, { hasSnapshot: false });
    await manager.startSync();
    expect(chain.tip().id).toBe(last.id);
    expect(manager.getSyncPeers().map(({ role }) => role)).not.toContain('banned');
  });

  it.each([1, 4])('a final block whose state cannot be computed halts the sync after it was taken three times, with %i peers, none of them banned', async (count) => {
    const maker = new BlockMaker();
    const state = new KeyValueState();
    const good = maker.row(12, maker.genesis, state);
    const bad = maker.make(good.at(-1)!, state, { header: { stateRoot: 'a'.repeat(64) } });
    const blocks = [maker.genesis, ...good, bad, ...maker.row(3, bad, state)];
    const { chain } = testChain(networkOfMaker(maker));
    const lies: string[] = [];
    const manager = new SyncManager<Hs2Block>({
      chain, chunks: new FakeChunkStore(), clock: systemClock, random: systemRandom, config: syncConfig({}), report: (peer, { kind }) => void (kind === 'lie' && lies.push(peer)),
    });
    managers.push(manager);
    const peers = Array.from({ length: count }, (_, i) => vectorPeer(`${i}`, chain, blocks, { hasSnapshot: false }));
    for (const { peer } of peers) manager.addSyncPeer(peer);
    await expect(manager.startSync()).rejects.toMatchObject({ code: 'halted', data: { height: 13, reason: 'state-root' } });
    expect([chain.tip().height, chain.halted()?.reason, lies]).toEqual([12, 'state-root', []]);
    const taken = peers.map(({ asked }) => asked.get(13) ?? 0);
    expect(taken.reduce((sum, times) => sum + times, 0)).toBe(3);
    // Three of four were asked.
    expect(taken.filter((times) => times > 0).length).toBe(Math.min(3, count));
  });

  it('validate_block_sequence: one bad block in fifty fails, and so do its children', async () => {
    const { manager } = setup();
    const bad = decodeItem(concatBytes(n4[25]!.block.headerBytes, n4[25]!.block.payload!.with(9, n4[25]!.block.payload![9]! ^ 1)), n4[25]!.block.qcBytes);
    const verdicts = await manager.verifyBlockChain(n4.slice(1, 51).with(24, bad));
    expect(verdicts.flatMap(({ height, fault }) => (fault ? [[height, fault.code]] : []))[0]).toEqual([25, 'payload-root']);
    expect(verdicts.filter(({ fault }) => fault && fault.code !== 'not-final').map(({ height }) => height)[0]).toBe(25);
    expect(verdicts.slice(0, 22).every(({ fault }) => !fault)).toBe(true);
  });
});
