/**
 * The history tree of an epoch: hashes of its leaves and inner nodes, its root, and proofs of leaves as nodes make them. Each hash
 * begins with the number of leaves below it, so a leaf cannot pass for an inner node. Albatross block reference, 8.1.
 * @module
 */
import { concatBytes, fromHex, toHex } from '../../../base/bytes.ts';
import { encode } from '../../../base/postcard/codec.ts';
import type { Hash } from '../../../base/hash.ts';
import { blake2b } from '../../../crypto/blake2b.ts';
import { emptyHistoryRoot } from '../chain/hashes.ts';
import { historicTransaction } from '../wire/history.ts';
import type { HistoricTransaction, HistoryTreeProof } from '../wire/history.ts';
import { nodeCount, peaksOf } from './history-peaks.ts';
import type { Peak } from './history-peaks.ts';

/** A subtree, or several bagged into one: hash and number of leaves. */
export interface Subtree {
  readonly hash: Hash;
  readonly leaves: number;
}

/** Blake2b(u64be 1 ‖ the entry as on the wire). Takes the entry or its bytes. Throws `EncodeError` for an entry that has no encoding. */
export function leafHash(entry: HistoricTransaction | Uint8Array): Hash {
  return prefixedHash(1, entry instanceof Uint8Array ? entry : encode(historicTransaction, entry));
}

/** The node above two subtrees: Blake2b(u64be leaves of both ‖ left ‖ right). */
export function joined(left: Subtree, right: Subtree): Subtree {
  const leaves = left.leaves + right.leaves;
  return { hash: prefixedHash(leaves, fromHex(left.hash + right.hash)), leaves };
}

/** The root over the peaks, which are given from left to right: they are joined from the right on. Without peaks, the empty tree's root. */
export function bagged(peaks: readonly Subtree[]): Hash {
  const last = peaks.at(-1);
  return last === undefined ? emptyHistoryRoot : peaks.slice(0, -1).reduceRight((right, peak) => joined(peak, right), last).hash;
}

/** The root over these leaves, as a header's `historyRoot`. */
export function historyRoot(leafHashes: readonly Hash[]): Hash {
  return bagged(peaksOf(leafHashes.length).map((peak) => subtree(levelsOf(leafHashes, peak), peak)));
}

/**
 * The proof that the leaves at these positions are in the tree, without the leaves themselves; byte for byte as nodes make it. `positions`
 * must be numbers of leaves, each one once. Its hashes are in the order in which the verifier needs them: peak by peak, in each peak level by
 * level from the leaves up, in each level from left to right. A peak without proven leaves gives its own hash; all those to the right of the
 * last proven leaf are bagged into one.
 */
export function proveHistory(leafHashes: readonly Hash[], positions: readonly number[]): Omit<HistoryTreeProof, 'history'> {
  const nodes: Hash[] = [];
  const peaks = peaksOf(leafHashes.length);
  const isShown = ({ first, leaves }: Peak): boolean => positions.some((position) => position >= first && position < first + leaves);
  const shownPeaks = peaks.findLastIndex(isShown) + 1;
  for (const peak of peaks.slice(0, shownPeaks)) {
    const levels = levelsOf(leafHashes, peak);
    if (isShown(peak)) nodes.push(...hashesBeside(levels, positions.filter((position) => position >= peak.first && position < peak.first + peak.leaves).map((position) => position - peak.first)));
    else nodes.push(subtree(levels, peak).hash);
  }
  const right = peaks.slice(shownPeaks).map((peak) => subtree(levelsOf(leafHashes, peak), peak));
  if (right.length > 0) nodes.push(bagged(right));
  return { mmrSize: nodeCount(leafHashes.length), nodes, positions };
}

/** In one peak: the hashes beside the ways from these leaves to the top, as far as they are on none of the ways. */
function hashesBeside(levels: readonly (readonly Hash[])[], leaves: readonly number[]): Hash[] {
  const hashes: Hash[] = [];
  let shown = leaves;
  for (const level of levels.slice(0, -1)) {
    const known = new Set(shown);
    shown = [...known].toSorted((a, b) => a - b);
    // The sibling of an even place is to the right, of an odd one to the left.
    for (const at of shown) if (!known.has(at ^ 1)) hashes.push(level[at ^ 1] as Hash);
    shown = shown.map((at) => at >> 1);
  }
  return hashes;
}

/** The hashes of a peak level by level: the leaves first, the peak's own hash last. */
function levelsOf(leafHashes: readonly Hash[], { first, leaves }: Peak): readonly (readonly Hash[])[] {
  let level = leafHashes.slice(first, first + leaves);
  const levels = [level];
  for (let below = 1; level.length > 1; below *= 2) {
    const pairs = level;
    level = Array.from({ length: pairs.length / 2 }, (_, at) => joined({ hash: pairs[2 * at] as Hash, leaves: below }, { hash: pairs[2 * at + 1] as Hash, leaves: below }).hash);
    levels.push(level);
  }
  return levels;
}

function subtree(levels: readonly (readonly Hash[])[], { leaves }: Peak): Subtree {
  return { hash: levels.at(-1)?.[0] as Hash, leaves };
}

function prefixedHash(leaves: number, content: Uint8Array): Hash {
  const prefix = new Uint8Array(8);
  new DataView(prefix.buffer).setBigUint64(0, BigInt(leaves));
  return toHex(blake2b(concatBytes(prefix, content)));
}
