/**
 * Whole accounts tries, and proofs of their values as nodes make them: for nodes of the local network. A trie is never changed;
 * a changed one shares all nodes with it that are the same. Albatross proofs reference, 2.1 and 2.2.
 * @module
 */
import { toHex } from '../../../base/bytes.ts';
import type { Hash } from '../../../base/hash.ts';
import { blake2b } from '../../../crypto/blake2b.ts';
import type { KeyNibbles, TrieProof, TrieProofNode, TrieValue } from '../wire/trie.ts';
import { trieNodeHash } from './trie-hash.ts';

/** A node with everything below it. */
export interface Trie {
  /** The whole key; the root's is empty. */
  readonly key: KeyNibbles;
  readonly value: Uint8Array | undefined;
  /** 16 children, by their key's first nibble after this node's key. */
  readonly children: readonly (Trie | undefined)[];
  /** Of the root: a header's `stateRoot`. */
  readonly hash: Hash;
}

const noChildren: Trie['children'] = Array.from({ length: 16 }, () => undefined);

/** The trie without a value: a root without children. */
export const emptyTrie: Trie = made('', undefined, noChildren);

/** The trie of these values. Keys are not empty; where a key is there twice, its last value counts. */
export function buildTrie(entries: Iterable<readonly [key: KeyNibbles, value: Uint8Array]>): Trie {
  return trieWith(emptyTrie, entries);
}

/** The trie with these values put or, where undefined, removed. */
export function trieWith(trie: Trie, changes: Iterable<readonly [key: KeyNibbles, value: Uint8Array | undefined]>): Trie {
  const byKey = new Map(changes);
  if (byKey.size === 0) return trie;
  return changed(trie, '', [...byKey].toSorted(([a], [b]) => (a < b ? -1 : 1))) ?? emptyTrie;
}

type Changes = readonly (readonly [key: KeyNibbles, value: Uint8Array | undefined])[];

/** What stands at and below `trie` (undefined: nothing yet) after the changes, which are sorted and all begin with `prefix`. */
function changed(trie: Trie | undefined, prefix: KeyNibbles, changes: Changes): Trie | undefined {
  if (changes.length === 0) return trie;
  const isRoot = prefix === '';
  // The node stands where the keys part. The root is always there.
  const key = isRoot ? '' : commonPrefix(trie === undefined ? [] : [trie.key], changes);
  let value = trie?.key === key ? trie.value : undefined;
  let children = trie?.key === key ? trie.children : trie === undefined ? noChildren : noChildren.with(nibbleAt(trie.key, key.length), trie);
  for (let from = 0, to = 0; from < changes.length; from = to) {
    const [changedKey, newValue] = changes[from] as Changes[number];
    to = from + 1;
    if (changedKey === key) value = newValue;
    else {
      const start = changedKey.slice(0, key.length + 1);
      while (changes[to]?.[0].startsWith(start) === true) to += 1;
      const at = nibbleAt(changedKey, key.length);
      children = children.with(at, changed(children[at], start, changes.slice(from, to)));
    }
  }
  const left = children.filter((child) => child !== undefined);
  if (isRoot || value !== undefined || left.length > 1) return made(key, value, children);
  // A node without value and with one child or none has no reason to be there.
  return left[0];
}

function commonPrefix(keys: readonly KeyNibbles[], changes: Changes): KeyNibbles {
  // Of sorted keys, the first and the last have the least in common.
  const all = [...keys, changes[0]?.[0] ?? '', changes.at(-1)?.[0] ?? ''];
  const [first = '', ...others] = all;
  let length = 0;
  while (length < first.length && others.every((other) => other[length] === first[length])) length += 1;
  return first.slice(0, length);
}

function nibbleAt(key: KeyNibbles, at: number): number {
  return Number.parseInt(key[at] ?? '', 16);
}

function made(key: KeyNibbles, value: Uint8Array | undefined, children: Trie['children']): Trie {
  let hash: Hash | undefined;
  const trie: Trie = {
    key,
    value,
    children,
    // Computed when it is needed: most nodes of a trie that grows value by value are replaced first.
    get hash() {
      return (hash ??= trieNodeHash(proofNode(trie, false)));
    },
  };
  return trie;
}

/** The node as in a proof. `isAsked`: its own value is proven, and not only those below it. */
function proofNode(trie: Trie, isAsked: boolean): TrieProofNode {
  const children = trie.children.map((child) => child && { suffix: child.key.slice(trie.key.length), hash: child.hash });
  return { key: trie.key, value: proofValue(trie, isAsked), children };
}

function proofValue({ value, children }: Trie, isAsked: boolean): TrieValue {
  if (value === undefined) return { type: 'none' };
  // The value of a node without children is always shown. A proof that no value is stored under a longer key cannot leave it out, so
  // verifiers refuse that proof. This happens only below a staking contract without validators and stakers.
  if (children.every((child) => child === undefined)) return { type: 'leaf', value };
  return isAsked ? { type: 'hybrid-value', value } : { type: 'hybrid-hash', hash: toHex(blake2b(value)) };
}

/**
 * The proof of what is stored under these keys, which are not empty: the nodes on the ways from the root to them, each once and children
 * before parents, and for each key without a value the deepest node whose key is a prefix of it.
 */
export function proveTrie(trie: Trie, keys: Iterable<KeyNibbles>): TrieProof {
  const nodes: TrieProofNode[] = [];
  const missingProvenBy: { readonly key: KeyNibbles; readonly provenBy: KeyNibbles }[] = [];
  /** `asked` are sorted, and the node's key is a prefix of all of them. */
  const visit = (node: Trie, asked: readonly KeyNibbles[]): void => {
    const below = asked.filter((key) => key !== node.key);
    for (let from = 0, to = 0; from < below.length; from = to) {
      const child = node.children[nibbleAt(below[from] ?? '', node.key.length)];
      to = from + 1;
      if (child !== undefined && below[from]?.startsWith(child.key) === true) {
        while (below[to]?.startsWith(child.key) === true) to += 1;
        visit(child, below.slice(from, to));
      } else missingProvenBy.push({ key: below[from] ?? '', provenBy: node.key });
    }
    nodes.push(proofNode(node, below.length < asked.length));
  };
  visit(trie, [...new Set(keys)].toSorted());
  return { nodes, missingProvenBy };
}
