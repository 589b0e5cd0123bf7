/**
 * The Merkle mountain range over the hashes of all blocks (Moloch reference, 2.5 and 4.2): leaf i is the hash of block i, and the header at height h has the root of the first
 * h leaves. The root is made of the peaks from the right: H(peak 1, H(peak 2, ...)); no leaves: zeros; one peak: itself.
 * @module
 */
import type { Fault } from '../../../engine/sync/sync-chain.ts';
import { hashPair, ZERO_HASH } from './hash.ts';
import { leafPosition, mmrSize, mountains, peakPosition, siblingPositions } from './mmr-shape.ts';

/** What is needed to add leaves and to compute the root: an immutable value. */
export interface MmrPeaks {
  readonly leaves: number;
  /** From left to right. */
  readonly peaks: readonly string[];
}

export const NO_PEAKS: MmrPeaks = { leaves: 0, peaks: [] };

/** Adds a leaf. `made` gets the new nodes in the order of their positions: the leaf, and every parent that it completes. */
export function appendLeaf({ leaves, peaks }: MmrPeaks, leaf: string, made?: (node: string) => void): MmrPeaks {
  const kept = [...peaks];
  let node = leaf;
  made?.(node);
  for (let rest = leaves; rest % 2 === 1; rest = Math.floor(rest / 2)) {
    node = hashPair(kept.pop()!, node);
    made?.(node);
  }
  kept.push(node);
  return { leaves: leaves + 1, peaks: kept };
}

export function mmrRoot({ peaks }: Pick<MmrPeaks, 'peaks'>): string {
  return peaks.length === 0 ? ZERO_HASH : peaks.slice(0, -1).reduceRight((right, peak) => hashPair(peak, right), peaks.at(-1)!);
}

/** Where a block's hash stands among `leaves` blocks. Siblings bottom up; all peaks from left to right. */
export interface MmrProof {
  readonly leaf: string;
  readonly index: number;
  readonly leaves: number;
  readonly siblings: readonly string[];
  readonly peaks: readonly string[];
}

/** A whole range, for those who prove. It holds two nodes a leaf, each as 64 hex digits. */
export class Mmr {
  readonly #nodes: string[] = [];
  #peaks = NO_PEAKS;

  get leaves(): number {
    return this.#peaks.leaves;
  }

  get peaks(): MmrPeaks {
    return this.#peaks;
  }

  /** All nodes in the order of their positions. */
  get nodes(): readonly string[] {
    return this.#nodes;
  }

  get root(): string {
    return mmrRoot(this.#peaks);
  }

  /** The peaks of the first `leaves` leaves, which are there. */
  peaksAt(leaves: number): MmrPeaks {
    return { leaves, peaks: mountains(leaves).map((mountain) => this.#nodes[peakPosition(mountain)]!) };
  }

  /** The nodes of the first `leaves` leaves, which are there. */
  nodesOf(leaves: number): readonly string[] {
    return this.#nodes.slice(0, mmrSize(leaves));
  }

  append(leaf: string): void {
    this.#peaks = appendLeaf(this.#peaks, leaf, (node) => this.#nodes.push(node));
  }

  /** The proof of leaf `index` for the root of the first `leaves` leaves; undefined where there is no such leaf. */
  prove(index: number, leaves = this.leaves): MmrProof | undefined {
    if (leaves > this.leaves || index < 0 || index >= leaves) return undefined;
    const mountain = mountains(leaves).findLast(({ firstLeaf }) => firstLeaf <= index)!;
    const siblings = siblingPositions(mountain, index).map((position) => this.#nodes[position]!);
    const { peaks } = this.peaksAt(leaves);
    return { leaf: this.#nodes[leafPosition(index)]!, index, leaves, siblings, peaks };
  }
}

/**
 * Checks a proof against a root. Peak, number of siblings and their sides follow from index and number of leaves alone, so the same proof fails at every other index. Codes:
 * `mmr-index`, `mmr-peaks`, `mmr-siblings`, `mmr-peak`, `mmr-root`.
 */
export function checkMmrProof({ leaf, index, leaves, siblings, peaks }: MmrProof, root: string): Fault | undefined {
  if (!Number.isInteger(index) || index < 0 || index >= leaves) return { code: 'mmr-index', weight: 'lie', data: { index, leaves } };
  const all = mountains(leaves);
  if (peaks.length !== all.length) return { code: 'mmr-peaks', weight: 'lie', data: { peaks: peaks.length, needed: all.length } };
  const slot = all.findLastIndex(({ firstLeaf }) => firstLeaf <= index);
  const { height, firstLeaf } = all[slot]!;
  if (siblings.length !== height) return { code: 'mmr-siblings', weight: 'lie', data: { siblings: siblings.length, needed: height } };
  let node = leaf;
  let inside = index - firstLeaf;
  for (const sibling of siblings) {
    node = inside % 2 === 1 ? hashPair(sibling, node) : hashPair(node, sibling);
    inside = Math.floor(inside / 2);
  }
  if (node !== peaks[slot]) return { code: 'mmr-peak', weight: 'lie', data: { peak: node, expected: peaks[slot]! } };
  const made = mmrRoot({ peaks });
  return made === root ? undefined : { code: 'mmr-root', weight: 'lie', data: { root: made, expected: root } };
}
