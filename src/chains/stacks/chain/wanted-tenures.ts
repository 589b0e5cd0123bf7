/**
 * Which tenures a cycle has, and between which blocks each lies (Stacks reference, 10). Sortitions come from a gateway or peer: they are hints until the
 * blocks are there.
 * @module
 */
import type { Hash } from '../../../base/hash.ts';
import { cycleOf, type CycleRules } from './cycles.ts';

/** One sortition, with or without a winner. */
export interface WantedTenure {
  /** Its consensus hash: 40 hex digits. */
  readonly tenureId: string;
  /** The block that the winner committed to: the *first block of the parent tenure*, not of this one. */
  readonly winningBlockId: Hash;
  readonly burnHeight: number;
}

/** The cycle to work on at a tip: that of the height below it. */
export function workingCycle(tipHeight: number, rules: CycleRules): number {
  return cycleOf(tipHeight - 1, rules);
}

/** The sortitions of a cycle in ascending order, without the network's first Bitcoin block, which elected nobody. */
export function wantedTenures(cycle: number, sortitions: readonly WantedTenure[], rules: CycleRules): readonly WantedTenure[] {
  const wanted = sortitions.filter(({ burnHeight }) => burnHeight > rules.firstBurnHeight && cycleOf(burnHeight, rules) === cycle);
  return wanted.toSorted((a, b) => a.burnHeight - b.burnHeight);
}

/** A tenure with the blocks that bound it. */
export interface TenureStartEnd {
  readonly tenureId: string;
  readonly burnHeight: number;
  readonly startBlockId: Hash;
  /** The first block of the next tenure. */
  readonly endBlockId: Hash;
  /** Consensus hashes of the sortitions that named the two. */
  readonly startSnapshot: string;
  readonly endSnapshot: string;
  /** The cycle of the tenure: its signer set signs the start block and all others of the tenure. */
  readonly startCycle: number;
  /** The cycle of the next tenure: its signer set signs the end block. */
  readonly endCycle: number;
  /** Whether the end block must be fetched for itself, because no tenure of the same, finished cycle resolves it. */
  readonly fetchesEnd: boolean;
}

/**
 * The tenures of a cycle that can be fetched: among those of this and the next cycle that `has` says exist, each whose start is named by the next and
 * whose end by the one after. So the newest two tenures are never in the list.
 */
export function tenureStartEnds(current: readonly WantedTenure[], next: readonly WantedTenure[], has: (burnHeight: number) => boolean, rules: CycleRules): readonly TenureStartEnd[] {
  const kept = [...current, ...next].filter(({ burnHeight }) => has(burnHeight));
  const own = kept.filter(({ burnHeight }) => burnHeight <= (current.at(-1)?.burnHeight ?? -1)).length;
  return kept.slice(0, Math.max(0, Math.min(own, kept.length - 2))).map((tenure, i) => ({
    tenureId: tenure.tenureId,
    burnHeight: tenure.burnHeight,
    startBlockId: kept[i + 1]!.winningBlockId,
    endBlockId: kept[i + 2]!.winningBlockId,
    startSnapshot: kept[i + 1]!.tenureId,
    endSnapshot: kept[i + 2]!.tenureId,
    startCycle: cycleOf(tenure.burnHeight, rules),
    endCycle: cycleOf(kept[i + 1]!.burnHeight, rules),
    fetchesEnd: next.length > 0 && i + 3 >= own,
  }));
}
