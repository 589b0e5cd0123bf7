import type { Hash } from '../../../base/hash.ts';
import type { HistoricTransaction, HistoryTreeProof } from '../wire/history.ts';
import { leafCountOf, peaksOf } from './history-peaks.ts';
import { bagged, joined, leafHash } from './history-tree.ts';
import type { Subtree } from './history-tree.ts';
import { ProofError } from './proof-error.ts';

/** An entry of the history tree, and the number of its leaf from 0. */
export interface ProvenEntry {
  readonly position: number;
  readonly entry: HistoricTransaction;
}

/** A node on the way to the top of its peak: its place in its level, and its hash. */
interface Shown {
  readonly at: number;
  readonly hash: Hash;
}

/**
 * The entries that are proven to be leaves of the tree with this root, in the order of the proof. Nothing else follows from it: whether an
 * entry is the one asked for is another question (`provenEvents`). The hashes of the peaks to the right of the last proven entry may come one
 * by one or bagged into one. Albatross block reference, 8.1; proofs reference, 3.
 * @param historyRoot of a block on which answers may stand (`mayStandOn`).
 * @throws {ProofError} if the proof is wrong in any way: an honest node makes no such proof.
 */
export function verifyHistoryProof(proof: HistoryTreeProof, historyRoot: Hash): readonly ProvenEntry[] {
  const { mmrSize, nodes, positions, history } = proof;
  const leafCount = leafCountOf(mmrSize);
  if (leafCount === undefined) throw new ProofError('bad-tree-size', `no tree has ${mmrSize} nodes`);
  if (history.length !== positions.length) throw new ProofError('leaf-count', `${history.length} entries at ${positions.length} positions`);
  const entries = history.map((entry, at) => ({ position: positions[at] ?? 0, entry }));
  const leaves = entries.toSorted((a, b) => a.position - b.position);
  for (const [at, { position }] of leaves.entries()) {
    if (position >= leafCount) throw new ProofError('position-out-of-tree', `leaf ${position} of ${leafCount}`);
    if (position === leaves[at - 1]?.position) throw new ProofError('duplicate-position', `leaf ${position} is there twice`);
  }
  const root = rootOf(leafCount, leaves, new HashQueue(nodes));
  if (root !== historyRoot) throw new ProofError('wrong-history-root', `the proof leads to ${root}, the header names ${historyRoot}`);
  return entries;
}

/** The proof's hashes, which are taken from the first one on. */
class HashQueue {
  readonly #hashes: readonly Hash[];
  #taken = 0;

  constructor(hashes: readonly Hash[]) {
    this.#hashes = hashes;
  }

  get left(): number {
    return this.#hashes.length - this.#taken;
  }

  take(): Hash {
    const hash = this.#hashes[this.#taken];
    if (hash === undefined) throw new ProofError('missing-hashes', `the proof ends after ${this.#taken} hashes`);
    this.#taken += 1;
    return hash;
  }
}

/** The root to which the leaves (by position, ascending) and the proof's hashes lead. */
function rootOf(leafCount: number, leaves: readonly ProvenEntry[], hashes: HashQueue): Hash {
  const peaks = peaksOf(leafCount);
  const subtrees: Subtree[] = [];
  let next = 0;
  for (const [at, peak] of peaks.entries()) {
    const isRight = next === leaves.length;
    if (isRight && hashes.left === 1 && at < peaks.length - 1) {
      // The one hash stands for this peak and all those to its right.
      subtrees.push({ hash: hashes.take(), leaves: leafCount - peak.first });
      break;
    }
    const shown: Shown[] = [];
    for (let leaf = leaves[next]; leaf !== undefined && leaf.position < peak.first + peak.leaves; leaf = leaves[next]) {
      shown.push({ at: leaf.position - peak.first, hash: leafHash(leaf.entry) });
      next += 1;
    }
    subtrees.push({ hash: shown.length === 0 ? hashes.take() : peakHash(shown, peak.leaves, hashes), leaves: peak.leaves });
  }
  if (hashes.left > 0) throw new ProofError('unused-hashes', `${hashes.left} hashes are left over`);
  return bagged(subtrees);
}

/** The hash of a peak from some of its leaves, of which there is at least one. */
function peakHash(leaves: readonly Shown[], leafCount: number, hashes: HashQueue): Hash {
  let level = leaves;
  for (let below = 1; below < leafCount; below *= 2) {
    const above: Shown[] = [];
    for (let i = 0; i < level.length; i += 1) {
      const { at, hash } = level[i] as Shown;
      const isLeft = at % 2 === 0;
      const other = level[i + 1];
      const isPair = isLeft && other?.at === at + 1;
      if (isPair) i += 1;
      const node = { hash, leaves: below };
      const sibling = { hash: isPair ? other.hash : hashes.take(), leaves: below };
      // Division, not shifts: a position can have up to 53 bits.
      above.push({ at: Math.floor(at / 2), hash: (isLeft ? joined(node, sibling) : joined(sibling, node)).hash });
    }
    level = above;
  }
  return (level[0] as Shown).hash;
}
