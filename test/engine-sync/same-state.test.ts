import { describe, expect, it } from 'vitest';
import { assertSyncConsistency, createTestSyncManager, mostRequestsOfABlock } from '../support/sync-kit.ts';

describe('7.2 strategies: one result', () => {
  it('5000 blocks by all three strategies: the same final state', async () => {
    const roots = [];
    for (const defaultStrategy of ['fast', 'incremental', 'parallel'] as const) {
      const peers = Array.from({ length: 4 }, () => ({ latency: 5, snapshot: { height: 4_800, chunks: 20 } }));
      const test = createTestSyncManager({ length: 5_000, peers, config: { defaultStrategy } });
      await test.clock.until(test.manager.startSync());
      assertSyncConsistency(test);
      expect(test.chain.imports).toBe(defaultStrategy === 'fast' ? 1 : 0);
      expect(mostRequestsOfABlock(test)).toBe(1);
      roots.push(test.chain.root);
    }
    expect(new Set(roots).size).toBe(1);
  });
});
