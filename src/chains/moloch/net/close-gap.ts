/**
 * Fetches the few blocks that a client misses at the end of the chain, and hands them on as if they had been announced (Moloch reference, 5, 6.7 and
 * 6.8). Larger gaps are the sync's. Tests: `test/moloch/session-follows.test.ts`.
 * @module
 */

import type { Item, Tip } from '../../../engine/sync/sync-chain.ts';
import type { MolochBlock } from '../chain/moloch-block.ts';

/** Blocks: a gap above it is left to the sync (Moloch reference, 2.11: the threshold of the crates). Also the count of a request when chains part (6.7). */
export const SMALL_GAP = 10;
/** Steps back, each twice as long as the one before: 1 + 2 + 4 + ... reach 63 blocks, more than ever are without finality in a network that works. */
const MAX_STEPS = 6;

/** What the client holds. */
export interface HeldChain {
  /** The newest block, final or not. */
  head(): Tip;
  /** The newest final one. */
  final(): Tip;
  /** The id of the block that the client's chain has at this height. */
  idAt(height: number): string | undefined;
}

export interface GapOptions {
  readonly held: HeldChain;
  readonly getBlocks: (from: number, count: number) => Promise<readonly Item<MolochBlock>[]>;
  /** The header at a height with its signatures, without events. */
  readonly getHeader: (height: number) => Promise<Item<MolochBlock>>;
  readonly announce: (item: Item<MolochBlock>) => void;
  /** The heads that some connection of this client fetches now, so that one announcement of many peers is fetched once. */
  readonly fetching: Set<string>;
}

/**
 * Fetches up to the peer's head, if the gap is small. `hash`: the peer's head. Of a head beside a final block of ours only the signed header is fetched: if it is final too,
 * the chain halts. Rejects as `getBlocks`.
 */
export async function closeGap(peer: { readonly height: number; readonly hash: string }, { held, getBlocks, getHeader, announce, fetching }: GapOptions): Promise<void> {
  const head = held.head();
  const isBesideFinal = peer.height <= held.final().height;
  if (peer.height - head.height > SMALL_GAP || (isBesideFinal && held.idAt(peer.height) === peer.hash) || fetching.has(peer.hash)) return;
  fetching.add(peer.hash);
  try {
    if (isBesideFinal) return announce(await getHeader(peer.height));
    let from = Math.min(head.height + 1, peer.height);
    let count = from > head.height ? peer.height - head.height : SMALL_GAP;
    for (let step = 1, steps = 0; steps <= MAX_STEPS; steps += 1, step *= 2) {
      const items = await getBlocks(from, count);
      const lowest = held.final().height + 1;
      // Linked, or nothing below can be replaced: the chain's rules decide.
      if (items[0]!.parent === held.idAt(from - 1) || from <= lowest) return items.forEach(announce);
      from = Math.max(lowest, from > held.head().height ? held.head().height : from - step);
      count = Math.max(SMALL_GAP, held.head().height - from + SMALL_GAP);
    }
  } finally {
    fetching.delete(peer.hash);
  }
}
