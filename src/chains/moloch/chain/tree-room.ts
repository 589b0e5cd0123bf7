/**
 * Which verified blocks give way where a `BlockTree` has no room for all. A validator can seal as many blocks as it likes, so that room is shared by sealers: the one that
 * takes the most of it loses first.
 * @module
 */
// Tests: `src/chains/moloch/chain/block-tree.test.ts`.
import type { TreeNode } from './tree-node.ts';

export interface Room {
  readonly blocks: number;
  /** As the blocks took on the line. */
  readonly bytes: number;
}

/** Blocks of one sealer at one height that are linked, at most: it seals one, and another in each round that failed. Ours. */
const MAX_OF_SEALER = 4;

/**
 * The block that gives way next; undefined: all have room, or none may go. Of the sealer with the largest share, among `candidates`: the block with the fewest signers, then
 * the one that was seen last.
 */
export function givesWay(nodes: readonly TreeNode[], candidates: readonly TreeNode[], room: Room): TreeNode | undefined {
  const shares = new Map<string, number>();
  let blocks = 0;
  let bytes = 0;
  for (const { item } of nodes) {
    blocks += 1;
    bytes += item.size;
    const { sealer } = item.block.header;
    shares.set(sealer, (shares.get(sealer) ?? 0) + 1 / room.blocks + item.size / room.bytes);
  }
  if (blocks <= room.blocks && bytes <= room.bytes) return undefined;
  const shareOf = ({ item }: TreeNode): number => shares.get(item.block.header.sealer)!;
  return candidates.toSorted((a, b) => shareOf(b) - shareOf(a) || byWorth(a, b))[0];
}

/** The block that gives way because its sealer has too many at the height of `node`. */
export function crowdsOut(nodes: readonly TreeNode[], candidates: readonly TreeNode[], { item: { height, block } }: TreeNode): TreeNode | undefined {
  const isRival = ({ item }: TreeNode): boolean => item.height === height && item.block.header.sealer === block.header.sealer;
  if (nodes.filter(isRival).length <= MAX_OF_SEALER) return undefined;
  return candidates.filter(isRival).toSorted(byWorth)[0];
}

const byWorth = (a: TreeNode, b: TreeNode): number => a.signatures.size - b.signatures.size || b.seen - a.seen;
