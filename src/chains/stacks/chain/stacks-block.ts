import type { Item } from '../../../engine/sync/sync-chain.ts';
import { encodeHeader, type NakamotoHeader } from '../wire/header.ts';
import { blockId } from './hash.ts';

/** A block as the sync handles it: its header, and what the gateway that sent it said of its tenure. */
export interface StacksBlock {
  readonly header: NakamotoHeader;
  /** Bitcoin height of the sortition that elected the miner: a gateway's hint, which no header holds. Undefined: it was not told. */
  readonly burnHeight: number | undefined;
}

export type StacksItem = Item<StacksBlock>;

/** `size`: bytes on the line; default: of the header. */
export function itemOfHeader(header: NakamotoHeader, burnHeight: number | undefined, size = encodeHeader(header).length): StacksItem {
  return { height: header.chainLength, id: blockId(header), parent: header.parentBlockId, size, block: { header, burnHeight } };
}
