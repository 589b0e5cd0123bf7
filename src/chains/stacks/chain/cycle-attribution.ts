import { cycleOf, type CycleRules } from './cycles.ts';

/** The tenure of a verified block and the cycle whose set signed it. */
export interface AttributedTenure {
  readonly consensusHash: string;
  readonly cycle: number;
}

/**
 * - `unknown`: the tenure is another and its burn height is not told.
 * - `back`: it would fall back to an earlier cycle than that of an ancestor.
 * - `unproved`: the signer set of its cycle is not proved.
 */
export type AttributionFault = 'unknown' | 'back' | 'unproved';

/**
 * The cycle whose signer set must have signed a block after `parent`. No header holds a burn height, and neighbouring sets overlap, so that a set that reaches the
 * threshold does not name the cycle: order does. A block of the parent's tenure has the parent's cycle, also after the boundary. Another tenure has that of its
 * sortition's burn height, which is a hint of a gateway; it may never be below the parent's (Stacks reference, 2 and 4).
 */
export function attributeCycle(parent: AttributedTenure, consensusHash: string, burnHeight: number | undefined, rules: CycleRules, isProved: (cycle: number) => boolean): number | AttributionFault {
  if (consensusHash === parent.consensusHash) return parent.cycle;
  if (burnHeight === undefined) return 'unknown';
  const cycle = cycleOf(burnHeight, rules);
  if (cycle < parent.cycle) return 'back';
  return isProved(cycle) ? cycle : 'unproved';
}
