/**
 * The accounts trie on the wire: proofs of the values stored under keys, and that nothing is stored under other keys. Albatross block
 * reference, 8.2; network reference, 3.4.
 * @module
 */
import { bytes, constant, hash32, option, struct, union, vec } from '../../../base/postcard/codec.ts';
import type { Codec } from '../../../base/postcard/codec.ts';
import { DecodeError, EncodeError } from '../../../base/postcard/errors.ts';
import type { Hash } from '../../../base/hash.ts';

/** An account's key has 40 nibbles, those below the staking contract 82 (Albatross proofs reference, 2.1). */
const MAX_NIBBLES = 82;
/** Keys that fit into a request of 20 KiB; nodes of 2.x take 255. */
export const MAX_TRIE_KEYS = 1024;
/** In the worst case each key has a node for each of its nibbles and the root; 255 keys in an answer of a 2.x node. */
const MAX_NODES = 255 * (MAX_NIBBLES + 1);
/** Bytes. The protocol has no limit of its own: the staking contract grows with the validators. An answer has at most 10 MiB. */
const MAX_VALUE = 10_485_760;
/** One child for each nibble. */
const MAX_CHILDREN = 16;

/** A key, or a part of one, with one lower-case hex digit for each nibble. */
export type KeyNibbles = string;

export type TrieValue =
  | { readonly type: 'none' }
  /** Value of a node without children. */
  | { readonly type: 'leaf'; readonly value: Uint8Array }
  /** Blake2b hash of the value of a node with children that was not asked for. */
  | { readonly type: 'hybrid-hash'; readonly hash: Hash }
  /** Value of a node with children. */
  | { readonly type: 'hybrid-value'; readonly value: Uint8Array };

export interface TrieChild {
  /** The child's key without the node's own key as prefix. */
  readonly suffix: KeyNibbles;
  readonly hash: Hash;
}

export interface TrieProofNode {
  /** The whole key. */
  readonly key: KeyNibbles;
  readonly value: TrieValue;
  /** 16 children, by the first nibble of the suffix. */
  readonly children: readonly (TrieChild | undefined)[];
}

export interface TrieProof {
  /** Children before parents. */
  readonly nodes: readonly TrieProofNode[];
  /** For each key under which nothing is stored: the deepest node whose key is a prefix of it; in the order of the keys. */
  readonly missingProvenBy: readonly { readonly key: KeyNibbles; readonly provenBy: KeyNibbles }[];
}

/** Count of nibbles as one raw byte, count of bytes as a varint, the bytes with the high nibble first; the spare nibble of an odd count is zero. */
export const keyNibbles: Codec<KeyNibbles> = {
  read: (r) => {
    const start = r.offset;
    const count = r.u8();
    if (count > MAX_NIBBLES) throw new DecodeError('length-over-limit', start, `${count} nibbles, at most ${MAX_NIBBLES} allowed`);
    const length = r.length(MAX_NIBBLES / 2, 1);
    if (length !== Math.ceil(count / 2)) throw new DecodeError('invalid-value', start, `${count} nibbles in ${length} bytes`);
    const digits = r.hex(length);
    if (count % 2 === 1 && !digits.endsWith('0')) throw new DecodeError('invalid-value', start, 'the spare nibble is not zero');
    return digits.slice(0, count);
  },
  write: (w, key) => {
    if (key.length > MAX_NIBBLES) throw new EncodeError('over-limit', `${key.length} nibbles, at most ${MAX_NIBBLES} allowed`);
    const length = Math.ceil(key.length / 2);
    w.u8(key.length);
    w.lengthOf(length, MAX_NIBBLES / 2);
    w.hex(key.padEnd(2 * length, '0'), length);
  },
  minSize: 2,
};

/** 0 none, 1 leaf, 2 hash of a hybrid node's value, 3 that value. */
const trieValue = union<TrieValue>({
  none: struct<Extract<TrieValue, { type: 'none' }>>({ type: constant('none') }),
  leaf: struct<Extract<TrieValue, { type: 'leaf' }>>({ type: constant('leaf'), value: bytes(MAX_VALUE) }),
  'hybrid-hash': struct<Extract<TrieValue, { type: 'hybrid-hash' }>>({ type: constant('hybrid-hash'), hash: hash32 }),
  'hybrid-value': struct<Extract<TrieValue, { type: 'hybrid-value' }>>({ type: constant('hybrid-value'), value: bytes(MAX_VALUE) }),
});

const child = option(struct<TrieChild>({ suffix: keyNibbles, hash: hash32 }));

/** 16 options one after another, without a count. */
const children: Codec<TrieProofNode['children']> = {
  read: (r) => Array.from({ length: MAX_CHILDREN }, () => child.read(r)),
  write: (w, list) => {
    if (list.length !== MAX_CHILDREN) throw new EncodeError('wrong-length', `${list.length} children instead of ${MAX_CHILDREN}`);
    for (const each of list) child.write(w, each);
  },
  minSize: MAX_CHILDREN,
};

/** The hash of a node is over this encoding, with a hybrid node's value as variant 2. */
export const trieProofNode = struct<TrieProofNode>({ key: keyNibbles, value: trieValue, children });

/** The nodes, then a map as a list of pairs in the order received; the verifier checks whether it is the right order. */
export const trieProof = struct<TrieProof>({
  nodes: vec(trieProofNode, MAX_NODES),
  missingProvenBy: vec(struct<TrieProof['missingProvenBy'][number]>({ key: keyNibbles, provenBy: keyNibbles }), MAX_TRIE_KEYS),
});
