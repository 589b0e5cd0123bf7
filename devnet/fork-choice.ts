import type { DevBlock } from './dev-block.ts';
import type { Hash } from '../src/base/hash.ts';

/** The chain that the choice reads. */
export interface ForkView {
  readonly head: DevBlock;
  /** The main chain's block at this height. */
  at(height: number): DevBlock | undefined;
  byHash(hash: Hash): DevBlock | undefined;
}

/** The branch that ends with `tip`, in ascending order, from the first block whose parent is on the main chain. */
export function branchUpTo(tip: DevBlock, view: ForkView): readonly DevBlock[] {
  const branch = [tip];
  for (;;) {
    const parent = view.byHash(branch[0]!.block.header.parentHash);
    if (!parent || view.at(parent.height)?.hash === parent.hash) return branch;
    branch.unshift(parent);
  }
}

/**
 * Whether the branch wins over the main chain, as every node of the network decides: a macro block above the head wins; otherwise
 * the side with a skip block at the first height where only one side has it; otherwise the longer side. Written independently of
 * the client's own fork choice, so that each checks the other. Albatross block reference, 5.8.
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
