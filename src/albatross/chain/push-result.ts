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
 * - `undecided`: it was made in the turn of a validator whose signing key is not proven (`key-proof.ts`): the key is disputed, or its seed
 *   or signature (`code`) does not verify with it, and it cannot be told yet whether block or key is wrong.
 * - `invalid`: it breaks the rule `code`; `verdictOf` says what that means for the sender.
 */
export type PushResult =
  | { readonly result: 'known' | 'ignored' | 'forked' | 'orphan' }
  | { readonly result: 'extended'; readonly adopted: readonly ChainBlock[] }
  | { readonly result: 'rebranched'; readonly adopted: readonly ChainBlock[]; readonly reverted: readonly ChainBlock[] }
  | { readonly result: 'undecided'; readonly slot: number; readonly code: BlockErrorCode | undefined }
  | { readonly result: 'invalid'; readonly code: BlockErrorCode };
