// Tests: `src/chains/stacks/proofs/verify-marf-proof.test.ts`.
import { concatBytes } from '../../../base/bytes.ts';
import type { Hash } from '../../../base/hash.ts';
import { blockOf, isBackPointer } from '../wire/marf-proof.ts';
import type { MarfEntry, MarfLeaf, MarfNode, MarfPointer, MarfShunt } from '../wire/marf-proof.ts';

/** What one trie contributes to a proof: nodes up to its root, and the way from there to the root of a later trie. */
export interface MarfSegment {
  /** From the leaf, or the pointer to another block, up to the root. */
  readonly nodes: readonly MarfNode[];
  readonly shunts: readonly MarfShunt[];
}

/** Blocks that a proof may pass at most: more than a key that is read on any real chain needs. */
export const MAX_HOPS = 64;

/** The leaf and the segments; undefined: the entries are not a leaf, and then runs of nodes and of shunts in turn. */
export function splitMarfProof(entries: readonly MarfEntry[]): { readonly leaf: MarfLeaf; readonly segments: readonly MarfSegment[] } | undefined {
  const [leaf, ...rest] = entries;
  if (leaf?.kind !== 'leaf') return undefined;
  const segments: { nodes: MarfNode[]; shunts: MarfShunt[] }[] = [];
  for (const entry of rest) {
    const last = segments.at(-1);
    if (entry.kind === 'leaf') return undefined;
    if (entry.kind === 'shunt') {
      if (!last) return undefined;
      last.shunts.push(entry);
    } else if (last?.shunts.length === 0) last.nodes.push(entry);
    else segments.push({ nodes: [entry], shunts: [] });
  }
  return segments.length > 0 && segments.every(({ shunts }) => shunts.length > 0) ? { leaf, segments } : undefined;
}

/** The place of a node's only child on the way; -1: there is none, or more than one. */
export function slotOf({ pointers, chr }: MarfNode): number {
  const onWay = ({ id, chr: slot }: MarfPointer) => id !== 0 && slot === chr;
  const at = pointers.findIndex(onWay);
  return at === pointers.findLastIndex(onWay) ? at : -1;
}

/** The block that the first node of a later segment points to; undefined: it points to none. */
export function blockBelow({ nodes }: MarfSegment): Hash | undefined {
  const pointer = nodes[0]?.pointers[slotOf(nodes[0])];
  return pointer && isBackPointer(pointer) ? blockOf(pointer) : undefined;
}

/** The path from the root to the slot of the lowest node. */
export function pathOfSegment({ nodes }: MarfSegment): Uint8Array {
  return concatBytes(...nodes.toReversed().flatMap(({ path, chr }) => [path, Uint8Array.of(chr)]));
}

/** Ids of the blocks whose headers a proof needs, in order; it stops where the proof has no such form. */
export function blocksOfProof(entries: readonly MarfEntry[]): readonly Hash[] {
  const blocks: Hash[] = [];
  for (const segment of splitMarfProof(entries)?.segments.slice(1, MAX_HOPS + 1) ?? []) {
    const block = blockBelow(segment);
    if (block === undefined) break;
    blocks.push(block);
  }
  return blocks;
}
