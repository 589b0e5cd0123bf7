import type { ChainBlock } from './block-store.ts';
import type { BlockErrorCode } from './rules/codes.ts';

/**
 * The outcome of a pushed block. Albatross block reference, 5.8 and 5.9.
 *
 * - `known`: we hold it already.
 * - `ignored`: at or below the macro head, or on a branch that loses to a skip block; or abandoned because the chain was reset or restored
 *   meanwhile, or because too many pushes were waiting.
 * - `forked`: kept on a side branch.
 * - `variant`: a skip block whose proof has the same content as a kept one's, but with other roots. `held`: until a block builds on it.
 * - `orphan`: its parent is not known.
 * - `extended`, `rebranched`: it is the new head.
 * - `undecided`: its proposer's signing key is not proven (`key-proof.ts`): the key is disputed, or the block's seed or signature (`code`)
 *   does not verify with it, and it cannot be told yet whether block or key is wrong.
 * - `invalid`: it breaks the rule `code`; `verdictOf` says what that means for the sender.
 */
export type PushResult =
  | { readonly result: 'known' | 'ignored' | 'forked' | 'orphan' }
  | { readonly result: 'variant'; readonly held: boolean }
  | { readonly result: 'extended'; readonly adopted: readonly ChainBlock[] }
  | { readonly result: 'rebranched'; readonly adopted: readonly ChainBlock[]; readonly reverted: readonly ChainBlock[] }
  | { readonly result: 'undecided'; readonly slot: number; readonly code: BlockErrorCode | undefined }
  | { readonly result: 'invalid'; readonly code: BlockErrorCode };
