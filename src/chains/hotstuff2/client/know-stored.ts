import type { Hash } from '../../../base/hash.ts';
import type { HotStuff2Store } from '../store/hotstuff2-store.ts';
import type { HotStuff2Chain } from './hotstuff2-chain.ts';

/**
 * Makes the hash of a stored final block known, with those of all blocks up to the lowest one that is known: after a start these are the newest only. False
 * if what is stored does not lead there. Reads one row for 64 blocks.
 */
export async function knowStored(height: number, chain: Pick<HotStuff2Chain, 'headers' | 'tip'>, store: Pick<HotStuff2Store, 'links'>): Promise<boolean> {
  if (chain.headers.idAt(height) !== undefined) return true;
  const known = chain.headers.nextKnown(height, chain.tip().height - height);
  const ids: Hash[] = [];
  for await (const { id, parent } of store.links(height)) {
    if (ids.length > 0 && parent !== ids.at(-1)) return false;
    ids.push(id);
    if (height + ids.length - 1 === known) break;
  }
  if (known === undefined || ids.length !== known - height + 1 || ids.at(-1) !== chain.headers.idAt(known)) return false;
  for (const [index, id] of ids.entries()) chain.headers.addId(height + index, id);
  return true;
}
