/** Arithmetic of reward cycles (Stacks reference, 2 and 4). Heights are those of Bitcoin blocks. */
export interface CycleRules {
  readonly firstBurnHeight: number;
  /** Bitcoin blocks in a reward cycle. */
  readonly cycleLength: number;
  /** Bitcoin blocks at the end of a cycle in which the next signer set is fixed. */
  readonly prepareLength: number;
}

/** The cycle of a sortition; the height divisible by the cycle length already belongs to the new one. Negative before the first burn height. */
export function cycleOf(burnHeight: number, { firstBurnHeight, cycleLength }: CycleRules): number {
  return Math.floor((burnHeight - firstBurnHeight) / cycleLength);
}

/** The first height of a cycle: bit 0 of a Nakamoto inventory stands for it. */
export function firstHeightOf(cycle: number, { firstBurnHeight, cycleLength }: CycleRules): number {
  return firstBurnHeight + cycle * cycleLength;
}

/**
 * The height whose consensus hash a peer is asked with for a cycle's inventory or PoX bits: one above the first of the cycle. Bit 0 of a Nakamoto
 * inventory is one below it; bit 0 of an inventory of epoch 2.x is this very height.
 */
export function askedHeightOf(cycle: number, rules: CycleRules): number {
  return firstHeightOf(cycle, rules) + 1;
}

/** The position of a height in its cycle: 0 for the first. */
export function positionOf(burnHeight: number, { firstBurnHeight, cycleLength }: CycleRules): number {
  const offset = (burnHeight - firstBurnHeight) % cycleLength;
  return offset < 0 ? offset + cycleLength : offset;
}

/**
 * Whether the first block processed at this height writes the signer set of the next cycle, if none did: height mod cycle length is above cycle length -
 * prepare length, or 0.
 */
export function isPrepare(burnHeight: number, rules: CycleRules): boolean {
  const position = positionOf(burnHeight, rules);
  return position === 0 || position > rules.cycleLength - rules.prepareLength;
}
