/**
 * Whether a value is in the state after a block (Stacks reference, 3, "Verification").
 * @module
 */
import { concatBytes, equalBytes, fromHex, toHex } from '../../../base/bytes.ts';
import type { Hash } from '../../../base/hash.ts';
import { sha512_256 } from '../../../crypto/sha512-256.ts';
import { isBackPointer } from '../wire/marf-proof.ts';
import type { MarfEntry, MarfNode, MarfShunt } from '../wire/marf-proof.ts';
import { leafHash, leafValueOf, nodeHash, pathOfKey, trieRoot } from './marf-hash.ts';
import { MAX_HOPS, blockBelow, pathOfSegment, slotOf, splitMarfProof } from './marf-segments.ts';
import type { MarfSegment } from './marf-segments.ts';

/**
 * - `shape`: the entries do not make a proof; `hops`: it passes more than 64 blocks; `value`: the leaf has another value;
 * - `path`: the nodes do not spell the key; `slot`: a node has none or several children on the way; `pointer`: a child is of another kind, or in no block;
 * - `header`: there is no header of a block that the proof passes; `block-root`: that header has another root than the proof;
 * - `shunt`: a place that a list of ancestors does not have; `root`: the proof leads to another root than the trusted one.
 */
export type MarfCode = 'shape' | 'hops' | 'value' | 'path' | 'slot' | 'pointer' | 'header' | 'block-root' | 'shunt' | 'root';

/** A block that the proof passes: the key's branch was last written in it. */
export interface MarfHop {
  readonly block: Hash;
  readonly root: Hash;
  /** Tries between this block's and the next one's. */
  readonly between: number;
}

export type MarfVerdict = { readonly ok: true; readonly hops: readonly MarfHop[] } | { readonly ok: false; readonly code: MarfCode };

export interface MarfClaim {
  /** Text of the key. */
  readonly key: string;
  /** Text of the value. */
  readonly value: string;
  /** State root of a header that is trusted. */
  readonly root: Hash;
  /**
   * State root of the header whose id this is. The header's bytes must hash to the id; its signatures do not matter, because the trie above commits to
   * the id. Undefined: there is no such header. Ask `blocksOfProof` first for what to fetch.
   */
  readonly rootOfBlock: (block: Hash) => Hash | undefined;
  /** The hash of each segment's root node, 32 bytes each, as `foldSegments` had them computed elsewhere. Default: they are computed here. */
  readonly nodeRoots?: readonly Uint8Array[] | undefined;
}

const refused = (code: MarfCode): MarfVerdict => ({ ok: false, code });

/** The verdict on decoded entries. Never throws for anything in them. */
export function verifyMarfProof(entries: readonly MarfEntry[], { key, value, root, rootOfBlock, nodeRoots }: MarfClaim): MarfVerdict {
  const split = splitMarfProof(entries);
  if (!split) return refused('shape');
  const { leaf, segments } = split;
  if (segments.length > MAX_HOPS + 1) return refused('hops');
  if (!equalBytes(leaf.value, leafValueOf(value))) return refused('value');
  const path = pathOfKey(key);
  if (leaf.chr !== path.at(-1) || !equalBytes(concatBytes(pathOfSegment(segments[0]!), leaf.path), path)) return refused('path');
  const hops: MarfHop[] = [];
  let above: Uint8Array = path;
  let running: Uint8Array = leafHash(leaf);
  for (const [i, segment] of segments.entries()) {
    if (i > 0) {
      const bound = bind(segment, running, rootOfBlock);
      if (typeof bound === 'string') return refused(bound);
      const spelled = pathOfSegment(segment);
      if (!equalBytes(spelled, above.subarray(0, spelled.length))) return refused('path');
      above = spelled;
      hops.push(bound);
      running = fromHex(bound.block);
    } else above = pathOfSegment(segment);
    const nodeRoot = fold(segment.nodes, running, i === 0 ? 'leaf' : 'block', nodeRoots?.[i]);
    if (typeof nodeRoot === 'string') return refused(nodeRoot);
    const joined = i === 0 ? firstRoot(nodeRoot, segment.shunts) : laterRoot(nodeRoot, segment.shunts, hops.at(-1)!.root);
    if (typeof joined === 'string') return refused(joined);
    running = joined;
  }
  return toHex(running) === root ? { ok: true, hops } : refused('root');
}

/** The block whose root is `root`, as the next segment names it and its header says. */
function bind(segment: MarfSegment, root: Uint8Array, rootOfBlock: MarfClaim['rootOfBlock']): MarfHop | MarfCode {
  const block = blockBelow(segment);
  if (block === undefined) return segment.nodes[0] && slotOf(segment.nodes[0]) < 0 ? 'slot' : 'pointer';
  const known = rootOfBlock(block);
  if (known === undefined) return 'header';
  return known === toHex(root) ? { block, root: known, between: segment.shunts.length - 1 } : 'block-root';
}

/** The hash of a segment's root node, from the hash of the lowest child; `known`: it was computed already. */
function fold(nodes: readonly MarfNode[], child: Uint8Array, from: 'leaf' | 'block', known: Uint8Array | undefined): Uint8Array | MarfCode {
  if (nodes.at(-1)?.id !== 5) return 'shape';
  let running = child;
  for (const [i, node] of nodes.entries()) {
    const slot = slotOf(node);
    if (slot < 0) return 'slot';
    const pointer = node.pointers[slot]!;
    const below = i === 0 ? undefined : nodes[i - 1]!.id;
    const fits = i === 0 && from === 'block' ? isBackPointer(pointer) : pointer.id === (below ?? 1);
    if (!fits) return 'pointer';
    if (!known) running = nodeHash(node, [...node.hashes.slice(0, slot), running, ...node.hashes.slice(slot)]);
  }
  return known ?? running;
}

/** The root of the trie that has the leaf: one shunt of index 0 lists its ancestors. */
function firstRoot(nodeRoot: Uint8Array, [shunt, ...more]: readonly MarfShunt[]): Uint8Array | MarfCode {
  if (!shunt || more.length > 0) return 'shape';
  return shunt.index === 0 ? trieRoot(nodeRoot, shunt.hashes) : 'shunt';
}

/** The root of the next trie whose node root this is, of which `root` is an ancestor by way of the tries between. */
function laterRoot(nodeRoot: Uint8Array, shunts: readonly MarfShunt[], root: Hash): Uint8Array | MarfCode {
  let running = fromHex(root);
  for (const [i, { index, hashes }] of shunts.entries()) {
    const between = i < shunts.length - 1;
    const at = index - 1;
    // The list of a trie between begins with its own node root, in whose place no ancestor stands.
    if (at < (between ? 1 : 0) || at > hashes.length) return 'shunt';
    const list = [...hashes.slice(0, at), running, ...hashes.slice(at)];
    running = between ? sha512_256(concatBytes(...list)) : trieRoot(nodeRoot, list);
  }
  return running;
}
