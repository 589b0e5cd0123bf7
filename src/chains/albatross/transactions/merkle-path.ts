/**
 * The way from a key to the root of a tree of keys, whose hash is the address of an account with several keys (Albatross proofs reference, 4.2).
 * @module
 */
import { compareBytes, concatBytes, equalBytes } from '../../../base/bytes.ts';
import type { Codec } from '../../../base/postcard/codec.ts';
import { DecodeError } from '../../../base/postcard/errors.ts';
import { blake2b } from '../../../crypto/blake2b.ts';

/** A node beside the path. */
export interface MerklePathNode {
  /** 32 bytes. */
  readonly hash: Uint8Array;
  /** It is the left one of the two. */
  readonly left: boolean;
}

/** Nodes, from the leaf to the root. */
export type MerklePath = readonly MerklePathNode[];

/** Nodes; the official client refuses longer paths. */
const MAX_NODES = 31;
const HASH_LENGTH = 32;
/** Bit of the first node in a byte of the bitmap. */
const FIRST_BIT = 0x80;

/** `00`; or the count (one byte), a bitmap (varint length, bytes) in which a set bit says left, the count again (varint), and the hashes. */
export const merklePath: Codec<MerklePath> = {
  read: (r) => {
    const start = r.offset;
    const count = r.u8();
    if (count === 0) return [];
    if (count > MAX_NODES) throw new DecodeError('length-over-limit', start, `${count} nodes, at most ${MAX_NODES} allowed`);
    const bitmapLength = Math.ceil(count / 8);
    if (r.length(bitmapLength, 1) !== bitmapLength) throw new DecodeError('invalid-value', start, 'the bitmap is too short');
    const bitmap = r.fixed(bitmapLength);
    if (r.length(MAX_NODES, HASH_LENGTH) !== count) throw new DecodeError('invalid-value', start, 'two counts of nodes');
    const nodes = Array.from({ length: count }, (_, i) => ({ hash: r.fixed(HASH_LENGTH), left: isSet(bitmap, i) }));
    for (let i = count; i < 8 * bitmapLength; i += 1) if (isSet(bitmap, i)) throw new DecodeError('invalid-value', start, 'a bit without a node');
    return nodes;
  },
  write: (w, nodes) => {
    w.lengthOf(nodes.length, MAX_NODES);
    if (nodes.length === 0) return;
    const bitmap = new Uint8Array(Math.ceil(nodes.length / 8));
    for (const [i, { left }] of nodes.entries()) if (left) bitmap[i >> 3]! |= FIRST_BIT >> (i & 7);
    w.lengthOf(bitmap.length, bitmap.length);
    w.raw(bitmap);
    w.lengthOf(nodes.length, MAX_NODES);
    for (const { hash } of nodes) w.fixed(hash, HASH_LENGTH);
  },
  minSize: 1,
};

function isSet(bitmap: Uint8Array, i: number): boolean {
  return ((bitmap[i >> 3] ?? 0) & (FIRST_BIT >> (i & 7))) !== 0;
}

/** The root (32 bytes) that the path leads to from a leaf, which is hashed first: a public key, for example. */
export function merklePathRoot(path: MerklePath, leaf: Uint8Array): Uint8Array {
  return path.reduce((below, { hash, left }) => blake2b(left ? concatBytes(hash, below) : concatBytes(below, hash)), blake2b(leaf));
}

/** The root (32 bytes) of the tree over the leaves in this order; of no leaves, the hash of nothing. The left half gets the odd one. */
export function merkleRoot(leaves: readonly Uint8Array[]): Uint8Array {
  const [first, ...more] = leaves;
  if (first === undefined) return blake2b(new Uint8Array(0));
  if (more.length === 0) return blake2b(first);
  const middle = Math.ceil(leaves.length / 2);
  return blake2b(concatBytes(merkleRoot(leaves.slice(0, middle)), merkleRoot(leaves.slice(middle))));
}

/** The path of the first leaf that equals `leaf`, or undefined if there is none. */
export function merklePathOf(leaves: readonly Uint8Array[], leaf: Uint8Array): MerklePath | undefined {
  const at = leaves.findIndex((each) => equalBytes(each, leaf));
  return at < 0 ? undefined : pathTo(leaves, at);
}

function pathTo(leaves: readonly Uint8Array[], at: number): MerklePath {
  if (leaves.length === 1) return [];
  const middle = Math.ceil(leaves.length / 2);
  const left = leaves.slice(0, middle);
  const right = leaves.slice(middle);
  return at < middle ? [...pathTo(left, at), { hash: merkleRoot(right), left: false }] : [...pathTo(right, at - middle), { hash: merkleRoot(left), left: true }];
}

/** Public keys in the order of the tree: by their bytes, of whichever kind. */
export function sortKeys(keys: readonly Uint8Array[]): Uint8Array[] {
  return keys.toSorted(compareBytes);
}
