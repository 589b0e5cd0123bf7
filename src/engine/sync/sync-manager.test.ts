import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../devnet/seeded-random.ts';
import { BLOCK_SIZE, FakeSyncChain } from '../../../test/support/fake-sync-chain.ts';
import { FakeSyncPeer } from '../../../test/support/fake-sync-peer.ts';
import { assertSyncConsistency, createTestSyncManager, mostRequestsOfABlock } from '../../../test/support/sync-kit.ts';
import type { SyncTest } from '../../../test/support/sync-kit.ts';
import { syncConfig } from './default-sync-config.ts';
import { SyncManager } from './sync-manager.ts';
import type { SyncProgressView } from './sync-views.ts';

const parallel = { defaultStrategy: 'parallel' } as const;
const syncAll = (test: SyncTest, target?: number) => test.clock.until(test.manager.startSync(target));

describe('7.1 SyncManager', () => {
  it.each(['auto', 'fast', 'incremental', 'parallel'] as const)('start_sync: without a target it follows the tip, strategy %s', async (defaultStrategy) => {
    const test = createTestSyncManager({ length: 200, peers: [{}, {}], config: { defaultStrategy } });
    const completed: unknown[] = [];
    test.manager.events.on('completed', (tip) => completed.push(tip));
    expect(await syncAll(test)).toEqual(test.chain.tip());
    assertSyncConsistency(test);
    expect(completed).toEqual([test.chain.tip()]);
    test.history.grow(30);
    await syncAll(test);
    assertSyncConsistency(test);
  });

  it('start_sync: a second call while running is busy', async () => {
    const test = createTestSyncManager({ length: 100 });
    const first = test.manager.startSync();
    await expect(test.manager.startSync()).rejects.toMatchObject({ code: 'busy' });
    await expect(test.manager.syncStateToHeight(50)).rejects.toMatchObject({ code: 'busy' });
    await test.clock.until(first);
    await expect(test.manager.startSync(-1)).rejects.toMatchObject({ code: 'bad-range' });
  });

  it('start_sync: a target that no peer can prove ends with incomplete at what they prove', async () => {
    const test = createTestSyncManager({ length: 100 });
    await expect(syncAll(test, 150)).rejects.toMatchObject({ code: 'incomplete', data: { current: 100, target: 150 } });
    assertSyncConsistency(test);
    expect(await syncAll(test, 60)).toEqual(test.chain.tip());
  });

  it('start_sync: a chain that does not take its target ends with incomplete', async () => {
    for (const defaultStrategy of ['incremental', 'parallel'] as const) {
      const test = createTestSyncManager({ length: 100, config: { defaultStrategy } });
      const apply = test.chain.apply.bind(test.chain);
      test.chain.apply = (run, options) => apply(run.filter(({ height }) => height < 90), options);
      await expect(syncAll(test)).rejects.toMatchObject({ code: 'incomplete', data: { current: 89, target: 100 } });
    }
  });

  it('start_sync: no block is applied before its target is proven', async () => {
    const test = createTestSyncManager({ length: 100, peers: [{ lie: 'unfinal' }] });
    const sync = test.manager.startSync();
    sync.catch(() => undefined);
    await test.clock.advance(20_000);
    expect(test.chain.tip().height).toBe(0);
    expect(test.peers[0]!.asked).toEqual([]);
    await test.clock.until(test.manager.stopSync());
    await expect(sync).rejects.toMatchObject({ code: 'stopped' });
  });

  it('stop_sync: at half way, idempotent; a restart continues, and nothing that came is fetched again', async () => {
    const test = createTestSyncManager({ length: 1_000, peers: [{ latency: 100, rate: 100_000 }], config: parallel });
    const sync = test.manager.startSync();
    sync.catch(() => undefined);
    await test.clock.untilTrue(() => test.chain.tip().height >= 500);
    await test.clock.until(Promise.all([test.manager.stopSync(), test.manager.stopSync()]));
    await expect(sync).rejects.toMatchObject({ code: 'stopped' });
    await test.manager.stopSync();
    expect(test.manager.getSyncStatus()).toMatchObject({ phase: 'idle', strategy: undefined, lastError: undefined });
    const { served } = test.peers[0]!;
    const { height } = test.chain.tip();
    expect(height).toBeGreaterThanOrEqual(500);
    await test.clock.advance(5_000);
    expect(test.peers[0]!.served).toBe(served);
    await syncAll(test);
    assertSyncConsistency(test);
    expect(test.peers[0]!.served).toBe(1_000);
  });

  it('get_sync_status: a snapshot at each phase', async () => {
    const test = createTestSyncManager({ length: 400, peers: [{ snapshot: { height: 300, chunks: 4 } }] });
    expect(test.manager.getSyncStatus()).toEqual({ phase: 'idle', strategy: undefined, current: 0, target: 400, targetProven: false, lastError: undefined });
    await syncAll(test);
    const seen = test.statuses.map(({ phase, strategy, targetProven }) => [phase, strategy, targetProven]);
    expect(seen).toEqual([
      ['waiting', undefined, false], ['waiting', undefined, true], ['snapshot', 'fast', true], ['blocks', 'incremental', true], ['waiting', undefined, true], ['live', undefined, true],
    ]);
    expect(test.manager.getSyncStatus()).toMatchObject({ phase: 'live', current: 400, target: 400 });
  });

  it('sync_blocks: linked and certified, both ends included; errors beyond the tip and for no range', async () => {
    const test = createTestSyncManager({ length: 150, peers: [{}, {}] });
    const blocks = await test.clock.until(test.manager.syncBlocks(10, 100));
    expect(blocks).toEqual(test.history.blocks.slice(10, 101));
    expect(test.chain.tip().height).toBe(0);
    await expect(test.clock.until(test.manager.syncBlocks(100, 151))).rejects.toMatchObject({ code: 'beyond-tip', data: { height: 151, tip: 150 } });
    for (const [from, to] of [[10, 9], [-1, 5], [1.5, 2], [0, NaN], [0, 1e6]] as const) await expect(test.manager.syncBlocks(from, to)).rejects.toMatchObject({ code: 'bad-range' });
    const alone = createTestSyncManager({ peers: [] });
    await expect(alone.manager.syncBlocks(1, 2)).rejects.toMatchObject({ code: 'no-peers' });
  });

  it('sync_blocks: a forger is blamed, and another peer is asked; another chain than the tip is a lie', async () => {
    const test = createTestSyncManager({ length: 60, peers: [{ forge: { height: 'last', what: 'certificate' } }, {}] });
    expect(await test.clock.until(test.manager.syncBlocks(1, 60))).toHaveLength(60);
    test.manager.removeSyncPeer('peer-1');
    await expect(test.clock.until(test.manager.syncBlocks(1, 60))).rejects.toMatchObject({ code: expect.stringMatching(/no-peers|retries/u) as string });
    await test.restart();
    await syncAll(test);
    const other = createTestSyncManager({ seed: 9, length: 60 }).history;
    test.manager.addSyncPeer(new FakeSyncPeer('other', other, test.clock, seededRandom('1', 'other')));
    for (const { id } of test.peers) test.manager.removeSyncPeer(id);
    await expect(test.clock.until(test.manager.syncBlocks(50, 60))).rejects.toMatchObject({ code: 'no-peers' });
    expect(test.reports.at(-1)).toMatchObject({ peer: 'other', report: { kind: 'lie', code: 'other-chain' } });
  });

  it('sync_single_block: the block, or nothing above the tip', async () => {
    const test = createTestSyncManager({ length: 50 });
    expect((await test.clock.until(test.manager.syncSingleBlock(50)))!.id).toBe(test.history.tip.id);
    expect(await test.clock.until(test.manager.syncSingleBlock(51))).toBeUndefined();
    await expect(test.manager.syncSingleBlock(-1)).rejects.toMatchObject({ code: 'bad-range' });
  });

  it('verify_block_chain: one verdict for each block', async () => {
    const { manager, history } = createTestSyncManager({ length: 50 });
    expect((await manager.verifyBlockChain(history.blocks.slice(1))).every(({ passed }) => passed === 'finality')).toBe(true);
  });

  it('sync_state_to_height: by a snapshot up to it and the blocks after, and no further', async () => {
    const test = createTestSyncManager({ length: 500, peers: [{ snapshot: { height: 300, chunks: 3 } }], chain: { finality: 'chained' } });
    expect(await test.clock.until(test.manager.syncStateToHeight(350))).toEqual({ height: 350, id: test.history.blocks[350]!.id });
    expect(test.chain.imports).toBe(1);
    assertSyncConsistency(test, 350);
    await expect(test.manager.syncStateToHeight(349)).rejects.toMatchObject({ code: 'bad-range' });
    test.chain.root = 'tampered';
    await expect(test.manager.syncStateToHeight(350)).rejects.toMatchObject({ code: 'wrong-state', data: { height: 350 } });
  });

  it('download_state_snapshot: by its id; a later sync imports it and fetches nothing of it', async () => {
    const test = createTestSyncManager({ length: 500, peers: [{ snapshot: { height: 400, chunks: 7 } }] });
    const snapshot = await test.clock.until(test.manager.downloadStateSnapshot());
    expect(await test.clock.until(test.manager.downloadStateSnapshot(snapshot.id))).toEqual(snapshot);
    await expect(test.clock.until(test.manager.downloadStateSnapshot('other'))).rejects.toMatchObject({ code: 'no-peers' });
    expect(test.peers[0]!.chunksAsked).toHaveLength(7);
    expect(test.chain.tip().height).toBe(0);
    await syncAll(test);
    expect(test.chain.imports).toBe(1);
    expect(test.peers[0]!.chunksAsked).toHaveLength(7);
  });

  it('what a chain cannot do is unsupported', async () => {
    const test = createTestSyncManager({ length: 50 });
    const chain = new FakeSyncChain(test.history);
    Object.assign(chain, { snapshots: undefined });
    const manager = new SyncManager({ chain, chunks: test.chunks, clock: test.clock, random: seededRandom('1', 'x'), config: syncConfig(), report: () => undefined });
    await expect(manager.downloadStateSnapshot()).rejects.toMatchObject({ code: 'unsupported', data: { call: 'downloadStateSnapshot' } });
    await expect(manager.verifyStateConsistency(30)).rejects.toMatchObject({ code: 'unsupported' });
  });

  it('verify_state_consistency: a tampered state is false', async () => {
    const test = createTestSyncManager({ length: 50 });
    await syncAll(test);
    expect(await test.manager.verifyStateConsistency(50)).toBe(true);
    test.chain.root = 'tampered';
    expect(await test.manager.verifyStateConsistency(50)).toBe(false);
  });

  it('add_sync_peer, remove_sync_peer, get_sync_peers: in mid-sync; the work of a removed peer is done by others', async () => {
    const test = createTestSyncManager({ length: 1_000, peers: [{ latency: 100 }, { latency: 100 }, { latency: 3_000 }], config: parallel });
    const sync = test.manager.startSync();
    await test.clock.untilTrue(() => test.peers[2]!.asked.length > 0);
    test.manager.removeSyncPeer('peer-2');
    test.manager.addSyncPeer(new FakeSyncPeer('late', test.history, test.clock, seededRandom('1', 'late')));
    expect(test.manager.getSyncPeers().map(({ id }) => id)).toEqual(['peer-0', 'peer-1', 'late']);
    await test.clock.until(sync);
    assertSyncConsistency(test);
    expect(mostRequestsOfABlock(test)).toBeLessThanOrEqual(2);
    test.manager.markUnreachable('/fake/learnt');
    expect(test.manager.discoverSyncPeers(['/fake/learnt', '/fake/other']).map(({ address, state }) => `${address} ${state}`)).toEqual([
      '/fake/peer-0 connected', '/fake/peer-1 connected', '/fake/peer-2 known', '/fake/late connected', '/fake/learnt unreachable', '/fake/other known',
    ]);
    expect(test.manager.getSyncPeers()[0]).toMatchObject({ health: 'healthy', role: 'active', reliability: 1, height: 1_000, ban: undefined });
  });

  it('get_sync_progress: monotone, synced and remaining add up, 100 only at the end', async () => {
    const test = createTestSyncManager({ length: 3_000, peers: [{ latency: 100, rate: 100_000 }], config: parallel });
    const seen: SyncProgressView[] = [];
    test.manager.events.on('progress', (progress) => seen.push(progress));
    await syncAll(test);
    expect(seen.length).toBeGreaterThan(10);
    for (const [index, progress] of seen.entries()) {
      const before = seen[index - 1];
      expect(progress.current).toBeGreaterThanOrEqual(before?.current ?? 0);
      expect(progress.target).toBeGreaterThanOrEqual(before?.target ?? 0);
      expect(progress.synced + progress.remaining).toBe(progress.target);
      expect(progress.percent === 100).toBe(progress.remaining === 0);
    }
    expect(seen.at(-1)).toMatchObject({ current: 3_000, synced: 3_000, remaining: 0, percent: 100, timeLeft: 0, strategy: undefined });
  });

  it('estimate_sync_completion: within 25 % after one third at a constant rate; undefined before', async () => {
    const test = createTestSyncManager({ length: 3_000, peers: [{ latency: 10, rate: 100_000 }], config: parallel });
    expect(test.manager.estimateSyncCompletion()).toBeUndefined();
    const sync = test.manager.startSync();
    await test.clock.untilTrue(() => test.chain.tip().height >= 1_000);
    const estimate = test.manager.estimateSyncCompletion()!;
    const began = test.clock.monotonic();
    await test.clock.until(sync);
    const took = test.clock.monotonic() - began;
    expect(Math.abs(estimate - took) / took).toBeLessThan(0.25);
  });

  it('7.8 falling behind: 200 blocks are made while nothing runs, then it syncs from where it was', async () => {
    const test = createTestSyncManager({ length: 100 });
    await syncAll(test);
    test.history.grow(200);
    await syncAll(test);
    assertSyncConsistency(test);
    expect(mostRequestsOfABlock(test)).toBe(1);
  });

  it('a tip that is moved by others in mid-sync: what is below it is not waited for', async () => {
    const test = createTestSyncManager({ length: 3_000, peers: [{ latency: 200 }, { latency: 20 }, { latency: 20 }], config: parallel });
    const sync = test.manager.startSync();
    await test.clock.untilTrue(() => test.chain.tip().height >= 64);
    const { height } = test.chain.tip();
    await test.chain.apply(test.history.blocks.slice(height + 1, height + 301), { headersOnly: false });
    await test.clock.until(sync);
    assertSyncConsistency(test);
    expect(test.chain.applied).toHaveLength(3_000);
  });

  it('get_monitor: times by height, useful bytes, and what dividing the work took', async () => {
    const test = createTestSyncManager({ length: 640, peers: [{}, {}], config: parallel, chain: { signatureTime: 10 } });
    await syncAll(test);
    const monitor = test.manager.getMonitor();
    expect(monitor).toMatchObject({ bytes: 640 * BLOCK_SIZE + monitor.bytes - monitor.usefulBytes, usefulBytes: 640 * BLOCK_SIZE, errors: {}, coordination: 0 });
    expect(monitor.usefulBytes / monitor.bytes).toBeGreaterThan(0.8);
    expect(monitor.stages.signature).toBe(10 * test.chain.runs.length);
    expect(monitor.downloads.length).toBe(10);
    expect(monitor.elapsed).toBeGreaterThan(0);
  });

  it('close: ends the sync and forgets the peers; calls after it are stopped', async () => {
    const test = createTestSyncManager({ length: 1_000 });
    const sync = test.manager.startSync();
    sync.catch(() => undefined);
    await test.clock.advance(60);
    await test.clock.until(test.manager.close());
    await expect(sync).rejects.toMatchObject({ code: 'stopped' });
    expect(test.manager.getSyncPeers()).toEqual([]);
    test.manager.addSyncPeer(test.peers[0]!);
    expect(test.manager.getSyncPeers()).toEqual([]);
    await expect(test.manager.startSync()).rejects.toMatchObject({ code: 'stopped' });
    await test.clock.advance(10_000);
    expect(test.clock.pending).toBe(0);
  });
});
