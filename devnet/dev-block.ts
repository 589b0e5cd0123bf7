import { blockKind } from '../src/chains/albatross/chain/block-kind.ts';
import type { BlockKind } from '../src/chains/albatross/chain/block-kind.ts';
import { blockHash } from '../src/chains/albatross/chain/hashes.ts';
import type { ServedChain } from '../src/chains/albatross/serve/serve.ts';
import type { Block } from '../src/chains/albatross/wire/types.ts';
import type { Hash } from '../src/base/hash.ts';
import type { BlockState } from './ledger/block-state.ts';

/** A block that the devnet knows, on the main chain or on a losing branch. Its body is left out if it is empty. */
export interface DevBlock {
  readonly height: number;
  readonly hash: Hash;
  readonly kind: BlockKind;
  readonly block: Block;
}

/** Read access to a chain, from which a peer answers requests. Old epochs of a made-up history have only their election blocks. */
export interface ChainView extends ServedChain<DevBlock> {
  /** Accounts and history after a block of the chain. */
  stateOf(block: DevBlock): BlockState;
}

export function devBlock(block: Block): DevBlock {
  return { height: block.header.blockNumber, hash: blockHash(block), kind: blockKind(block), block };
}
