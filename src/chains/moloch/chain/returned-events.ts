import type { Item } from '../../../engine/sync/sync-chain.ts';
import type { MolochEvent } from '../wire/event.ts';
import { eventId } from './hash.ts';
import type { MolochBlock } from './moloch-block.ts';

/** The events of reverted blocks that no adopted block has, in order and each once: they go back to the pool (Moloch reference, 6.7). */
export function returnedEvents(reverted: readonly Item<MolochBlock>[], adopted: readonly Item<MolochBlock>[]): readonly MolochEvent[] {
  const kept = new Set(adopted.flatMap(({ block }) => block.events?.map(eventId) ?? []));
  return reverted.flatMap(({ block }) => block.events ?? []).filter((event) => {
    const id = eventId(event);
    if (kept.has(id)) return false;
    kept.add(id);
    return true;
  });
}
