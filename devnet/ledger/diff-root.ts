import { blake2b } from '../../src/crypto/blake2b.ts';
import { concatBytes, equalBytes, toHex } from '../../src/base/bytes.ts';
import { bytes, encode, option } from '../../src/base/postcard/codec.ts';
import type { Hash } from '../../src/base/hash.ts';
import { emptyDiffRoot } from '../../src/chains/albatross/chain/hashes.ts';
import { keyNibbles, type KeyNibbles } from '../../src/chains/albatross/wire/trie.ts';
import type { Trie } from '../../src/chains/albatross/proofs/build-trie.ts';

/** A key of the accounts trie and its new value; undefined: removed. */
type Change = readonly [key: KeyNibbles, value: Uint8Array | undefined];

const LEAF = Uint8Array.of(2);
const BRANCH = Uint8Array.of(1);
/** Bytes. No value is longer than a response. */
const changedValue = option(bytes(10_485_760));

/**
 * A header's `diffRoot`: a binary tree over the changed keys in ascending order with their new values. Of n leaves the first ones stand
 * a level lower, so that all other levels are full. Empty Blake2b(00), branch Blake2b(01 ‖ left ‖ right), leaf Blake2b(02 ‖ key ‖ value).
 * Albatross block reference, 2.4; that a leaf is over key and value in postcard is read from the reference implementation and not
 * confirmed by a block of a real node. No light client checks it.
 */
export function diffRoot(before: Trie, after: Trie): Hash {
  const leaves = changesBetween(before, after).map(([key, value]) => blake2b(concatBytes(LEAF, encode(keyNibbles, key), encode(changedValue, value))));
  return leaves.length === 0 ? emptyDiffRoot : toHex(subtree(leaves));
}

function subtree(leaves: readonly Uint8Array[]): Uint8Array {
  const [only] = leaves;
  if (only && leaves.length === 1) return only;
  // The widest full level of this subtree is half of the next power of two.
  const half = 2 ** (Math.ceil(Math.log2(leaves.length)) - 1);
  const left = Math.min(half, leaves.length - half / 2);
  return blake2b(concatBytes(BRANCH, subtree(leaves.slice(0, left)), subtree(leaves.slice(left))));
}

/** In ascending order of the keys. Parts that both tries share are not looked at. */
function changesBetween(before: Trie, after: Trie): readonly Change[] {
  const old = new Map(valuesNotIn(before, after));
  const changes = new Map<KeyNibbles, Uint8Array | undefined>(Array.from(old.keys(), (key) => [key, undefined]));
  for (const [key, value] of valuesNotIn(after, before)) changes.set(key, value);
  for (const [key, value] of old) {
    const now = changes.get(key);
    if (now && equalBytes(now, value)) changes.delete(key);
  }
  return [...changes].toSorted(([a], [b]) => (a < b ? -1 : 1));
}

/** The values at and below `trie` that are not in nodes which `other` has too. */
function valuesNotIn(trie: Trie, other: Trie): readonly (readonly [KeyNibbles, Uint8Array])[] {
  if (trie === other) return [];
  const own: readonly (readonly [KeyNibbles, Uint8Array])[] = trie.value === undefined ? [] : [[trie.key, trie.value]];
  return [...own, ...trie.children.flatMap((child) => (child ? valuesNotIn(child, nodeAt(other, child.key)) : []))];
}

/** The node of `trie` with this key, else the root. */
function nodeAt(trie: Trie, key: KeyNibbles): Trie {
  for (let node: Trie | undefined = trie; node && key.startsWith(node.key); node = node.children[Number.parseInt(key.charAt(node.key.length), 16)]) {
    if (node.key === key) return node;
  }
  return trie;
}
