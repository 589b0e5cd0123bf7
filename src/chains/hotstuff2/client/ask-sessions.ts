/**
 * What the chain needs from any of its peers while it checks something: a validator set by its hash, and a header that is final.
 * @module
 */
import type { Hash } from '../../../base/hash.ts';
import type { Hs2Item } from '../chain/hs2-block.ts';
import { hashOf } from '../chain/hash.ts';
import { MAX_BLOCKS_PER_REQUEST } from '../wire/sync-limits.ts';
import type { FinalityProof } from '../wire/finality-proof.ts';
import type { Header } from '../wire/header.ts';
import type { ChainPeer } from '../../../engine/follow/followed-chain.ts';
import type { AskOptions } from '../../../engine/sync/sync-peer.ts';
import type { Hs2Block } from '../chain/hs2-block.ts';
import type { SyncSession } from '../net/sync-session.ts';

/** How far below a known block another one may be to be fetched: each height between costs a header. Four requests of the largest size. */
export const MAX_DESCENT = 4 * MAX_BLOCKS_PER_REQUEST;

/** The first answer that is not undefined; peers that fail to answer are passed over. Rejects with the signal's reason only. */
async function firstOf<P, T>(peers: readonly P[], { signal }: AskOptions, ask: (peer: P) => Promise<T | undefined>): Promise<T | undefined> {
  for (const peer of peers) {
    signal.throwIfAborted();
    const answer = await ask(peer).catch(() => undefined);
    if (answer !== undefined) return answer;
  }
  signal.throwIfAborted();
  return undefined;
}

/** The bytes of a set; the session has checked that they have this hash. */
export function fetchSet(peers: readonly SyncSession[], hash: Hash, options: AskOptions): Promise<Uint8Array | undefined> {
  return firstOf(peers, options, (peer) => peer.getValidators(hash, options));
}

/** The final header of this height and hash: by a proof of its own, or of a block above it from which hashes lead down. */
export function fetchFinalHeader(
  peers: readonly SyncSession[],
  { height, hash }: { readonly height: number; readonly hash: Hash },
  options: AskOptions & { readonly prove: (proof: FinalityProof, peer: SyncSession) => Promise<boolean> },
): Promise<{ readonly header: Header; readonly headerBytes: Uint8Array } | undefined> {
  return firstOf(peers, options, async (peer) => {
    const { value: proof } = await peer.getFinality(height, options);
    const above = proof.final.header.height - height;
    if (above >= MAX_BLOCKS_PER_REQUEST || !(await options.prove(proof, peer))) return undefined;
    const id = hashOf(proof.final.headerBytes);
    if (above === 0) return id === hash ? proof.final : undefined;
    const items = (await peer.getBlocks(height, above + 1, { headersOnly: true, signal: options.signal })).value;
    return items[0]?.id === hash && isLinkedTo(items, id) ? items[0].block : undefined;
  });
}

/** A block below the lowest one here, bound by hashes to the final block of height `known` and hash `id`. */
export function fetchBelow(peers: readonly ChainPeer<Hs2Block>[], height: number, known: { readonly height: number; readonly id: Hash }, options: AskOptions): Promise<Hs2Item | undefined> {
  if (known.height - height > MAX_DESCENT) return Promise.resolve(undefined);
  return firstOf(peers, options, async (peer) => {
    const items: Hs2Item[] = [];
    while (height + items.length <= known.height) {
      const from = height + items.length;
      const count = Math.min(MAX_BLOCKS_PER_REQUEST, known.height - from + 1);
      items.push(...(await peer.getBlocks(from, count, { ...options, headersOnly: true })).value);
    }
    return isLinkedTo(items, known.id) ? items[0] : undefined;
  });
}

function isLinkedTo(items: readonly Hs2Item[], id: Hash): boolean {
  return items.at(-1)?.id === id && items.every((item, i) => i === 0 || item.parent === items[i - 1]!.id);
}
