import type { Item } from '../../../engine/sync/sync-chain.ts';
import { StoreAheadError } from '../../../storage/store-ahead-error.ts';
import { blockHash } from '../chain/hash.ts';
import { leafPosition } from '../chain/mmr-shape.ts';
import type { MolochBlock } from '../chain/moloch-block.ts';
import type { MolochStore } from '../store/moloch-store.ts';
import type { MolochChain } from './moloch-chain.ts';

/**
 * The final blocks that a store lacks, ascending; none if it has all of them. Undefined: what it has is nothing, or of another chain, or not all that it lacks is held
 * whole. Reads all stored blocks, so that the store knows their sizes. Rejects with `StorageError`, and with `StoreAheadError` if this chain is the beginning of what is stored.
 */
export async function missingIn(store: Pick<MolochStore, 'base' | 'blocks'>, chain: Pick<MolochChain, 'finalBlocks' | 'tip'>): Promise<readonly Item<MolochBlock>[] | undefined> {
  const { finalBlocks: ours } = chain;
  const { height: tip } = chain.tip();
  const stored = await store.base();
  const base = stored?.record.trusted.header;
  if (base && base.height > tip && stored.mmr.nodes[leafPosition(tip)] === ours.idAt(tip)) throw new StoreAheadError(base.height, tip);
  if (base && ours.idAt(base.height) !== blockHash(base)) return undefined;
  let last = base?.height ?? 0;
  for await (const run of store.blocks(last + 1)) {
    if (run.some(({ height, id }) => height <= tip && ours.idAt(height) !== id)) return undefined;
    last = run.at(-1)!.height;
  }
  if (last > tip) throw new StoreAheadError(last, tip);
  if (last === 0) return undefined;
  const missing: Item<MolochBlock>[] = [];
  for (let height = last + 1; height <= tip; height += 1) {
    const item = ours.at(height);
    // Where places are known, a block without its events has lost them to the bound of the memory.
    if (!item || (item.block.events === undefined && item.block.header.eventsCount > 0 && ours.indexed)) return undefined;
    missing.push(item);
  }
  return missing;
}
