import type { ChooseStrategy, Situation } from '../../../engine/sync/choose-strategy.ts';
import type { PlanOf } from '../../../engine/sync/strategy-plan.ts';
import type { SyncConfig } from '../../../engine/sync/sync-config.ts';
import type { StrategyName } from '../../../engine/sync/sync-views.ts';

/** Blocks in one request, and the gap above which ranges are divided among peers (Moloch reference, 2.11 and 5). */
const BATCH = 100;
const PARALLEL_GAP = 500;
/** Blocks that two ranges divide: 1 to 500 and 501 to 1000 (Moloch reference, 6.5). */
const RANGES = 1000;

/** What this chain sets otherwise than the others: whole batches, and room for both ranges while the first is waited for. */
export const MOLOCH_SYNC: Partial<SyncConfig> = { blockBatchSize: BATCH, validationPipelineSize: RANGES };

/**
 * The choice of Moloch (reference, 5): `warp` if the snapshot of the pinned checkpoint is served, for nothing else is ever on offer; `header-first` for headers alone;
 * `parallel` above 500 blocks with two peers; else `fast`. A sync that began in parallel stays so up to its target. A forced strategy is obeyed.
 */
export function chooseMoloch({ headersOnly }: { readonly headersOnly: boolean }): ChooseStrategy {
  let before: { readonly name: StrategyName; readonly situation: Situation } | undefined;
  return (situation, config) => {
    const { current, target, snapshot, peers } = situation;
    const continues = before?.name === 'parallel' && before.situation.target === target && before.situation.current <= current;
    const byGap = peers >= 2 && (target - current > PARALLEL_GAP || continues) ? 'parallel' : 'fast';
    const own = snapshot === undefined ? (headersOnly ? 'header-first' : byGap) : 'warp';
    const { defaultStrategy } = config;
    const name = defaultStrategy === 'auto' || (defaultStrategy === 'fast' && snapshot !== undefined) ? own : defaultStrategy;
    before = { name, situation };
    return name;
  };
}

/** `fast`, `header-first`, and `warp` after its snapshot: one request of 100 blocks after the other, as the diagrams draw it (Moloch reference, 6.2 to 6.4). */
export const molochPlan: PlanOf = (name, { blockBatchSize: batch, validationPipelineSize: gather, parallelDownloadLimit: inFlight }) => {
  if (name === 'incremental') return { snapshot: false, batch: 1, inFlight: 1, order: 'row', ahead: gather, gather: 1 };
  if (name === 'parallel') return { snapshot: false, batch, inFlight, order: 'ranges', ahead: RANGES, gather };
  return { snapshot: name === 'warp', batch, inFlight: 1, order: 'row', ahead: gather, gather };
};
