import { fromHex } from '../../../src/base/bytes.ts';
import type { HotStuff2Chain } from '../../../src/chains/hotstuff2/client/hotstuff2-chain.ts';
import { decodeHeaderItem } from '../../../src/chains/hotstuff2/chain/hs2-block.ts';
import type { Hs2Block, Hs2Item } from '../../../src/chains/hotstuff2/chain/hs2-block.ts';
import { Losers } from '../../../src/chains/hotstuff2/chain/losers.ts';
import { decodeFinalityProof } from '../../../src/chains/hotstuff2/wire/finality-proof.ts';
import { encodeManifest } from '../../../src/chains/hotstuff2/wire/manifest.ts';
import { PeerFault } from '../../../src/engine/sync/sync-peer.ts';
import type { SyncPeer } from '../../../src/engine/sync/sync-peer.ts';
import { vectors } from './vectors.ts';

const { snapshot } = vectors;

/** A peer that serves these blocks, genesis first, and the snapshot of the vectors. It proves the last but one of the blocks. */
export function vectorPeer(id: string, chain: HotStuff2Chain, blocks: readonly Hs2Item[], { proves = true, hasSnapshot = true } = {}) {
  const asked = new Map<number, number>();
  const last = blocks.at(-2)!;
  const peer: SyncPeer<Hs2Block> = {
    id,
    address: `/memory/${id}`,
    claims: { height: last.height, earliest: 0, snapshot: hasSnapshot ? snapshot.height : undefined },
    async getBlocks(from, count, { headersOnly }) {
      const items = blocks.slice(from, from + count).map((item) => (headersOnly ? decodeHeaderItem(item.block.headerBytes, item.block.qcBytes) : item));
      for (const { height } of items) asked.set(height, (asked.get(height) ?? 0) + 1);
      return { value: items, size: items.reduce((sum, it) => sum + it.size, 0) };
    },
    async proveTarget(_, { signal }) {
      if (!proves) return { height: 0, id: blocks[0]!.id, proven: true };
      const fault = await chain.checkProof(decodeFinalityProof(Losers.proofOf(last, blocks.at(-1)!)), signal);
      if (fault) throw new PeerFault(fault.code, fault.weight, fault.data);
      return { height: last.height, id: last.id, proven: true };
    },
    async getManifest() {
      const { height, blockHash, stateRoot, entries, entriesPerChunk, chunkRoots } = snapshot;
      const value = encodeManifest({ height, blockHash: fromHex(blockHash), stateRoot: fromHex(stateRoot), entries, entriesPerChunk, chunkRoots: chunkRoots.map(fromHex) });
      return { value, size: value.length };
    },
    async getChunk(_, index) {
      const value = fromHex(snapshot.chunks[index]!);
      return { value, size: value.length };
    },
  };
  return { peer, asked };
}
