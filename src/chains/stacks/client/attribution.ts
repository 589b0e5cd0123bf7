/**
 * The cycle whose signer set signs a block, by the burn height that a gateway told of its tenure, and by the order of blocks, which says more than a gateway.
 * @module
 */
import { attributeCycle } from '../chain/cycle-attribution.ts';
import { cycleOf, type CycleRules } from '../chain/cycles.ts';
import type { StacksItem } from '../chain/stacks-block.ts';
import type { KnownCycles } from './known-cycles.ts';
import type { Root } from './pending-tree.ts';

export class Attribution {
  readonly #rules: CycleRules;
  readonly #cycles: Pick<KnownCycles, 'has'>;

  constructor(rules: CycleRules, cycles: Pick<KnownCycles, 'has'>) {
    this.#rules = rules;
    this.#cycles = cycles;
  }

  /** Of the block right after another one, as `attributeCycle` has it; a hint of an earlier cycle is not believed. */
  next(parent: Root, { block: { header, burnHeight } }: StacksItem): number | 'unknown' | 'unproved' {
    const tenure = parent.item?.block.header.consensusHash ?? '';
    const cycle = attributeCycle({ consensusHash: tenure, cycle: parent.cycle }, header.consensusHash, burnHeight, this.#rules, (it) => this.#cycles.has(it));
    return cycle === 'back' ? parent.cycle : cycle;
  }

  /** Of a block somewhere after another one. Without a hint it is that one's. */
  after(before: Root, { block: { header, burnHeight } }: StacksItem): number {
    if (header.consensusHash === before.item?.block.header.consensusHash || burnHeight === undefined) return before.cycle;
    return Math.max(before.cycle, cycleOf(burnHeight, this.#rules));
  }

  /** By the burn height that a gateway told alone; undefined: it told none, or the set of that cycle is not proven. */
  hinted({ block: { burnHeight } }: StacksItem): number | undefined {
    const cycle = burnHeight === undefined ? undefined : cycleOf(burnHeight, this.#rules);
    return cycle !== undefined && this.#cycles.has(cycle) ? cycle : undefined;
  }

  /** Of a block somewhere below another one: never a later cycle than that one's. */
  below({ cycle }: Root, { block: { burnHeight } }: StacksItem): number {
    return burnHeight === undefined ? cycle : Math.min(cycle, cycleOf(burnHeight, this.#rules));
  }

  /** Whether a gateway dates a block into an earlier cycle than that of a block before it. */
  isBack(before: Root, { block: { burnHeight } }: StacksItem): boolean {
    return burnHeight !== undefined && cycleOf(burnHeight, this.#rules) < before.cycle;
  }
}
