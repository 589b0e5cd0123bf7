import type { DevBlock } from './dev-block.ts';
import type { Hash } from '../src/base/hash.ts';

/** What the choice looks at. */
export interface ForkView {
  readonly head: DevBlock;
  /** On the main chain. */
  at(height: number): DevBlock | undefined;
  byHash(hash: Hash): DevBlock | undefined;
}

/** The branch that ends with `tip`, ascending, from the first block whose parent is on the main chain. */
export function branchUpTo(tip: DevBlock, view: ForkView): readonly DevBlock[] {
  const branch = [tip];
  for (;;) {
    const parent = view.byHash(branch[0]!.block.header.parentHash);
    if (!parent || view.at(parent.height)?.hash === parent.hash) return branch;
    branch.unshift(parent);
  }
}

/**
 * Whether the branch wins over the main chain from its first block on, as every node of the network decides: a macro block above the
 * head wins; else the side with a skip block at the first height where only one has it; else the longer one. Written apart from the
 * client's own choice, so that one checks the other. Albatross block reference, 5.8.
 */
export function branchWins(branch: readonly DevBlock[], view: ForkView): boolean {
  const tip = branch.at(-1)!;
  if (tip.block.type === 'macro' && tip.height > view.head.height) return true;
  const differing = branch.find((side) => {
    const main = view.at(side.height);
    return main !== undefined && (main.kind === 'skip') !== (side.kind === 'skip');
  });
  return differing ? differing.kind === 'skip' : tip.height > view.head.height;
}
