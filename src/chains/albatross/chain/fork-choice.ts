import type { BlockStore, StoredBlock } from './block-store.ts';

/** `extend`: follows the head; `superior`: wins over the head's branch; `inferior`: loses to it; `unknown`: neither. */
export type ChainOrder = 'extend' | 'superior' | 'inferior' | 'unknown';

/** The branch that ends with `tip`, ascending, from the first block whose parent is on the main chain. */
export function branchTo(tip: StoredBlock, store: BlockStore): readonly StoredBlock[] {
  const branch = [tip];
  for (;;) {
    const parent = store.get(branch[0]!.block.header.parentHash);
    if (!parent || parent.mainChain) return branch;
    branch.unshift(parent);
  }
}

/**
 * How a new block compares with the main chain up to `head`. The block's parent is in the store; the block itself need not be. A macro
 * block above the head wins over any micro branch. Otherwise, at the first height where only one side has a skip block, that side wins.
 * Otherwise the longer branch wins, and of equal ones the first seen stays. Albatross block reference, 5.8.
 */
export function chainOrder(tip: StoredBlock, head: StoredBlock, store: BlockStore): ChainOrder {
  if (tip.block.header.parentHash === head.hash) return 'extend';
  if (tip.block.type === 'macro' && tip.height > head.height) return 'superior';
  for (const side of branchTo(tip, store)) {
    const main = store.mainChainAt(side.height);
    // Above the head there is no main chain block to compare with.
    if (!main) break;
    if ((side.kind === 'skip') !== (main.kind === 'skip')) return side.kind === 'skip' ? 'superior' : 'inferior';
  }
  return tip.height > head.height ? 'superior' : 'unknown';
}
