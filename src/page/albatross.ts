/** What the page knows of Albatross: the details of heads, blocks and networks, typed. For other chains these are undefined. */

import type { AlbatrossBlock, AlbatrossHead, AlbatrossNetwork, BlockView, HeadView, Status } from '../client/types.ts';

export function albatrossHead({ details }: Pick<HeadView, 'details'>): AlbatrossHead | undefined {
  return details.chain === 'albatross' ? (details as AlbatrossHead) : undefined;
}

export function albatrossBlock({ details }: Pick<BlockView, 'details'>): AlbatrossBlock | undefined {
  return details.chain === 'albatross' ? (details as AlbatrossBlock) : undefined;
}

export function albatrossNetwork({ details }: Pick<Status['network'], 'details'>): AlbatrossNetwork | undefined {
  return details.chain === 'albatross' ? (details as AlbatrossNetwork) : undefined;
}

/** Heights between two election blocks. */
export function epochLength({ blocksPerBatch, batchesPerEpoch }: AlbatrossNetwork): number {
  return blocksPerBatch * batchesPerEpoch;
}
