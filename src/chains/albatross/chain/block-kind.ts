import type { Block } from '../wire/types.ts';

/** A micro block is a skip block exactly when its justification is a skip proof; a macro block is an election block when it names validators. */
export type BlockKind = 'micro' | 'skip' | 'checkpoint' | 'election';

/** The kind that the block's content shows. Whether that is right for its height is decided by the rules. Albatross block reference, section 1. */
export function blockKind(block: Block): BlockKind {
  if (block.type === 'macro') return block.header.validators === undefined ? 'checkpoint' : 'election';
  return block.justification?.type === 'skip' ? 'skip' : 'micro';
}
