import { tenureStartOf } from '../../src/chains/stacks/chain/block-rules.ts';
import { blockId } from '../../src/chains/stacks/chain/hash.ts';
import type { TenureStartEnd } from '../../src/chains/stacks/chain/wanted-tenures.ts';
import { decodeBlock, type NakamotoBlock } from '../../src/chains/stacks/wire/block.ts';
import { chainA, chainB, fromBase64, type RecordedChain } from './stacks-vectors.ts';

export interface RecordedTenure {
  readonly tenure: TenureStartEnd;
  /** Ascending, and after them the end block. */
  readonly blocks: readonly NakamotoBlock[];
}

/** The recorded tenures of both chains whose blocks are all there in full, by height. */
export function recordedTenures(): readonly RecordedTenure[] {
  return [chainA, chainB].flatMap(tenuresOf).toSorted((a, b) => a.tenure.burnHeight - b.tenure.burnHeight);
}

function tenuresOf(chain: RecordedChain): readonly RecordedTenure[] {
  const blocks = new Map(chain.blocks.map((it) => decodeBlock(fromBase64(it.block_b64))).map((block) => [blockId(block.header), block]));
  const heights = new Map(chain.sortitions.map((it) => [it.consensus_hash, it.height]));
  return [...blocks.values()].flatMap((end) => {
    const change = tenureStartOf(end);
    const list = [end];
    for (let block = change && blocks.get(end.header.parentBlockId); block?.header.consensusHash === change?.previousTenure && block; block = blocks.get(block.header.parentBlockId)) {
      list.unshift(block);
      if (tenureStartOf(block)) return [{ tenure: startEndOf(list, heights), blocks: list }];
    }
    return [];
  });
}

/** Of the blocks of a tenure with its end block. Of the end's snapshot, which comes later, there is none here. */
function startEndOf(blocks: readonly NakamotoBlock[], heights: ReadonlyMap<string, number>): TenureStartEnd {
  const [{ header: start }, { header: end }] = [blocks[0]!, blocks.at(-1)!];
  const burnHeight = heights.get(start.consensusHash)!;
  return {
    tenureId: start.consensusHash, burnHeight, startBlockId: blockId(start), endBlockId: blockId(end), startSnapshot: end.consensusHash, endSnapshot: '',
    startCycle: Math.floor(burnHeight / 10), endCycle: Math.floor(heights.get(end.consensusHash)! / 10), fetchesEnd: true,
  };
}
