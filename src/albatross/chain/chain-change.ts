import type { ChainBlock } from './block-store.ts';

/**
 * One change of the light chain. `adopted` and `reverted` are ascending; over all changes each block is adopted once (and again only
 * after it was reverted).
 *
 * - `extended`: a micro or skip block on the head.
 * - `finalized`, `epoch-finalized`: a checkpoint or an election block became macro head, and everything up to it is final.
 * - `rebranched`: another branch became the main chain. When it ends in a macro block, `finalized` or `epoch-finalized` follows with
 *   nothing adopted.
 * - `stored`: a block of a side branch was kept, see `stored`.
 * - `relisted`: the election head's validator list is another one under the same hash: the one before was refuted, or it is disputed;
 *   pending blocks that rested on it are reverted.
 * - `reset`: the chain was replaced as a whole; read it anew.
 */
export interface ChainChange {
  readonly kind: 'extended' | 'finalized' | 'epoch-finalized' | 'rebranched' | 'stored' | 'relisted' | 'reset';
  readonly adopted: readonly ChainBlock[];
  readonly reverted: readonly ChainBlock[];
  readonly stored?: ChainBlock | undefined;
  /**
   * With `stored`: the block's producer has signed another block at this height (two non-skip micro blocks with equal seed entropy).
   * Such a change also comes when the second block was adopted.
   */
  readonly equivocation?: true | undefined;
}

export interface ChainEvents {
  change: ChainChange;
}
