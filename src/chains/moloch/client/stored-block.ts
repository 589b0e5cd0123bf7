import type { Item } from '../../../engine/sync/sync-chain.ts';
import type { BlockView } from '../../../engine/view.ts';
import { checkEvents } from '../chain/block-rules.ts';
import type { MolochBlock } from '../chain/moloch-block.ts';
import type { MolochChain } from './moloch-chain.ts';

/** A final block, by height or id, that is stored and not held in memory: its hash is a leaf of the range. Undefined: it is no final block, or is not stored whole. Rejects with `StorageError`. */
export async function storedBlock(
  chain: Pick<MolochChain, 'finalBlocks' | 'tip' | 'blockView'>,
  store: { block(height: number): Promise<Item<MolochBlock> | undefined> },
  key: number | string,
): Promise<BlockView | undefined> {
  const height = typeof key === 'number' ? key : chain.finalBlocks.heightOf(key);
  if (height === undefined || height > chain.tip().height) return undefined;
  const item = await store.block(height);
  return item && item.id === chain.finalBlocks.idAt(height) && !checkEvents(item.block) ? chain.blockView(item) : undefined;
}
