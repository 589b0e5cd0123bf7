import type { ChainPeer } from '../../../engine/follow/followed-chain.ts';
import type { AskOptions } from '../../../engine/sync/sync-peer.ts';
import type { BlockView } from '../../../engine/view.ts';
import { checkEvents } from '../chain/block-rules.ts';
import type { MolochBlock } from '../chain/moloch-block.ts';
import type { MolochChain } from './moloch-chain.ts';

/** A final block that is not held whole: its hash is a leaf of the range, so a peer cannot give another one. Undefined: it is no final block, or nobody has it. */
export async function fetchMolochBlock(chain: MolochChain, key: number | string, peers: readonly ChainPeer<MolochBlock>[], { signal }: AskOptions): Promise<BlockView | undefined> {
  const top = chain.tip().height;
  const height = typeof key === 'number' ? key : chain.finalBlocks.heightOf(key);
  const id = height === undefined ? undefined : chain.finalBlocks.idAt(height);
  if (height === undefined || id === undefined) return undefined;
  for (const peer of peers) {
    const answer = await peer.getBlocks(height, 1, { signal, headersOnly: false }).catch(() => undefined);
    signal.throwIfAborted();
    const item = answer?.value[0];
    if (item?.id === id && !checkEvents(item.block)) return chain.blockView(item, top);
  }
  return undefined;
}
