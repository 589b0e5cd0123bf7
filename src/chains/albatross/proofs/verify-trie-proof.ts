import type { Hash } from '../../../base/hash.ts';
import type { KeyNibbles, TrieProof, TrieProofNode } from '../wire/trie.ts';
import { ProofError } from './proof-error.ts';
import { trieNodeHash } from './trie-hash.ts';

/** Nibbles of the longest key; Albatross proofs reference, 2.1. */
const MAX_NIBBLES = 82;
/** Each key needs the root and at most one node for each of its nibbles. */
const NODES_PER_KEY = MAX_NIBBLES + 1;

type Nodes = ReadonlyMap<KeyNibbles, TrieProofNode>;
type Absences = ReadonlyMap<KeyNibbles, KeyNibbles>;

/**
 * What is stored under each key, by the trie with this root: the value's bytes, or undefined where nothing is stored. The proof must hold
 * exactly what these keys need. Albatross block reference, 8.2; proofs reference, 2.2.
 * @param keys the keys asked for; a repeated one counts once.
 * @param stateRoot of a block on which answers may stand (`mayStandOn`).
 * @throws {ProofError} if the proof is wrong in any way: an honest node makes no such proof.
 */
export function verifyTrieProof(proof: TrieProof, keys: Iterable<KeyNibbles>, stateRoot: Hash): ReadonlyMap<KeyNibbles, Uint8Array | undefined> {
  const asked = new Set(keys);
  const nodes = checkedNodes(proof.nodes, asked.size);
  checkLinks(proof.nodes, stateRoot);
  const absences = checkedAbsences(proof, asked);
  checkNeeded(nodes, asked);
  return new Map([...asked].map((key) => [key, valueOf(key, nodes, absences)]));
}

/** The nodes by key, each well-formed in itself. */
function checkedNodes(list: readonly TrieProofNode[], keyCount: number): Nodes {
  if (list.length === 0) throw new ProofError('no-nodes', 'a proof without nodes');
  if (list.length > NODES_PER_KEY * keyCount) throw new ProofError('too-many-nodes', `${list.length} nodes for ${keyCount} keys`);
  const nodes = new Map<KeyNibbles, TrieProofNode>();
  for (const node of list) {
    if (nodes.has(node.key)) throw new ProofError('duplicate-node', `the node ${shown(node.key)} is there twice`);
    nodes.set(node.key, node);
    for (const [nibble, child] of node.children.entries()) {
      if (child === undefined) continue;
      const isLong = node.key.length + child.suffix.length > MAX_NIBBLES;
      if (isLong || child.suffix[0] !== nibble.toString(16)) throw new ProofError('bad-child', `${shown(node.key)} has a child ${child.suffix} in place ${nibble}`);
    }
    const { type } = node.value;
    const isLeaf = node.children.every((child) => child === undefined);
    if (type !== 'none' && (type === 'leaf') !== isLeaf) throw new ProofError('wrong-value-kind', `a value of the kind ${type} on ${shown(node.key)}`);
  }
  return nodes;
}

/** Checks that every node's hash is named by its parent, which comes after it, and the last node's by the header. */
function checkLinks(list: readonly TrieProofNode[], stateRoot: Hash): void {
  /** Nodes whose parent has not come yet. */
  const open: { readonly node: TrieProofNode; readonly hash: Hash }[] = [];
  for (const node of list) {
    for (let below = open.at(-1); below !== undefined && below.node.key.startsWith(node.key); below = open.at(-1)) {
      const child = node.children[Number.parseInt(below.node.key.charAt(node.key.length), 16)];
      if (child === undefined || node.key + child.suffix !== below.node.key) throw new ProofError('unlinked-node', `${shown(node.key)} has no child ${shown(below.node.key)}`);
      if (child.hash !== below.hash) throw new ProofError('wrong-node-hash', `${shown(below.node.key)} has the hash ${below.hash}, its parent names ${child.hash}`);
      open.pop();
    }
    open.push({ node, hash: trieNodeHash(node) });
  }
  const [root, other] = open;
  if (root === undefined || other !== undefined || root.node.key !== '') throw new ProofError('unlinked-node', `no parent of ${shown(root?.node.key === '' ? other?.node.key : root?.node.key)}`);
  if (root.hash !== stateRoot) throw new ProofError('wrong-root', `the root has the hash ${root.hash}, the header names ${stateRoot}`);
}

/** By the key that is said to be absent: the node that is said to prove it. */
function checkedAbsences({ missingProvenBy }: TrieProof, asked: ReadonlySet<KeyNibbles>): Absences {
  const absences = new Map<KeyNibbles, KeyNibbles>();
  for (const { key, provenBy } of missingProvenBy) {
    if (!asked.has(key)) throw new ProofError('unasked-absence', `${shown(key)} was not asked for`);
    if (absences.has(key)) throw new ProofError('duplicate-absence', `${shown(key)} is said to be absent twice`);
    absences.set(key, provenBy);
  }
  return absences;
}

/** Checks that every node is on the way to a key that was asked for, and that none shows a value that was not. */
function checkNeeded(nodes: Nodes, asked: ReadonlySet<KeyNibbles>): void {
  const needed = new Set<KeyNibbles>();
  for (const key of asked) for (let length = 0; length <= key.length; length += 1) needed.add(key.slice(0, length));
  for (const { key, value } of nodes.values()) {
    if (!needed.has(key)) throw new ProofError('unneeded-node', `${shown(key)} is not on the way to a key that was asked for`);
    if ((value.type === 'leaf' || value.type === 'hybrid-value') && !asked.has(key)) throw new ProofError('unasked-value', `the value of ${shown(key)} was not asked for`);
  }
}

function valueOf(key: KeyNibbles, nodes: Nodes, absences: Absences): Uint8Array | undefined {
  const provenBy = absences.get(key) ?? key;
  const node = nodes.get(provenBy);
  if (node === undefined) throw new ProofError('key-not-proven', `no node for ${shown(key)}`);
  if (provenBy === key) {
    if (node.value.type === 'hybrid-hash') throw new ProofError('value-hidden', `only the hash of the value of ${shown(key)} is there`);
    return node.value.type === 'none' ? undefined : node.value.value;
  }
  if (!key.startsWith(provenBy)) throw new ProofError('not-a-prefix', `${shown(provenBy)} is not on the way to ${shown(key)}`);
  const child = node.children[Number.parseInt(key.charAt(provenBy.length), 16)];
  if (child !== undefined && key.startsWith(provenBy + child.suffix)) throw new ProofError('child-hidden', `${shown(provenBy)} has a child on the way to ${shown(key)}`);
  return undefined;
}

function shown(key: KeyNibbles | undefined): string {
  return key === '' ? 'the root' : `${key}`;
}
