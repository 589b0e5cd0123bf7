import { blockKind } from '../chain/block-kind.ts';
import type { AlbatrossBlock, AlbatrossHead, AlbatrossNetwork } from '../chain/details.ts';
import type { ChainBlock, LightChain } from '../chain/light-chain.ts';
import type { NetworkParameters } from '../chain/network.ts';
import type { Policy } from '../chain/policy.ts';
import { block as blockCodec } from '../wire/blocks.ts';
import { encode } from '../../../base/postcard/codec.ts';
import type { Block } from '../wire/types.ts';
import { atMost, type TrustLevel } from '../../../engine/trust.ts';
import type { BlockView, Head, HeadView, NetworkView } from '../../../engine/view.ts';

/** The standing of the chain's blocks, which every view of a block uses. */
export interface Standing {
  readonly trust: TrustLevel;
  /** Trust level of pending blocks: `witnessed` at most while one of them was made with an unproven signing key (`chain/key-proof.ts`). */
  readonly pendingTrust: TrustLevel;
  /** From this height on the pending blocks are skip blocks on which no block builds: `witnessed` at most, since their proofs do not cover their roots. */
  readonly unbuiltFrom?: number | undefined;
  /** Height of the newest verified macro block: at or below it, blocks of the main chain are final. */
  readonly finalHeight: number;
}

/** A chain block as pages see it. */
export function headView(item: Pick<ChainBlock, 'hash' | 'block'>, policy: Policy, standing: Standing): HeadView {
  const { header } = item.block;
  return {
    height: header.blockNumber,
    hash: item.hash,
    timestamp: header.timestamp,
    trust: trustAt(header.blockNumber, standing),
    finality: header.blockNumber <= standing.finalHeight ? 'final' : 'pending',
    details: headDetails(item.block, policy),
  };
}

function headDetails(block: Block, policy: Policy): AlbatrossHead {
  const { blockNumber, version } = block.header;
  return { chain: 'albatross', type: blockKind(block), version, epoch: policy.epochAt(blockNumber), batch: policy.batchAt(blockNumber) };
}

/** What a block of the main chain at this height is worth. */
export function trustAt(height: number, { trust, pendingTrust, unbuiltFrom = Infinity, finalHeight }: Standing): TrustLevel {
  if (height <= finalHeight) return trust;
  return height >= unbuiltFrom ? atMost(pendingTrust, 'witnessed') : pendingTrust;
}

/** The standing of the chain's blocks at this trust level. */
export function standingOf(chain: Pick<LightChain, 'macroHead' | 'pendingProven' | 'unbuiltFrom'>, trust: TrustLevel): Standing {
  return { trust, pendingTrust: chain.pendingProven ? trust : atMost(trust, 'witnessed'), unbuiltFrom: chain.unbuiltFrom, finalHeight: chain.macroHead.height };
}

/** The newest block and the newest final one. `established`: a consensus of peers knows the newest block. */
export function headOf(chain: Pick<LightChain, 'genesis' | 'head' | 'macroHead' | 'policy' | 'pendingProven' | 'unbuiltFrom'>, trust: TrustLevel, established: boolean): Head {
  const standing = standingOf(chain, trust);
  return { known: established || chain.head.height > chain.genesis.height, latest: headView(chain.head, chain.policy, standing), final: headView(chain.macroHead, chain.policy, standing) };
}

/** A whole header with its bytes. If `whole` is false, it is an election block's header without its validator list, and there are no bytes. */
export function blockView(item: Pick<BlockView, 'hash' | 'place' | 'linkedFrom'> & { readonly block: Block; readonly whole: boolean }, policy: Policy, standing: Standing): BlockView {
  const { header } = item.block;
  const details: AlbatrossBlock = {
    ...headDetails(item.block, policy),
    // Only its list shows that a block is an election block; without the list it looks like a checkpoint.
    type: item.whole ? blockKind(item.block) : 'election',
    parentElectionHash: 'parentElectionHash' in header ? header.parentElectionHash : undefined,
    stateRoot: header.stateRoot,
    bodyRoot: header.bodyRoot,
    historyRoot: header.historyRoot,
    extraData: header.extraData,
  };
  return {
    ...headView(item, policy, standing),
    ...(item.place === 'chain' ? {} : { finality: 'pending' }),
    ...(item.place === 'unlinked' ? { trust: 'claimed' } : {}),
    place: item.place,
    linkedFrom: item.linkedFrom,
    parentHash: header.parentHash,
    bytes: item.whole ? encode(blockCodec, { ...item.block, body: undefined }) : new Uint8Array(0),
    details,
  };
}

/** The constants of the network that a page needs. */
export function networkView(network: NetworkParameters, genesisHeight: number): NetworkView {
  const { blocksPerBatch, batchesPerEpoch, blockSeparationTime } = network;
  const details: AlbatrossNetwork = { chain: 'albatross', blocksPerBatch, batchesPerEpoch, blockSeparationTime };
  return {
    name: network.name,
    genesisHash: network.genesisHash,
    genesisHeight,
    development: network.development === true,
    details,
  };
}
