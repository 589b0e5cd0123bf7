import { strategyPlan, type PlanOf } from '../../../engine/sync/strategy-plan.ts';
import type { SyncConfig } from '../../../engine/sync/sync-config.ts';

/**
 * What this chain sets otherwise than the others. A proof of the newest confirmed block is many requests, one after the other, and two tenures of blocks: it may
 * take a minute. The newest two tenures, which are pending, have up to a thousand blocks on the main network. A gap that is longer than a few minutes is jumped: a
 * gateway counts requests, and the headers between are fetched when they are asked for.
 */
export const STACKS_SYNC = { peerTimeout: 60_000, maxBehindBlocks: 1_024, validationPipelineSize: 2_048, strategySwitchThreshold: 32 } as const satisfies Partial<SyncConfig>;

/** A short gap in one request for each tenure, not for each block. */
export const stacksPlan: PlanOf = (name, config) => {
  const plan = strategyPlan(name, config);
  return name === 'incremental' ? { ...plan, batch: config.strategySwitchThreshold, inFlight: 1, gather: config.validationPipelineSize } : plan;
};
