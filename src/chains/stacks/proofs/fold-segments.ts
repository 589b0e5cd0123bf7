import { fromHex } from '../../../base/bytes.ts';
import type { HashChain, Verify } from '../../../crypto/jobs.ts';
import type { MarfEntry, MarfNode } from '../wire/marf-proof.ts';
import { holeOf, leafHash, nodePreimage } from './marf-hash.ts';
import { blockBelow, MAX_HOPS, slotOf, splitMarfProof } from './marf-segments.ts';

const HOLE = new Uint8Array(32);

/**
 * The hash of each segment's root node, by a job: a node of 256 children is 17 KB, whose hash takes 0.15 ms in JavaScript, and 6 ms while its code is cold.
 * Undefined: the entries have no such form, which `verifyMarfProof` refuses with its code. Rejects as `verify` does.
 */
export async function foldSegments(entries: readonly MarfEntry[], { verify, signal }: { readonly verify: Verify; readonly signal?: AbortSignal | undefined }): Promise<readonly Uint8Array[] | undefined> {
  const split = splitMarfProof(entries);
  if (!split || split.segments.length > MAX_HOPS + 1) return undefined;
  const chains: HashChain[] = [];
  for (const [i, segment] of split.segments.entries()) {
    const block = i === 0 ? undefined : blockBelow(segment);
    const links = segment.nodes.map(linkOf);
    if ((i > 0 && block === undefined) || links.includes(undefined)) return undefined;
    chains.push({ start: block === undefined ? leafHash(split.leaf) : fromHex(block), links: links as HashChain['links'] });
  }
  const result = await verify({ kind: 'hash-chains', chains }, { signal });
  return result.valid ? result.roots : undefined;
}

function linkOf(node: MarfNode): HashChain['links'][number] | undefined {
  const slot = slotOf(node);
  if (slot < 0) return undefined;
  return { bytes: nodePreimage(node, [...node.hashes.slice(0, slot), HOLE, ...node.hashes.slice(slot)]), hole: holeOf(node, slot) };
}
