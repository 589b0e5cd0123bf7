/**
 * Which tenures are fetched next, and from whom (Stacks reference, 10).
 * @module
 */
import type { TenureStartEnd } from './wanted-tenures.ts';

export interface ScheduleContext {
  /** The first burn height with Nakamoto tenures. */
  readonly firstNakamotoHeight: number;
  readonly isProcessed: (tenureId: string) => boolean;
  /** Whether the signer set of a cycle is proved. */
  readonly hasSignerSet: (cycle: number) => boolean;
  /** The peers or gateways whose inventory has the tenure that started at this height. */
  readonly servedBy: (burnHeight: number) => readonly string[];
  readonly isInitialDownload: boolean;
}

export interface ScheduledTenure {
  readonly tenure: TenureStartEnd;
  /** At least one. */
  readonly peers: readonly string[];
}

/**
 * The tenures to fetch in order: those of the previous cycle first. In the initial download by height, later those that the fewest peers serve first. What is
 * processed, lies before Nakamoto, has no peer, or needs a signer set that is not proved is left out; the last may come again when the set is there.
 */
export function scheduleTenures(previous: readonly TenureStartEnd[], current: readonly TenureStartEnd[], context: ScheduleContext): readonly ScheduledTenure[] {
  return [...scheduleCycle(previous, context), ...scheduleCycle(current, context)];
}

function scheduleCycle(tenures: readonly TenureStartEnd[], context: ScheduleContext): readonly ScheduledTenure[] {
  const scheduled = tenures
    .filter((tenure) => tenure.burnHeight >= context.firstNakamotoHeight && !context.isProcessed(tenure.tenureId) && hasSets(tenure, context))
    .map((tenure) => ({ tenure, peers: context.servedBy(tenure.burnHeight) }))
    .filter(({ peers }) => peers.length > 0);
  const byHeight = (a: ScheduledTenure, b: ScheduledTenure) => a.tenure.burnHeight - b.tenure.burnHeight;
  return scheduled.toSorted((a, b) => (context.isInitialDownload ? 0 : a.peers.length - b.peers.length) || byHeight(a, b));
}

/** The gate: start and end block are signed by the sets of their cycles. */
function hasSets({ startCycle, endCycle }: TenureStartEnd, { hasSignerSet }: ScheduleContext): boolean {
  return hasSignerSet(startCycle) && hasSignerSet(endCycle);
}
