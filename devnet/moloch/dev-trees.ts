/**
 * The two trees of Moloch as a node keeps them: that of a block's events, and the mountain range over all blocks (Moloch reference, 2.3 and 2.5).
 * The client has its own (`events-root.ts`, `mmr.ts`): these share with them only the hash of two nodes, so that a mistake in one is found by the other.
 * @module
 */

import { hashPair, ZERO_HASH } from '../../src/chains/moloch/chain/hash.ts';

/** The levels of the tree over event ids, from the leaves to the root; the last leaf is repeated up to a power of two. */
function levelsOf(ids: readonly string[]): readonly (readonly string[])[] {
  let level = [...ids];
  while ((level.length & (level.length - 1)) !== 0) level.push(level.at(-1)!);
  const levels = [level];
  while (level.length > 1) {
    const above: string[] = [];
    for (let i = 0; i < level.length; i += 2) above.push(hashPair(level[i]!, level[i + 1]!));
    levels.push((level = above));
  }
  return levels;
}

export function eventsRootOf(ids: readonly string[]): string {
  return ids.length === 0 ? ZERO_HASH : levelsOf(ids).at(-1)![0]!;
}

/** The siblings of the event at `index`, from the leaves upwards. */
export function eventSiblings(ids: readonly string[], index: number): readonly string[] {
  return levelsOf(ids)
    .slice(0, -1)
    .map((level, depth) => level[(index >> depth) ^ 1]!);
}

/** The top of a mountain with 2^`height` leaves. */
export interface Peak {
  readonly height: number;
  readonly hash: string;
}

/** The peaks after one more leaf. */
export function withLeaf(peaks: readonly Peak[], leaf: string): readonly Peak[] {
  const next = [...peaks, { height: 0, hash: leaf }];
  for (let last = next.at(-1)!, before = next.at(-2); before?.height === last.height; last = next.at(-1)!, before = next.at(-2)) {
    next.splice(-2, 2, { height: last.height + 1, hash: hashPair(before.hash, last.hash) });
  }
  return next;
}

/** The root: the peaks put together from the right. */
export function rootOfPeaks(peaks: readonly Peak[]): string {
  let root: string | undefined;
  for (const { hash } of peaks.toReversed()) root = root === undefined ? hash : hashPair(hash, root);
  return root ?? ZERO_HASH;
}

/** All nodes of a mountain range in the order of their positions: a parent comes after its two children. */
export class MountainRange {
  readonly nodes: string[] = [];
  readonly #peaks: { readonly height: number; readonly position: number }[] = [];

  constructor(leaves: readonly string[]) {
    for (const leaf of leaves) this.#append(leaf);
  }

  get peaks(): readonly string[] {
    return this.#peaks.map(({ position }) => this.nodes[position]!);
  }

  /** The position of leaf `index`, and its siblings from the leaf up to its peak. */
  prove(index: number): { readonly position: number; readonly siblings: readonly string[] } {
    const position = 2 * index - popcount(index);
    const siblings: string[] = [];
    let at = position;
    let left = index;
    const top = this.#peaks.find(({ position: peak }) => peak >= position)!;
    for (let height = 0; height < top.height; height += 1, left >>= 1) {
      const size = 2 ** (height + 1) - 1;
      // The right child stands before its parent, the left one before the whole tree of the right one.
      if ((left & 1) === 1) {
        siblings.push(this.nodes[at - size]!);
        at += 1;
      } else {
        siblings.push(this.nodes[at + size]!);
        at += size + 1;
      }
    }
    return { position, siblings };
  }

  #append(leaf: string): void {
    this.nodes.push(leaf);
    this.#peaks.push({ height: 0, position: this.nodes.length - 1 });
    for (let [before, last] = this.#peaks.slice(-2); last !== undefined && before!.height === last.height; [before, last] = this.#peaks.slice(-2)) {
      this.nodes.push(hashPair(this.nodes[before!.position]!, this.nodes[last.position]!));
      this.#peaks.splice(-2, 2, { height: last.height + 1, position: this.nodes.length - 1 });
    }
  }
}

function popcount(value: number): number {
  let bits = 0;
  for (let rest = value; rest > 0; rest = Math.floor(rest / 2)) bits += rest % 2;
  return bits;
}
