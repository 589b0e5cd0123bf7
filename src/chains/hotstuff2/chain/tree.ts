/**
 * The Merkle tree of RFC 6962, 2.1: SHA-256, leaf 00 | x, node 01 | left | right, split at the largest power of two below the count.
 * @module
 */
import { sha256 } from '../../../crypto/sha256.ts';

/** SHA-256(00 | leaf), 32 bytes. */
export function leafHash(leaf: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(1 + leaf.length);
  bytes.set(leaf, 1);
  return sha256(bytes);
}

/** SHA-256(01 | left | right), 32 bytes. */
export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(65);
  bytes[0] = 1;
  bytes.set(left, 1);
  bytes.set(right, 33);
  return sha256(bytes);
}

/** The root over these leaves; of none, SHA-256 of nothing. */
export function treeRoot(leaves: readonly Uint8Array[]): Uint8Array {
  return rootOfHashes(leaves.map(leafHash));
}

/**
 * The root over hashes of leaves, or over roots of subtrees that all have the same power of two of leaves but the last, which may have fewer.
 * Pairing neighbours level by level, with an odd last hash carried up, gives the same tree as the split at powers of two.
 */
export function rootOfHashes(hashes: readonly Uint8Array[]): Uint8Array {
  if (hashes.length === 0) return sha256(new Uint8Array());
  let level = hashes;
  while (level.length > 1) {
    const above: Uint8Array[] = [];
    for (let i = 0; i + 1 < level.length; i += 2) above.push(nodeHash(level[i]!, level[i + 1]!));
    if (level.length % 2 === 1) above.push(level.at(-1)!);
    level = above;
  }
  return level[0]!;
}

/** The hashes that lead from the leaf at `index` to the root, lowest first (RFC 9162, 2.1.3.1). */
export function treePath(hashes: readonly Uint8Array[], index: number): readonly Uint8Array[] {
  const path: Uint8Array[] = [];
  let level = hashes;
  for (let at = index; level.length > 1; at = Math.floor(at / 2)) {
    const neighbour = level[at ^ 1];
    if (neighbour) path.push(neighbour);
    const above: Uint8Array[] = [];
    for (let i = 0; i < level.length; i += 2) above.push(i + 1 < level.length ? nodeHash(level[i]!, level[i + 1]!) : level[i]!);
    level = above;
  }
  return path;
}

/** The root to which a path leads (RFC 9162, 2.1.3.2). Undefined: a tree of `count` leaves has no such index, or a path of another length. */
export function rootOfPath(leaf: Uint8Array, index: number, count: number, path: readonly Uint8Array[]): Uint8Array | undefined {
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(count) || index < 0 || index >= count) return undefined;
  let [at, last, hash] = [index, count - 1, leaf];
  for (const neighbour of path) {
    if (last === 0 || neighbour.length !== 32) return undefined;
    if (at % 2 === 1 || at === last) {
      hash = nodeHash(neighbour, hash);
      while (at % 2 === 0 && at !== 0) [at, last] = [at / 2, Math.floor(last / 2)];
    } else {
      hash = nodeHash(hash, neighbour);
    }
    [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
  }
  return last === 0 ? hash : undefined;
}
