import type { ChainBlock } from './block-store.ts';
import type { BlockErrorCode } from './rules/codes.ts';

/**
 * What became of a pushed block. Albatross block reference, 5.8 and 5.9.
 *
 * - `known`: we hold it already.
 * - `ignored`: at or below the macro head, or on a branch that loses to a skip block, or given up because the chain was reset or
 *   restored meanwhile, or because too many pushes were waiting.
 * - `forked`: kept on a side branch.
 * - `orphan`: its parent is not known.
 * - `extended`, `rebranched`: it is the new head.
 * - `invalid`: it breaks the rule `code`; `verdictOf` says what that means for the sender.
 */
export type PushResult =
  | { readonly result: 'known' | 'ignored' | 'forked' | 'orphan' }
  | { readonly result: 'extended'; readonly adopted: readonly ChainBlock[] }
  | { readonly result: 'rebranched'; readonly adopted: readonly ChainBlock[]; readonly reverted: readonly ChainBlock[] }
  | { readonly result: 'invalid'; readonly code: BlockErrorCode };
