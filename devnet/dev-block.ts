import { blockKind } from '../src/chains/albatross/chain/block-kind.ts';
import type { BlockKind } from '../src/chains/albatross/chain/block-kind.ts';
import { blockHash } from '../src/chains/albatross/chain/hashes.ts';
import type { ServedChain } from '../src/chains/albatross/serve/serve.ts';
import type { Block } from '../src/chains/albatross/wire/types.ts';
import type { Hash } from '../src/base/hash.ts';

/** A block that the devnet knows, on the main chain or on a losing branch. It never has a body. */
export interface DevBlock {
  readonly height: number;
  readonly hash: Hash;
  readonly kind: BlockKind;
  readonly block: Block;
}

/** Read access to a chain, from which a peer answers requests. Old epochs of a made-up history have only their election blocks. */
export type ChainView = ServedChain<DevBlock>;

export function devBlock(block: Block): DevBlock {
  return { height: block.header.blockNumber, hash: blockHash(block), kind: blockKind(block), block };
}
