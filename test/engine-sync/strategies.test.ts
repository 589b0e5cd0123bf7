import { describe, expect, it } from 'vitest';
import { strategyPlan } from '../../src/engine/sync/strategy-plan.ts';
import { assertSyncConsistency, createBlockchainWithGaps, createTestSyncManager, mostRequestsOfABlock } from '../support/sync-kit.ts';
import type { SyncTest, SyncTestOptions } from '../support/sync-kit.ts';

const strategiesOf = (test: SyncTest) => test.statuses.map(({ strategy }) => strategy).filter((name, index, all) => name && name !== all[index - 1]);

async function timeOf(options: SyncTestOptions): Promise<number> {
  const test = createTestSyncManager(options);
  const began = test.clock.monotonic();
  await test.clock.until(test.manager.startSync());
  assertSyncConsistency(test);
  return test.clock.monotonic() - began;
}

describe('7.2 strategies', () => {
  it('fast: the newest snapshot, then the blocks after it', async () => {
    const test = createTestSyncManager({ length: 2_000, peers: [{ snapshot: { height: 1_500, chunks: 5 } }, { snapshot: { height: 1_900, chunks: 8 } }] });
    await test.clock.until(test.manager.startSync());
    assertSyncConsistency(test);
    expect(test.chain.applied[0]).toBe(1_901);
    expect(strategiesOf(test)).toEqual(['fast', 'incremental']);
    expect(test.statuses.map(({ phase }) => phase)).toContain('snapshot');
  });

  it('fast: a refused snapshot falls to parallel, and its sender is blamed', async () => {
    const test = createTestSyncManager({ length: 1_000, peers: [{ lie: 'manifest', snapshot: { height: 900, chunks: 5 } }, {}] });
    await test.clock.until(test.manager.startSync());
    assertSyncConsistency(test);
    expect(test.chain.imports).toBe(0);
    expect(strategiesOf(test)).toEqual(['fast', 'parallel', 'incremental']);
    expect(test.reports).toContainEqual({ peer: 'peer-0', report: { kind: 'lie', code: 'bad-manifest', evidence: { height: 900 } } });
  });

  it('fast: a peer that drips a snapshot is given up, and blocks come from the others', async () => {
    const dripping = { latency: 9_900, snapshot: { height: 1_900, chunks: 4_000 } };
    const test = createTestSyncManager({ length: 2_000, peers: [dripping, { latency: 20 }] });
    await test.clock.until(test.manager.startSync());
    assertSyncConsistency(test);
    expect([test.chain.imports, strategiesOf(test).slice(0, 2)]).toEqual([0, ['fast', 'parallel']]);
    expect(test.clock.monotonic()).toBeLessThan(90_000);
    // A newer one of the same peer is not asked for.
    const chunks = test.peers[0]!.chunksAsked.length;
    test.history.grow(2_000);
    test.peers[0]!.script = { ...dripping, snapshot: { height: 3_900, chunks: 4_000 } };
    await test.clock.until(test.manager.startSync());
    assertSyncConsistency(test);
    expect(test.peers[0]!.chunksAsked).toHaveLength(chunks);
  });

  it('incremental: block 13 of a gap of 20 fails on its state root; the state of 12 is kept, and the peer is blamed', async () => {
    const test = createTestSyncManager({ length: 20, peers: [{ forge: { height: 13, what: 'state' } }], config: { defaultStrategy: 'incremental' } });
    const sync = test.manager.startSync();
    sync.catch(() => undefined);
    await test.clock.advance(5_000);
    assertSyncConsistency({ ...test }, 12);
    expect(test.manager.getSyncStatus().phase).toBe('waiting');
    expect(test.manager.getSyncPeers()[0]).toMatchObject({ role: 'banned', ban: { code: 'bad-state-root', until: undefined } });
    await test.clock.until(test.manager.stopSync());
    await expect(sync).rejects.toMatchObject({ code: 'stopped' });
  });

  it('incremental: blocks are verified and applied one by one', async () => {
    const test = createTestSyncManager({ length: 100 });
    await test.clock.until(test.manager.startSync());
    expect(Math.max(...test.chain.runs)).toBe(1);
    expect(test.peers[0]!.asked.every(({ count }) => count === 1)).toBe(true);
  });

  it('parallel: ranges that arrive reversed are applied in order', async () => {
    const peers = [400, 300, 200, 100].map((latency) => ({ latency }));
    const test = createTestSyncManager({ length: 1_000, peers, config: { defaultStrategy: 'parallel' } });
    await test.clock.until(test.manager.startSync());
    assertSyncConsistency(test);
    expect(test.chain.applied).toHaveLength(1_000);
  });

  it('parallel: two peers take at most 0.65 of the time of one, at a fixed delay', async () => {
    const options = { length: 2_000, config: { defaultStrategy: 'parallel', parallelDownloadLimit: 2, validationPipelineSize: 1_024 } } as const;
    const slow = { latency: 20, rate: 50_000 };
    const one = await timeOf({ ...options, peers: [slow] });
    const two = await timeOf({ ...options, peers: [slow, slow] });
    expect(two / one).toBeLessThanOrEqual(0.65);
  });

  it('parallel: one peer at a tenth of the speed gets a smaller share', async () => {
    const peers = [{ rate: 10_000 }, { rate: 100_000 }, { rate: 100_000 }, { rate: 100_000 }];
    const test = createTestSyncManager({ length: 3_000, peers, config: { defaultStrategy: 'parallel' } });
    await test.clock.until(test.manager.startSync());
    assertSyncConsistency(test);
    const [slow, ...others] = test.peers.map(({ served }) => served);
    expect(slow!).toBeLessThan(Math.min(...others) / 3);
    expect(mostRequestsOfABlock(test)).toBeLessThanOrEqual(2);
  });

  it('moloch 6.2: batches of 100 with one request in flight', async () => {
    const plans = (...[, config]: Parameters<typeof strategyPlan>) => ({ ...strategyPlan('fast', config), batch: 100, inFlight: 1 });
    const test = createTestSyncManager({ length: 1_000, peers: [{}, {}], manager: { plans, choose: () => 'fast' } });
    await test.clock.until(test.manager.startSync());
    assertSyncConsistency(test);
    const asked = test.peers.flatMap((peer) => peer.asked).toSorted((a, b) => a.at - b.at);
    expect(asked.map(({ from, count }) => [from, count])).toEqual(Array.from({ length: 10 }, (_, index) => [index * 100 + 1, 100]));
  });

  it('moloch 6.5: one range for each peer, cut in batches, merged in order', async () => {
    const plans = (...[, config]: Parameters<typeof strategyPlan>) => ({ ...strategyPlan('parallel', config), batch: 100, inFlight: 2, order: 'ranges' as const, ahead: 1_000 });
    const test = createTestSyncManager({ length: 1_000, peers: [{ latency: 100 }, { latency: 80 }], manager: { plans, choose: () => 'parallel' }, config: { validationPipelineSize: 1_000 } });
    await test.clock.until(test.manager.startSync());
    assertSyncConsistency(test);
    expect(test.peers.map(({ asked }) => asked[0]!.from).toSorted((a, b) => a - b)).toEqual([1, 501]);
    expect(mostRequestsOfABlock(test)).toBe(1);
  });

  it('gaps: peers that each lack some blocks make a whole chain together', async () => {
    const test = createTestSyncManager({ length: 900, peers: createBlockchainWithGaps(900, 3) });
    await test.clock.until(test.manager.startSync());
    assertSyncConsistency(test);
    expect(test.peers.every(({ served }) => served < 900)).toBe(true);
  });

  it('the strategy changes in mid-sync without starting over: parallel → incremental → parallel, and fast', async () => {
    const test = createTestSyncManager({ length: 400, peers: [{ latency: 20 }, { latency: 20 }], chain: { signatureTime: 20 } });
    const sync = test.manager.startSync();
    await test.clock.untilTrue(() => test.manager.getSyncStatus().strategy === 'incremental');
    test.history.grow(1_000);
    await test.clock.untilTrue(() => test.manager.getSyncStatus().strategy === 'parallel');
    await test.clock.untilTrue(() => test.chain.tip().height > 500);
    test.history.grow(4_000);
    test.peers[0]!.script = { latency: 20, snapshot: { height: 5_300, chunks: 3 } };
    await test.clock.until(sync);
    assertSyncConsistency(test);
    expect(strategiesOf(test)).toEqual(['parallel', 'incremental', 'parallel', 'fast', 'incremental']);
    expect(mostRequestsOfABlock(test)).toBeLessThanOrEqual(2);
  });

  it('the gap grows while single blocks are fetched: many are asked for at a time, and none twice', async () => {
    const test = createTestSyncManager({ length: 100, peers: Array.from({ length: 4 }, () => ({ latency: 50 })) });
    const sync = test.manager.startSync();
    await test.clock.untilTrue(() => test.chain.tip().height >= 20);
    test.history.grow(512);
    await test.clock.until(sync);
    assertSyncConsistency(test);
    expect(strategiesOf(test)).toEqual(['incremental', 'parallel', 'incremental']);
    expect(mostRequestsOfABlock(test)).toBe(1);
  });

  it('headers only: no state is computed', async () => {
    const test = createTestSyncManager({ length: 300, peers: [{}], manager: { headersOnly: true } });
    await test.clock.until(test.manager.startSync());
    expect(test.chain.tip().height).toBe(300);
  });

  it('a block that is final only by its child waits for it', async () => {
    for (const defaultStrategy of ['incremental', 'parallel'] as const) {
      const test = createTestSyncManager({ length: 200, peers: [{ latency: 10 }], chain: { finality: 'chained' }, config: { defaultStrategy } });
      await test.clock.until(test.manager.startSync());
      assertSyncConsistency(test);
      expect(Math.max(...test.chain.runs)).toBeGreaterThan(1);
    }
  });
});
