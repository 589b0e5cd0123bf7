import { describe, expect, it } from 'vitest';
import { chooseStrategy } from './choose-strategy.ts';
import { syncConfig } from './default-sync-config.ts';
import { strategyPlan } from './strategy-plan.ts';

const choose = (gap: number, snapshot: number | undefined, config = {}) => chooseStrategy({ current: 1_000, target: 1_000 + gap, snapshot, peers: 3 }, syncConfig(config));

describe('the strategy', () => {
  it('is incremental up to the threshold', () => {
    expect(choose(128, 1_128)).toBe('incremental');
    expect(choose(129, undefined)).toBe('parallel');
    expect(choose(20, undefined, { strategySwitchThreshold: 10 })).toBe('parallel');
  });

  it('is fast if a snapshot covers more than half of the gap', () => {
    expect(choose(1_000, 1_501)).toBe('fast');
    expect(choose(1_000, 1_500)).toBe('parallel');
    expect(choose(1_000, 2_001)).toBe('parallel');
  });

  it('obeys a forced one; fast without a snapshot is parallel', () => {
    expect(choose(5_000, 5_900, { defaultStrategy: 'incremental' })).toBe('incremental');
    expect(choose(5, undefined, { defaultStrategy: 'parallel' })).toBe('parallel');
    expect(choose(5, 1_001, { defaultStrategy: 'fast' })).toBe('fast');
    expect(choose(5, undefined, { defaultStrategy: 'fast' })).toBe('parallel');
  });

  it('is a plan', () => {
    const config = syncConfig({ blockBatchSize: 10, parallelDownloadLimit: 2, validationPipelineSize: 99 });
    expect(strategyPlan('incremental', config)).toMatchObject({ snapshot: false, batch: 1, inFlight: 2, gather: 1 });
    expect(strategyPlan('fast', config)).toMatchObject({ snapshot: true, batch: 10, inFlight: 2, gather: 99 });
    expect(strategyPlan('parallel', config)).toMatchObject({ snapshot: false, batch: 10, inFlight: 2, gather: 99 });
  });
});
