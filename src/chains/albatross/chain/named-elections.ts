import type { Hash } from '../../../base/hash.ts';
import type { MacroBlock } from '../wire/types.ts';
import type { Policy } from './policy.ts';

/**
 * The election blocks that an election block names: its parent election block, and those of its interlink. Entry i of the interlink is the
 * newest earlier election block whose epoch is divisible by 2^(i+1). The block's hash covers them. Albatross block reference, 2.6.
 */
export function namedElections({ header }: MacroBlock, policy: Policy): readonly { readonly height: number; readonly hash: Hash }[] {
  const epoch = policy.epochAt(header.blockNumber);
  const interlink = (header.interlink ?? []).map((hash, index) => ({ height: policy.electionBlockOf(Math.floor((epoch - 1) / 2 ** (index + 1)) * 2 ** (index + 1)), hash }));
  return [{ height: policy.electionBlockBefore(header.blockNumber), hash: header.parentElectionHash }, ...interlink];
}

/** The lowest of these at or above `height`; for heights below the block's. */
export function namedNearest(block: MacroBlock, height: number, policy: Policy): { readonly height: number; readonly hash: Hash } {
  return namedElections(block, policy)
    .filter((named) => named.height >= height)
    .reduce((best, other) => (other.height < best.height ? other : best));
}
