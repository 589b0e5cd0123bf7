/**
 * Which tenures a peer, or a gateway, claims to have: for each cycle one bit a sortition, bit 0 for the first height of the cycle (Stacks reference, 6
 * and 7).
 * @module
 */
import { cycleOf, firstHeightOf, positionOf, type CycleRules } from './cycles.ts';

/** Cycles whose bits are kept, newest first: some three years of the main network. */
const MAX_CYCLES = 80;

/** The bits of NakamotoTenureInv. A later reply for a cycle replaces the earlier one, so that bits may fall. */
export class TenureInventory {
  readonly #rules: CycleRules;
  readonly #cycles = new Map<number, readonly boolean[]>();

  constructor(rules: CycleRules) {
    this.#rules = rules;
  }

  /** Throws nothing: bits above the cycle's length are dropped. At the bound the oldest cycle is forgotten. */
  replace(cycle: number, bits: readonly boolean[]): void {
    this.#cycles.set(cycle, bits.slice(0, this.#rules.cycleLength));
    if (this.#cycles.size > MAX_CYCLES) this.#cycles.delete(Math.min(...this.#cycles.keys()));
  }

  /** Whether a tenure started at the sortition of this height; false where nothing is known. */
  has(burnHeight: number): boolean {
    return this.bits(cycleOf(burnHeight, this.#rules))[positionOf(burnHeight, this.#rules)] ?? false;
  }

  /** The bits of a cycle; empty where nothing is known. */
  bits(cycle: number): readonly boolean[] {
    return this.#cycles.get(cycle) ?? [];
  }
}

/**
 * The bits of a cycle by the rule of a node: 1 exactly where a tenure started at that sortition on the fork of the Stacks tip. Cut at the tip; empty if the
 * cycle lies above it. `started`: of a Bitcoin height.
 */
export function inventoryBits(cycle: number, tipHeight: number, started: (burnHeight: number) => boolean, rules: CycleRules): readonly boolean[] {
  const first = firstHeightOf(cycle, rules);
  const length = Math.max(0, Math.min(rules.cycleLength, tipHeight - first + 1));
  return Array.from({ length }, (_, i) => started(first + i));
}

/** One sortition of a cycle as a gateway told it. */
export interface ClaimedSortition {
  readonly burnHeight: number;
  readonly consensusHash: string;
  /** Blocks that `/v3/tenures/blocks/{consensus hash}` listed; 0 for none, or where it was not asked because nobody won. */
  readonly blocks: number;
}

/** An inventory made of a gateway's replies. It is never shown as a peer's word: it is one server's claim until the headers are there. */
export interface DerivedInventory {
  readonly source: 'derived';
  readonly cycle: number;
  readonly bits: readonly boolean[];
}

/** Bit = 1 exactly where the gateway lists a block of the tenure (Stacks reference, 7). Sortitions of other cycles are ignored. */
export function deriveInventory(cycle: number, tipHeight: number, sortitions: readonly ClaimedSortition[], rules: CycleRules): DerivedInventory {
  const started = new Set(sortitions.filter(({ blocks }) => blocks > 0).map(({ burnHeight }) => burnHeight));
  return { source: 'derived', cycle, bits: inventoryBits(cycle, tipHeight, (height) => started.has(height), rules) };
}
