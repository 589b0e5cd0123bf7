// Tests: `src/chains/stacks/proofs/verify-marf-proof.test.ts`.
/**
 * Hashes of the MARF, the authenticated trie of all state (Stacks reference, 3). H is SHA-512/256.
 * @module
 */
import { concatBytes } from '../../../base/bytes.ts';
import { sha512_256 } from '../../../crypto/sha512-256.ts';
import type { MarfLeaf, MarfNode } from '../wire/marf-proof.ts';

const LEAF_ID = 1;
const ascii = new TextEncoder();

/** The place of a key in the trie: H of its text. 32 bytes. */
export function pathOfKey(key: string): Uint8Array {
  return sha512_256(ascii.encode(key));
}

/** What the leaf of a value holds: H of the value's text, and eight zeros. 40 bytes. */
export function leafValueOf(value: string): Uint8Array {
  return concatBytes(sha512_256(ascii.encode(value)), new Uint8Array(8));
}

/** H(01, length of the path u8, path, value). */
export function leafHash({ path, value }: Pick<MarfLeaf, 'path' | 'value'>): Uint8Array {
  return sha512_256(concatBytes(Uint8Array.of(LEAF_ID, path.length), path, value));
}

/** H(id, pointers of id u8, chr u8, block 32, length of the path u8, path, hash of each child in the order of the slots). */
export function nodeHash(node: Pick<MarfNode, 'id' | 'path' | 'pointers'>, children: readonly Uint8Array[]): Uint8Array {
  return sha512_256(nodePreimage(node, children));
}

/** What `nodeHash` hashes: the child at `slot` begins at `holeOf(node, slot)`. */
export function nodePreimage({ id, path, pointers }: Pick<MarfNode, 'id' | 'path' | 'pointers'>, children: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(2 + path.length + pointers.length * 34 + children.length * 32);
  let at = 0;
  bytes[at++] = id;
  for (const pointer of pointers) {
    bytes[at++] = pointer.id;
    bytes[at++] = pointer.chr;
    bytes.set(pointer.block, at);
    at += 32;
  }
  bytes[at++] = path.length;
  bytes.set(path, at);
  at += path.length;
  for (const child of children) {
    bytes.set(child, at);
    at += 32;
  }
  return bytes;
}

export function holeOf({ path, pointers }: Pick<MarfNode, 'path' | 'pointers'>, slot: number): number {
  return 2 + path.length + pointers.length * 34 + slot * 32;
}

/** The root of a trie: H(node root, roots of the ancestors at distance 1, 2, 4, …); the node root itself in the very first trie. */
export function trieRoot(nodeRoot: Uint8Array, ancestors: readonly Uint8Array[]): Uint8Array {
  return ancestors.length === 0 ? nodeRoot : sha512_256(concatBytes(nodeRoot, ...ancestors));
}
