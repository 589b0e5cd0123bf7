import { blockKind } from '../albatross/chain/block-kind.ts';
import type { ChainBlock, LightChain } from '../albatross/chain/light-chain.ts';
import type { NetworkParameters } from '../albatross/chain/network-parameters.ts';
import type { Policy } from '../albatross/chain/policy.ts';
import { block as blockCodec } from '../albatross/wire/blocks.ts';
import { encode } from '../albatross/wire/postcard/codec.ts';
import type { Block, Hash } from '../albatross/wire/types.ts';
import { atMost } from '../engine/trust.ts';
import type { BlockView, Head, HeadView, Status, TrustLevel } from '../bridge/contract.ts';

/** What every view of a block says about its standing. */
export interface Standing {
  readonly trust: TrustLevel;
  /** Of pending blocks: `pico` at most while one was made with a signing key that is not proven (`chain/key-proof.ts`). */
  readonly pendingTrust: TrustLevel;
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
    type: blockKind(item.block),
    version: header.version,
    epoch: policy.epochAt(header.blockNumber),
    batch: policy.batchAt(header.blockNumber),
    trust: header.blockNumber <= standing.finalHeight ? standing.trust : standing.pendingTrust,
    finality: header.blockNumber <= standing.finalHeight ? 'final' : 'pending',
  };
}

/** How blocks of the chain stand as a whole, at this level. */
export function standingOf(chain: Pick<LightChain, 'macroHead' | 'pendingProven'>, trust: TrustLevel): Standing {
  return { trust, pendingTrust: chain.pendingProven ? trust : atMost(trust, 'pico'), finalHeight: chain.macroHead.height };
}

/** The newest block and the newest final one. */
export function headOf(chain: Pick<LightChain, 'head' | 'macroHead' | 'policy' | 'pendingProven'>, trust: TrustLevel): Head {
  const standing = standingOf(chain, trust);
  return { latest: headView(chain.head, chain.policy, standing), final: headView(chain.macroHead, chain.policy, standing) };
}

/** A whole header with its bytes; `whole` false: an election block's header without its validator list, of which there are no bytes. */
export function blockView(item: { readonly hash: Hash; readonly block: Block; readonly whole: boolean }, policy: Policy, standing: Standing): BlockView {
  const { header } = item.block;
  return {
    ...headView(item, policy, standing),
    // It is the list that shows an election block as one; without it, it looks like a checkpoint.
    type: item.whole ? blockKind(item.block) : 'election',
    parentHash: header.parentHash,
    parentElectionHash: 'parentElectionHash' in header ? header.parentElectionHash : undefined,
    stateRoot: header.stateRoot,
    bodyRoot: header.bodyRoot,
    historyRoot: header.historyRoot,
    extraData: header.extraData,
    bytes: item.whole ? encode(blockCodec, { ...item.block, body: undefined }) : new Uint8Array(0),
  };
}

/** The constants of the network that a page needs. */
export function networkView(network: NetworkParameters, genesisHeight: number): Status['network'] {
  return {
    name: network.name,
    genesisHash: network.genesisHash,
    genesisHeight,
    blocksPerBatch: network.blocksPerBatch,
    batchesPerEpoch: network.batchesPerEpoch,
    blockSeparationTime: network.blockSeparationTime,
  };
}
