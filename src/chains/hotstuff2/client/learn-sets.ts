/**
 * Finds the sets that have taken over since the newest final block here, so that a proof of a block far ahead can be checked. What the peer says is only a
 * hint where to look: each set is trusted by a finality proof of the block that announces it, signed by the set before.
 * @module
 */
import type { Hash } from '../../../base/hash.ts';
import { RequestError } from '../../../engine/peers/peer-net.ts';
import type { Fault } from '../../../engine/sync/sync-chain.ts';
import type { AskOptions } from '../../../engine/sync/sync-peer.ts';
import { announcedBy } from '../chain/hand-over.ts';
import type { FinalityProof } from '../wire/finality-proof.ts';
import type { SyncSession } from '../net/sync-session.ts';
import type { HotStuff2Chain } from './hotstuff2-chain.ts';

/** Hand-overs that are followed for one proof; further ones with the next, from a tip that has moved meanwhile. */
const MAX_HANDOVERS = 32;
/** Blocks before the last one of a set among which its finality proof is looked for: views without a quorum leave gaps. */
const MAX_BACK = 8;

type Asked = Pick<SyncSession, 'getBlocks' | 'getFinality'>;

/** Checks a finality proof, and learns the sets that it needs from the peer. Rejects as the peer's methods do. */
export async function proveWithSets(chain: HotStuff2Chain, proof: FinalityProof, peer: Asked, options: AskOptions): Promise<Fault | undefined> {
  const first = await chain.checkProof(proof, options.signal);
  if (first?.code !== 'set-unknown-bytes') return first;
  let low = chain.tip().height;
  let ruling: Hash = chain.final.header.validators;
  for (let hop = 0; hop < MAX_HANDOVERS; hop += 1) {
    const last = await lastOfSet(ruling, low, proof.child.header.height, peer, options);
    const link = await announcement(ruling, low, last, peer, options);
    if (!link) return first;
    const broken = await chain.learnSet(link, options.signal);
    if (broken) return broken;
    ruling = announcedBy(link)!;
    low = last + 1;
    const fault = await chain.checkProof(proof, options.signal);
    if (fault?.code !== 'set-unknown-bytes') return fault;
  }
  return first;
}

/** The greatest height from `low` on, whose block is of this set, below `high`, as the peer's headers say. */
async function lastOfSet(set: Hash, low: number, high: number, peer: Asked, { signal }: AskOptions): Promise<number> {
  let [inside, outside] = [low, high];
  while (outside - inside > 1) {
    const middle = Math.floor((inside + outside) / 2);
    const [item] = (await peer.getBlocks(middle, 1, { headersOnly: true, signal })).value;
    if (item!.block.header.validators === set) inside = middle;
    else outside = middle;
  }
  return inside;
}

/** A finality proof of a block near the last one of this set, that announces another. Undefined: the peer has none. */
async function announcement(set: Hash, low: number, last: number, peer: Asked, options: AskOptions): Promise<FinalityProof | undefined> {
  for (let height = last - 1; height >= Math.max(low, last - MAX_BACK, 1); height -= 1) {
    try {
      const { value: proof } = await peer.getFinality(height, options);
      if (announcedBy(proof) !== undefined && proof.final.header.validators === set) return proof;
    } catch (error) {
      if (!(error instanceof RequestError) || error.code !== 'refused') throw error;
    }
  }
  return undefined;
}
