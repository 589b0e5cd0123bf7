import type { HeadEvent } from '../contract.ts';

/**
 * Maximum number of blocks in merged head events; beyond it they become a gap. About eight batches of 32, adopted and reverted together.
 */
export const MAX_MERGED_BLOCKS = 256;

/**
 * Merges two head events into one, for a tab that has not taken the first: what the chain adopted and reverted in total. A block adopted by
 * `first` and reverted by `second` is in neither list. Beyond `limit` blocks both lists are dropped and `gap` is set.
 */
export function mergeHeads(first: HeadEvent, second: HeadEvent, limit = MAX_MERGED_BLOCKS): HeadEvent {
  const gone = new Set(second.reverted.map((block) => block.hash));
  const seen = new Set(first.adopted.map((block) => block.hash));
  const adopted = first.adopted.filter((block) => !gone.has(block.hash)).concat(second.adopted);
  // Blocks that `second` reverts and `first` did not adopt lie below everything that `first` reverted.
  const reverted = second.reverted.filter((block) => !seen.has(block.hash)).concat(first.reverted);
  if (first.gap || second.gap || adopted.length + reverted.length > limit) return { head: second.head, adopted: [], reverted: [], gap: true };
  return { head: second.head, adopted, reverted };
}
