import type { Block } from '../wire/types.ts';

/** From this version on the signed message of a skip block has its state root. Albatross version 2 reference, section 4. */
const BOUND_VERSION = 2;

/**
 * Whether proofs may lead to this root of a block that we verified. Skip blocks are the reason for the question: the signatures under one of
 * version 1 cover its network, height and seed, but neither of its roots, so any peer that sends it can put any roots into it. From version 2 on
 * they cover the state root, and still not the history root. A micro block without justification may be a skip block. All other blocks are
 * signed as a whole: a micro block by its proposer, a macro block by two thirds of the slots. Albatross block reference, 5.6.
 */
export function mayStandOn(block: Block, root: 'state' | 'history'): boolean {
  if (block.type === 'macro' || block.justification?.type === 'micro') return true;
  return block.justification !== undefined && root === 'state' && block.header.version >= BOUND_VERSION;
}
