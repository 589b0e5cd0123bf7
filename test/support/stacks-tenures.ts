import { decodeBlock, type NakamotoBlock } from '../../src/chains/stacks/wire/block.ts';
import { blockId } from '../../src/chains/stacks/chain/hash.ts';
import type { TenureStartEnd } from '../../src/chains/stacks/chain/wanted-tenures.ts';
import { chainA, fromBase64, inventoriesA } from './stacks-vectors.ts';

/** The recorded tenures of chain a whose blocks are all there in full: the blocks ascending, and after them the end block. */
export function recordedTenures(): readonly { readonly tenure: TenureStartEnd; readonly blocks: readonly NakamotoBlock[] }[] {
  const blocks = new Map(chainA.blocks.map((it) => decodeBlock(fromBase64(it.block_b64))).map((block) => [blockId(block.header), block]));
  return inventoriesA.wanted.flatMap(({ available }) => available).flatMap((it) => {
    const chain: NakamotoBlock[] = [];
    for (let block = blocks.get(it.end_block_id); block; block = blocks.get(block.header.parentBlockId)) {
      chain.unshift(block);
      if (blockId(block.header) !== it.start_block_id) continue;
      const tenure: TenureStartEnd = {
        tenureId: it.tenure_id, burnHeight: it.burn_height, startBlockId: it.start_block_id, endBlockId: it.end_block_id, startSnapshot: it.start_snapshot, endSnapshot: it.end_snapshot,
        startCycle: it.start_reward_cycle, endCycle: it.end_reward_cycle, fetchesEnd: it.fetch_end_block,
      };
      return [{ tenure, blocks: chain }];
    }
    return [];
  });
}
