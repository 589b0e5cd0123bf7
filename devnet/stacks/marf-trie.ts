// Tests: `devnet/stacks/marf.test.ts`.
/**
 * The state of a local Stacks chain: one trie a block, which shares with earlier tries what the block did not write (Stacks reference, 3). Blocks may
 * fork: a trie is built on that of any block.
 * @module
 */
import { createHash } from 'node:crypto';
import { concatBytes, equalBytes, fromHex, toHex } from '../../src/base/bytes.ts';
import type { Hash } from '../../src/base/hash.ts';
import { leafHash, leafValueOf, nodePreimage, pathOfKey, trieRoot } from '../../src/chains/stacks/proofs/marf-hash.ts';
import type { MarfPointer } from '../../src/chains/stacks/wire/marf-proof.ts';
import { sha512_256 } from '../../src/crypto/sha512-256.ts';

export interface Leaf {
  readonly id: 1;
  readonly path: Uint8Array;
  readonly value: Uint8Array;
  /** Text of the value. */
  readonly text: string;
}

export interface Inner {
  /** 2, 3, 4, 5: with room for 4, 16, 48, 256 children. */
  id: number;
  path: Uint8Array;
  slots: Slot[];
}

export interface Slot {
  readonly chr: number;
  child: Leaf | Inner;
  /** The block whose trie has the child; undefined: the same one. */
  block: Hash | undefined;
}

export interface MarfBlock {
  readonly id: Hash;
  readonly height: number;
  readonly parent: MarfBlock | undefined;
  readonly root: Inner;
  readonly nodeRoot: Uint8Array;
  readonly stateRoot: Hash;
}

const ROOM: Readonly<Record<number, number>> = { 2: 4, 3: 16, 4: 48, 5: 256 };
const EMPTY_CHILD = sha512_256(new Uint8Array());
const NO_BLOCK = new Uint8Array(32);
const NO_CHILD: MarfPointer = { id: 0, chr: 0, block: NO_BLOCK };
/** Of nodes of sealed blocks: these do not change. */
const hashes = new WeakMap<Leaf | Inner, Uint8Array>();

/** The pointers of a node, one for each child it has room for: of 256 by the child's byte, of others in the order of writing. */
export function pointersOf({ id, slots }: Inner): readonly MarfPointer[] {
  const pointers: MarfPointer[] = Array.from({ length: ROOM[id]! }, () => NO_CHILD);
  for (const [i, { chr, child, block }] of slots.entries()) pointers[id === 5 ? chr : i] = { id: child.id | (block === undefined ? 0 : 0x80), chr, block: block === undefined ? NO_BLOCK : fromHex(block) };
  return pointers;
}

/** The hash of each child, in the order of the pointers. */
export function childHashes(node: Inner): readonly Uint8Array[] {
  const children: Uint8Array[] = Array.from({ length: ROOM[node.id]! }, () => EMPTY_CHILD);
  for (const [i, { chr, child, block }] of node.slots.entries()) children[node.id === 5 ? chr : i] = block === undefined ? hashOfNode(child) : fromHex(block);
  return children;
}

/** SHA-512/256 of Node.js: a root has 17 kB, and each block of a history has one. */
const fastHash = (bytes: Uint8Array): Uint8Array => new Uint8Array(createHash('sha512-256').update(bytes).digest());

function hashOfNode(node: Leaf | Inner): Uint8Array {
  const known = hashes.get(node);
  if (known) return known;
  const hash = 'slots' in node ? fastHash(nodePreimage({ ...node, pointers: pointersOf(node) }, childHashes(node))) : leafHash(node);
  hashes.set(node, hash);
  return hash;
}

/** The ancestors at distance 1, 2, 4, 8, … */
export function ancestorsOf(parent: MarfBlock | undefined): readonly MarfBlock[] {
  const ancestors: MarfBlock[] = [];
  let distance = 1;
  for (let at = parent, seen = 1; at; at = at.parent, seen += 1) {
    if (seen !== distance) continue;
    ancestors.push(at);
    distance *= 2;
  }
  return ancestors;
}

/** The trie of a block that is being made: written, then sealed once. */
export class MarfDraft {
  readonly #parent: MarfBlock | undefined;
  readonly #root: Inner;

  constructor(parent?: MarfBlock) {
    this.#parent = parent;
    this.#root = parent ? copyOf(parent.root, parent.id) : { id: 5, path: new Uint8Array(), slots: [] };
  }

  /** Writes the text of a value under the text of a key. */
  put(key: string, text: string): this {
    insert(this.#root, pathOfKey(key), text);
    return this;
  }

  /** The text of the value under a key; undefined: there is none. */
  get(key: string): string | undefined {
    return textAt(this.#root, pathOfKey(key));
  }

  /** The block, once its id is known: the id depends on the state root. */
  seal(idOf: (stateRoot: Hash) => Hash): MarfBlock {
    const nodeRoot = hashOfNode(this.#root);
    const stateRoot = toHex(trieRoot(nodeRoot, ancestorsOf(this.#parent).map((block) => fromHex(block.stateRoot))));
    return { id: idOf(stateRoot), height: this.#parent ? this.#parent.height + 1 : 0, parent: this.#parent, root: this.#root, nodeRoot, stateRoot };
  }
}

/** The text of the value under a path (32 bytes) of a trie; undefined: there is none. */
export function textAt(root: Inner, path: Uint8Array): string | undefined {
  let node: Leaf | Inner = root;
  let at = 0;
  while ('slots' in node) {
    if (!equalBytes(node.path, path.subarray(at, at + node.path.length))) return undefined;
    at += node.path.length;
    const chr = path[at]!;
    const next: Leaf | Inner | undefined = node.slots.find((slot) => slot.chr === chr)?.child;
    if (next === undefined) return undefined;
    node = next;
    at += 1;
  }
  return equalBytes(node.path, path.subarray(at)) ? node.text : undefined;
}

/** A node of a block's trie, for a later trie: its children stay where they are. */
function copyOf(node: Inner, block: Hash): Inner {
  return { ...node, slots: node.slots.map((slot) => ({ ...slot, block: slot.block ?? block })) };
}

/** Writes below a node of the draft, whose own path has been read. */
function insert(node: Inner, path: Uint8Array, text: string): void {
  const chr = path[0]!;
  const rest = path.subarray(1);
  const slot = node.slots.find((it) => it.chr === chr);
  if (!slot) {
    if (node.slots.length === ROOM[node.id]) node.id += 1;
    node.slots.push({ chr, child: leafOf(rest, text), block: undefined });
    return;
  }
  const { child } = slot;
  const own = !('slots' in child) || slot.block === undefined ? child : copyOf(child, slot.block);
  slot.block = undefined;
  if (!('slots' in own) && equalBytes(own.path, rest)) slot.child = leafOf(rest, text);
  else if ('slots' in own && equalBytes(own.path, rest.subarray(0, own.path.length))) {
    slot.child = own;
    insert(own, rest.subarray(own.path.length), text);
  } else slot.child = split(own, rest, text);
}

/** A node of 4 in place of a child whose path differs: the child and a new leaf hang below. */
function split(child: Leaf | Inner, path: Uint8Array, text: string): Inner {
  let common = 0;
  while (child.path[common] === path[common]) common += 1;
  const shorter = { ...child, path: child.path.slice(common + 1) };
  const slots = [{ chr: child.path[common]!, child: shorter, block: undefined }, { chr: path[common]!, child: leafOf(path.slice(common + 1), text), block: undefined }];
  return { id: 2, path: path.slice(0, common), slots };
}

function leafOf(path: Uint8Array, text: string): Leaf {
  return { id: 1, path: concatBytes(path), value: leafValueOf(text), text };
}
