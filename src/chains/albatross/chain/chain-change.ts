import type { ChainBlock } from './block-store.ts';

/**
 * One change of the light chain. `adopted` and `reverted` are ascending; over all changes each block is adopted once (and again only
 * after it was reverted).
 *
 * - `extended`: a micro or skip block on the head.
 * - `finalized`, `epoch-finalized`: a checkpoint or an election block became macro head, and everything up to it is final.
 * - `rebranched`: another branch became the main chain. If it ends in a macro block, `finalized` or `epoch-finalized` follows with nothing
 *   adopted.
 * - `stored`: a block of a side branch was kept, see `stored`.
 * - `recopied`: the election head was replaced by another copy under the same hash. Its validator list was refuted or is disputed, and
 *   pending blocks that depended on it are reverted. Or its justification, not known before, is verified now.
 * - `reset`: the chain was replaced as a whole; read it again.
 */
export interface ChainChange {
  readonly kind: 'extended' | 'finalized' | 'epoch-finalized' | 'rebranched' | 'stored' | 'recopied' | 'reset';
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
