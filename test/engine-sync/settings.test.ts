import { describe, expect, it } from 'vitest';
import { BLOCK_SIZE } from '../support/fake-sync-chain.ts';
import { assertSyncConsistency, createTestSyncManager } from '../support/sync-kit.ts';
import type { SyncTest } from '../support/sync-kit.ts';

const parallel = { defaultStrategy: 'parallel' } as const;
const syncAll = (test: SyncTest) => test.clock.until(test.manager.startSync());

describe('7.9 SyncConfig: what the fields do', () => {
  it('max_sync_peers: the ninth is not asked', async () => {
    const test = createTestSyncManager({ length: 2_000, peers: Array.from({ length: 9 }, () => ({})), config: parallel });
    await syncAll(test);
    assertSyncConsistency(test);
    expect(test.peers.filter(({ asked }) => asked.length > 0)).toHaveLength(8);
  });

  it('peer_rotation_interval: a failing peer is replaced by a spare', async () => {
    const config = { ...parallel, maxSyncPeers: 2, peerRotationInterval: 2_000, retryAttempts: 50 };
    const test = createTestSyncManager({ length: 2_000, peers: [{ rate: 50_000 }, { failing: 0.9, rate: 50_000 }, { rate: 50_000 }], config });
    await syncAll(test);
    assertSyncConsistency(test);
    expect(test.peers[2]!.served).toBeGreaterThan(0);
    expect(test.manager.getSyncPeers().map(({ role }) => role)).toEqual(['active', 'spare', 'active']);
  });

  it('peer_timeout: a silent peer\'s work is given to others', async () => {
    const test = createTestSyncManager({ length: 300, peers: [{ lie: 'endless' }], config: { ...parallel, peerTimeout: 1_000 } });
    test.manager.startSync().catch(() => undefined);
    await test.clock.advance(1_500);
    expect(test.reports).toContainEqual({ peer: 'peer-0', report: { kind: 'timeout' } });
    expect(test.manager.getSyncPeers()[0]!.health).toBe('silent');
  });

  it('parallel_download_limit: never more in flight', async () => {
    const test = createTestSyncManager({ length: 2_000, peers: [{}, {}, {}, {}], config: { ...parallel, parallelDownloadLimit: 3 } });
    let most = 0;
    const sync = test.manager.startSync();
    while (test.manager.getSyncStatus().phase !== 'live') {
      await test.clock.advance(10);
      const now = test.clock.monotonic();
      most = Math.max(most, test.peers.flatMap(({ asked }) => asked).filter(({ at }) => at > now - 50).length);
    }
    await sync;
    expect(most).toBe(3);
  });

  it('validation_pipeline_size: fetching pauses while so many wait', async () => {
    const test = createTestSyncManager({ length: 5_000, peers: [{}, {}], config: parallel, chain: { signatureTime: 5_000 } });
    test.manager.startSync().catch(() => undefined);
    await test.clock.advance(5_000);
    const served = () => test.peers.reduce((sum, peer) => sum + peer.served, 0);
    const paused = served();
    expect(paused).toBeLessThanOrEqual(256 + 8 * 64);
    await test.clock.advance(100);
    expect(served()).toBe(paused);
    await test.clock.until(test.manager.stopSync());
  });

  it('max_download_bandwidth: a cap of 200 kB/s, measured within 15 %', async () => {
    const test = createTestSyncManager({ length: 10_000, peers: [{}, {}, {}], config: { ...parallel, maxDownloadBandwidth: 200_000 } });
    const began = test.clock.monotonic();
    await syncAll(test);
    const rate = (10_000 * BLOCK_SIZE * 1_000) / (test.clock.monotonic() - began);
    expect(Math.abs(rate - 200_000) / 200_000).toBeLessThan(0.15);
  });

  it('progress_report_interval: so many events', async () => {
    const test = createTestSyncManager({ length: 10_000, peers: [{ rate: 50_000 }], config: { ...parallel, progressReportInterval: 250 } });
    let events = 0;
    test.manager.events.on('progress', () => (events += 1));
    test.manager.startSync().catch(() => undefined);
    await test.clock.advance(10_000);
    expect(events).toBe(40);
    await test.clock.until(test.manager.stopSync());
    await test.clock.advance(10_000);
    expect(events).toBe(41);
  });

  it('performance_monitoring off: no samples kept', async () => {
    const test = createTestSyncManager({ length: 300, config: { performanceMonitoring: false } });
    await syncAll(test);
    expect(test.manager.getMonitor()).toMatchObject({ downloads: [], peers: {}, bytes: 0, elapsed: 0 });
  });

  it('check_each_certificate: every certificate instead of the newest of a run', async () => {
    for (const [checkEachCertificate, tip] of [[true, 99], [false, 300]] as const) {
      const test = createTestSyncManager({ length: 300, peers: [{ forge: { height: 100, what: 'certificate' } }], config: { ...parallel, blockBatchSize: 256, checkEachCertificate } });
      test.manager.startSync().catch(() => undefined);
      await test.clock.advance(5_000);
      expect(test.chain.tip().height).toBe(tip);
    }
  });
});
