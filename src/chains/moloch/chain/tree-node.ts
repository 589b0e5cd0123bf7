import type { Item } from '../../../engine/sync/sync-chain.ts';
import type { MmrPeaks } from './mmr.ts';
import type { MolochBlock } from './moloch-block.ts';

/** A block of a `BlockTree`. */
export interface TreeNode {
  readonly item: Item<MolochBlock>;
  /** By validator's key. */
  readonly signatures: Map<string, Uint8Array>;
  /** The order in which blocks were seen. */
  readonly seen: number;
  /** Of the range with this block, once it is linked. */
  peaks: MmrPeaks | undefined;
  /** Whether it gives way to no other block: signatures make it final, or are about to. */
  certain: boolean;
}
