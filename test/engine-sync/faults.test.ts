import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../devnet/seeded-random.ts';
import { assertSyncConsistency, createTestSyncManager, mostRequestsOfABlock, simulateNetworkPartition } from '../support/sync-kit.ts';
import { FakeSyncPeer } from '../support/fake-sync-peer.ts';
import type { FakePeerScript } from '../support/fake-sync-peer.ts';

const parallel = { defaultStrategy: 'parallel' } as const;

describe('7.10 failures', () => {
  it.each([false, true])('test_network_partition_recovery: all peers are gone for 20 s, connections ended: %s', async (leave) => {
    const test = createTestSyncManager({ length: 2_000, peers: [{ latency: 200 }, { latency: 200 }, { latency: 200 }], config: parallel });
    const sync = test.manager.startSync();
    await test.clock.untilTrue(() => test.chain.tip().height > 300);
    await simulateNetworkPartition(test, 20_000, leave);
    const { height } = test.chain.tip();
    expect(height).toBeLessThan(2_000);
    expect(test.statuses.at(-1)!.phase).toBe(leave ? 'waiting' : 'blocks');
    await test.clock.until(sync);
    assertSyncConsistency(test);
  });

  it('test_peer_failure_recovery: 30 % of requests fail', async () => {
    const test = createTestSyncManager({ seed: 3, length: 2_000, peers: Array.from({ length: 4 }, () => ({ failing: 0.3 })), config: { ...parallel, retryAttempts: 8 } });
    await test.clock.until(test.manager.startSync());
    assertSyncConsistency(test);
    expect(test.reports.some(({ report }) => report.kind === 'timeout')).toBe(true);
  });

  const liars: Readonly<Record<string, { readonly script: FakePeerScript; readonly kind: 'lie' | 'useless' | 'overtaken'; readonly code: string | undefined }>> = {
    'bad certificate': { script: { forge: { height: 'last', what: 'certificate' } }, kind: 'lie', code: 'bad-certificate' },
    'bad state root': { script: { forge: { height: 'last', what: 'state' } }, kind: 'lie', code: 'bad-state-root' },
    'bad structure': { script: { forge: { height: 'last', what: 'structure' } }, kind: 'lie', code: 'bad-structure' },
    'bad link': { script: { forge: { height: 'last', what: 'link' } }, kind: 'lie', code: 'not-linked' },
    'wrong range': { script: { lie: 'range' }, kind: 'useless', code: 'wrong-range' },
    'endless stream': { script: { lie: 'endless' }, kind: 'overtaken', code: undefined },
    'unfinal tip as final': { script: { lie: 'unfinal' }, kind: 'lie', code: 'bad-proof' },
    'claims more than it can prove': { script: { boast: 5_000 }, kind: 'useless', code: 'claim-not-proven' },
  };
  it.each(Object.entries(liars))('test_malicious_peer_detection: %s', async (_name, { script, kind, code }) => {
    const test = createTestSyncManager({ length: 1_000, peers: [{}, script, {}], config: { ...parallel, checkEachCertificate: true } });
    await test.clock.until(test.manager.startSync());
    assertSyncConsistency(test);
    expect(test.reports.filter(({ peer, report }) => peer !== 'peer-1' && report.kind !== 'useful')).toEqual([]);
    expect(test.reports.map(({ report }) => [report.kind, 'code' in report ? report.code : undefined])).toContainEqual([kind, code]);
  });

  it('stale status: a peer that is behind is not asked for what it does not have', async () => {
    const test = createTestSyncManager({ length: 1_000, peers: [{ height: 300 }, {}], config: parallel });
    await test.clock.until(test.manager.startSync());
    assertSyncConsistency(test);
    expect(test.peers[0]!.asked.every(({ from, count }) => from + count - 1 <= 300)).toBe(true);
  });

  it('what a liar has sent and was not applied is fetched from others', async () => {
    const test = createTestSyncManager({ length: 1_000, peers: [{ forge: { height: 1, what: 'certificate' } }], config: { ...parallel, checkEachCertificate: true } });
    const sync = test.manager.startSync();
    await test.clock.untilTrue(() => test.reports.some(({ report }) => report.kind === 'lie'));
    await test.clock.advance(2_000);
    expect(test.chain.tip().height).toBe(0);
    const honest = new FakeSyncPeer('honest', test.history, test.clock, seededRandom('1', 'honest'));
    test.manager.addSyncPeer(honest);
    await test.clock.until(sync);
    assertSyncConsistency(test);
    expect(honest.served).toBe(1_000);
  });

  it('one of four peers is killed at half way: nothing is fetched more than twice', async () => {
    const peers = Array.from({ length: 4 }, (_, index) => ({ latency: 100, rate: 100_000, ...(index === 2 ? { dies: 250 } : {}) }));
    const test = createTestSyncManager({ length: 2_000, peers, config: parallel });
    await test.clock.until(test.manager.startSync());
    assertSyncConsistency(test);
    expect(test.peers[2]!.cut).toBe(true);
    expect(mostRequestsOfABlock(test)).toBeLessThanOrEqual(2);
  });

  it('restart at every stage: what was applied and what was stored is not fetched again', async () => {
    const test = createTestSyncManager({ length: 2_000, peers: [{ latency: 100, rate: 30_000, snapshot: { height: 1_500, chunks: 30 } }, { latency: 100 }], config: { blockBatchSize: 32 } });
    for (const moment of [50, 150, 350, 450, 600, 900, 1_500, 2_500, 4_000]) {
      test.manager.startSync().catch(() => undefined);
      await test.clock.advance(moment);
      await test.restart();
    }
    await test.clock.until(test.manager.startSync());
    assertSyncConsistency(test);
    expect(test.chain.imports).toBe(1);
    expect(test.chunks.puts).toBe(30);
  });

  it('memory: no more blocks wait than the pipeline holds and the requests in flight bring', async () => {
    const peers = [{ rate: 5_000 }, ...Array.from({ length: 7 }, () => ({}))];
    const test = createTestSyncManager({ length: 4_000, peers, config: parallel });
    let most = 0;
    const sync = test.manager.startSync();
    while (test.manager.getSyncStatus().phase !== 'live') {
      await test.clock.advance(50);
      most = Math.max(most, test.peers.reduce((sum, { served }) => sum + served, 0) - test.chain.tip().height);
    }
    await sync;
    assertSyncConsistency(test);
    // Blocks that a second peer sent beside the slow one are counted here as if they waited, too.
    expect(most).toBeLessThanOrEqual(256 + 8 * 64 + 4 * 64);
  });

  it('retries used up: the error names height and peers', async () => {
    const test = createTestSyncManager({ length: 1_000, peers: [{ gap: { from: 301, to: 400 } }, { gap: { from: 301, to: 400 } }], config: parallel });
    await expect(test.clock.until(test.manager.startSync())).rejects.toMatchObject({ name: 'SyncError', code: 'retries-used-up', data: { height: 301, peers: expect.stringMatching(/peer-[01]/u) as string } });
    expect(test.chain.tip().height).toBe(300);
    expect(test.manager.getSyncStatus()).toMatchObject({ phase: 'failed', lastError: { code: 'retries-used-up' } });
  });

  it('two proven targets that differ at one height: halted', async () => {
    const test = createTestSyncManager({ length: 100, peers: [{}] });
    const other = createTestSyncManager({ seed: 2, length: 100, peers: [{}] });
    const twin = other.peers[0]!;
    test.manager.addSyncPeer({
      id: 'twin', address: '', claims: twin.claims, getBlocks: twin.getBlocks.bind(twin), getManifest: twin.getManifest.bind(twin), getChunk: twin.getChunk.bind(twin),
      proveTarget: () => Promise.resolve({ height: 100, id: other.history.tip.id, proven: true }),
    });
    await expect(test.clock.until(test.manager.startSync())).rejects.toMatchObject({ code: 'halted', data: { height: 100 } });
  });
});
