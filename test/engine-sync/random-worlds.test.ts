import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FakePeerScript } from '../support/fake-sync-peer.ts';
import { runs } from '../support/runs.ts';
import { assertSyncConsistency, createTestSyncManager } from '../support/sync-kit.ts';

const bad = fc.oneof(
  fc.record({ forge: fc.record({ height: fc.oneof(fc.constant('last' as const), fc.integer({ min: 1, max: 600 })), what: fc.constantFrom('certificate', 'state', 'structure', 'link') }) }),
  fc.record({ lie: fc.constantFrom('range', 'endless', 'unfinal', 'chunk', 'manifest') }),
  fc.record({ boast: fc.integer({ min: 1, max: 9_000 }) }),
  fc.record({ dies: fc.integer({ min: 1, max: 300 }) }),
  fc.record({ height: fc.integer({ min: 0, max: 500 }) }),
  fc.record({ earliest: fc.integer({ min: 1, max: 500 }) }),
  fc.record({ failing: fc.double({ min: 0, max: 0.5, noNaN: true }) }),
) as fc.Arbitrary<FakePeerScript>;

const line = fc.record({ latency: fc.integer({ min: 1, max: 1_500 }), rate: fc.constantFrom(5_000, 50_000, 5_000_000) });
const peer = fc.tuple(line, bad, fc.constantFrom({}, { snapshot: { height: 300, chunks: 5 } })).map(([a, b, c]): FakePeerScript => ({ ...a, ...b, ...c }));

const world = fc.record({
  seed: fc.nat(1_000_000),
  length: fc.integer({ min: 1, max: 600 }),
  peers: fc.array(peer, { maxLength: 5 }),
  finality: fc.constantFrom('target', 'chained'),
  each: fc.boolean(),
  batch: fc.constantFrom(1, 7, 64),
  size: fc.constantFrom(8, 64, 256),
  grows: fc.constantFrom(0, 5, 300),
  strategy: fc.constantFrom('auto', 'auto', 'fast', 'incremental', 'parallel'),
  /** Moments at which the sync is stopped, or the page reloaded. */
  stops: fc.array(fc.record({ after: fc.integer({ min: 0, max: 1_500 }), reload: fc.boolean() }), { maxLength: 3 }),
});

describe('any world with two honest peers', () => {
  it('ends with the true chain, and no honest peer is banned', async () => {
    await fc.assert(
      fc.asyncProperty(world, async ({ seed, length, peers, finality, each, batch, size, grows, strategy, stops }) => {
        const honest = [{ latency: 30 }, { latency: 60, snapshot: { height: Math.max(1, Math.floor(length * 0.7)), chunks: 5 } }];
        const scripts = [...peers.map((script) => (script.snapshot && script.snapshot.height > length ? { ...script, snapshot: { height: length, chunks: 5 } } : script)), ...honest];
        const config = { defaultStrategy: strategy, blockBatchSize: batch, validationPipelineSize: size, checkEachCertificate: each, retryAttempts: 100, peerTimeout: 5_000 };
        const test = createTestSyncManager({ seed, length, peers: scripts, config, chain: { finality } });
        for (const { after, reload } of stops) {
          test.manager.startSync().catch(() => undefined);
          await test.clock.advance(after);
          await (reload ? test.restart() : test.clock.until(test.manager.stopSync()));
        }
        const sync = test.manager.startSync();
        sync.catch(() => undefined);
        await test.clock.advance(500);
        test.history.grow(grows);
        await test.clock.until(sync, 1_200_000);
        // What grew in the very last moment is found by the next sync.
        await test.clock.until(test.manager.startSync(), 1_200_000);
        assertSyncConsistency(test);
        const blamed = new Set(test.reports.filter(({ report }) => report.kind === 'lie').map(({ peer: id }) => id));
        expect(blamed).not.toContain(`peer-${peers.length}`);
        expect(blamed).not.toContain(`peer-${peers.length + 1}`);
        expect(test.manager.getSyncPeers().slice(-2).map(({ ban }) => ban)).toEqual([undefined, undefined]);
      }),
      runs(25, 2_000),
    );
  });
});
