// Tests: `devnet/syncer.test.ts`, `test/client/strict.test.ts`.
import { encodeGossip, headerMessageOf } from '../src/chains/albatross/wire/gossip.ts';
import type { BlockHeaderMessage } from '../src/chains/albatross/wire/types.ts';
import { equalBytes } from '../src/base/bytes.ts';
import type { Hash } from '../src/base/hash.ts';
import type { DevChain } from './chain.ts';

/** `other-copy`: a block of the chain with another justification; `invalid`: a block that nobody made, on a parent of the chain. */
export type HeaderFault = 'other-copy' | 'invalid';

/**
 * Why a node rejects a header that a client passes on. The chain makes all valid blocks, so no other block on one of its blocks is valid,
 * unless a test signed it with the validators' keys, or a peer's fault is a block that breaks no rule (`skip`). Undefined if the block is
 * valid, or if its parent is unknown: nodes cannot judge it then.
 */
export function headerFault(chain: Pick<DevChain, 'byHash'>, message: BlockHeaderMessage, hash: Hash): HeaderFault | undefined {
  const made = chain.byHash(hash);
  if (!made) return chain.byHash(message.header.parentHash) ? 'invalid' : undefined;
  const ours = headerMessageOf(made.block);
  return ours && equalBytes(encodeGossip('block-header', ours), encodeGossip('block-header', message)) ? undefined : 'other-copy';
}
