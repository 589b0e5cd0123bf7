import type { SyncConfig } from './sync-config.ts';
import type { StrategyName } from './sync-views.ts';

/** How blocks are fetched and verified. All strategies are values of this one type; the sync has one loop. */
export interface StrategyPlan {
  /** Whether the newest snapshot on offer is taken first. Without one on offer the blocks are fetched at once. */
  readonly snapshot: boolean;
  /** Blocks in one request. */
  readonly batch: number;
  /** Requests in flight over all peers. */
  readonly inFlight: number;
  /** `row`: every request takes the next blocks. `ranges`: the next `ahead` blocks are divided into one range for each peer. */
  readonly order: 'row' | 'ranges';
  /** Blocks that `ranges` divides among the peers. */
  readonly ahead: number;
  /** Blocks that are verified and applied together at most. */
  readonly gather: number;
}

export type PlanOf = (name: StrategyName, config: SyncConfig) => StrategyPlan;

/** Requests of one block that are in flight at a time, so that the line's latency is not paid for each block. */
const BLOCKS_AHEAD = 4;

export const strategyPlan: PlanOf = (name, config) => {
  const { validationPipelineSize: gather } = config;
  if (name === 'incremental') return { snapshot: false, batch: 1, inFlight: Math.min(BLOCKS_AHEAD, config.parallelDownloadLimit), order: 'row', ahead: gather, gather: 1 };
  return { snapshot: name === 'fast', batch: config.blockBatchSize, inFlight: config.parallelDownloadLimit, order: 'row', ahead: gather, gather };
};
