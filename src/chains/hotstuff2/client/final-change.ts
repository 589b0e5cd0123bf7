import type { TreeRoot } from '../chain/block-tree.ts';
import type { Hs2Item } from '../chain/hs2-block.ts';
import type { KeyValueState } from '../chain/state.ts';

/** What has changed, in one piece: to be stored together. */
export interface FinalChange {
  /** What became final, ascending; none if only blocks above the final one have come. */
  readonly items: readonly Hs2Item[];
  /** The state after them; undefined: it is not computed. */
  readonly state: KeyValueState | undefined;
  readonly root: TreeRoot;
  /** The certified blocks from the final one up to the head. */
  readonly pending: readonly Hs2Item[];
  /** The blocks and the state take the place of everything before. */
  readonly replaces: boolean;
}
