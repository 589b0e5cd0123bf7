// Tests: `devnet/stacks/marf.test.ts`.
import { fromHex } from '../../src/base/bytes.ts';
import type { Hash } from '../../src/base/hash.ts';
import { pathOfKey } from '../../src/chains/stacks/proofs/marf-hash.ts';
import type { MarfEntry, MarfNode, MarfShunt } from '../../src/chains/stacks/wire/marf-proof.ts';
import { ancestorsOf, childHashes, pointersOf } from './marf-trie.ts';
import type { Inner, Leaf, MarfBlock } from './marf-trie.ts';

/** The way through one trie: its nodes from the root on, each with the byte it is left by. */
interface Way {
  readonly block: MarfBlock;
  readonly steps: readonly { readonly node: Inner; readonly chr: number }[];
  /** What the way ends at: the leaf, or the block in whose trie it goes on. */
  readonly end: Leaf | Hash;
}

/** The value's text under a key in the state after a block, and its proof. Undefined: there is none; a missing key has no proof. */
export function proveKey(block: MarfBlock, key: string): { readonly value: string; readonly proof: readonly MarfEntry[] } | undefined {
  return provePath(block, pathOfKey(key));
}

/** As `proveKey`, of a path of 32 bytes: the hash of the key's text. */
export function provePath(block: MarfBlock, path: Uint8Array): { readonly value: string; readonly proof: readonly MarfEntry[] } | undefined {
  const ways: Way[] = [];
  for (let at: MarfBlock | undefined = block; at; ) {
    const way = walk(at, path);
    if (!way) return undefined;
    ways.push(way);
    const { end } = way;
    at = typeof end === 'string' ? ancestorOf(at, end) : undefined;
  }
  const lowest = ways.pop()!;
  const leaf = lowest.end as Leaf;
  const first: MarfShunt = { kind: 'shunt', index: 0, hashes: rootsOf(lowest.block) };
  const entries: MarfEntry[] = [{ kind: 'leaf', chr: path.at(-1)!, path: leaf.path, value: leaf.value }, ...nodesOf(lowest), first];
  for (const way of ways.toReversed()) entries.push(...nodesOf(way), ...shuntsTo(way.block, ancestorOf(way.block, way.end as Hash)!));
  return { value: leaf.text, proof: entries };
}

function walk(block: MarfBlock, path: Uint8Array): Way | undefined {
  const steps: { node: Inner; chr: number }[] = [];
  let node: Leaf | Inner = block.root;
  let at = 0;
  while ('slots' in node) {
    const inner: Inner = node;
    if (!isAt(path, at, inner.path)) return undefined;
    at += inner.path.length;
    const chr = path[at]!;
    const slot = inner.slots.find((it) => it.chr === chr);
    if (!slot) return undefined;
    steps.push({ node: inner, chr });
    at += 1;
    if (slot.block !== undefined) return { block, steps, end: slot.block };
    node = slot.child;
  }
  return isAt(path, at, node.path) ? { block, steps, end: node } : undefined;
}

const isAt = (path: Uint8Array, at: number, part: Uint8Array) => part.every((byte, i) => path[at + i] === byte);

/** The nodes of a way from the lowest up, as a proof has them. */
function nodesOf({ steps }: Way): readonly MarfNode[] {
  return steps.toReversed().map(({ node, chr }) => {
    const pointers = pointersOf(node);
    const slot = pointers.findIndex((pointer) => pointer.id !== 0 && pointer.chr === chr);
    return { kind: 'node', id: node.id, chr, path: node.path, pointers, hashes: childHashes(node).filter((_, i) => i !== slot) };
  });
}

const rootsOf = (block: MarfBlock) => ancestorsOf(block.parent).map(({ stateRoot }) => fromHex(stateRoot));

function ancestorOf(block: MarfBlock, id: Hash): MarfBlock | undefined {
  let at = block.parent;
  while (at && at.id !== id) at = at.parent;
  return at;
}

/** From an ancestor's root up to the block's: each trie on the way lists the one before. */
function shuntsTo(block: MarfBlock, ancestor: MarfBlock): readonly MarfShunt[] {
  const shunts: MarfShunt[] = [];
  for (let at = block; at !== ancestor; ) {
    const ancestors = ancestorsOf(at.parent);
    const place = ancestors.findLastIndex(({ height }) => height >= ancestor.height);
    const roots = rootsOf(at).filter((_, i) => i !== place);
    // A trie between is listed with its node root, which the last has in its segment.
    shunts.push(at === block ? { kind: 'shunt', index: place + 1, hashes: roots } : { kind: 'shunt', index: place + 2, hashes: [at.nodeRoot, ...roots] });
    at = ancestors[place]!;
  }
  return shunts.toReversed();
}
