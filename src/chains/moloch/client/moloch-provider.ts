/**
 * What the client serves to others: what it holds and has verified (Moloch reference, 5: `PROVIDING`).
 * @module
 */
import type { Item } from '../../../engine/sync/sync-chain.ts';
import { eventId } from '../chain/hash.ts';
import { trustedHeaderOf, type MolochBlock } from '../chain/moloch-block.ts';
import type { MadeSnapshot } from '../chain/snapshot.ts';
import type { Provider, Served } from '../net/provider.ts';
import { makeCompactProof } from '../proofs/compact-proof-rules.ts';
import type { CompactProof } from '../wire/compact-proof.ts';
import type { MolochEvent } from '../wire/event.ts';
import { snapshotOf } from './chain-snapshot.ts';
import type { MolochChain } from './moloch-chain.ts';

/** Blocks after which the snapshot that is served is made anew: making one hashes all of it. Ours. */
const SNAPSHOT_PERIOD = 100;

/** Items from a height on, as long as they are held. */
function rangeOf<T>(start: number, count: number, at: (height: number) => T | undefined): Served<T> {
  const items: T[] = [];
  for (let height = start; items.length < count; height += 1) {
    const item = at(height);
    if (item === undefined) return { items, more: false };
    items.push(item);
  }
  return { items, more: at(start + count) !== undefined };
}

/** The event of a block at a place, where its body is held. */
export function eventAt(item: Item<MolochBlock> | undefined, index: number): MolochEvent | undefined {
  return item?.block.events?.[index];
}

/** The proof of an event for the newest final header; undefined where its block is not held whole. */
export function proveEventAt(chain: MolochChain, height: number, index: number): CompactProof | undefined {
  const { height: top } = chain.tip();
  const item = height <= top ? chain.held(height) : undefined;
  const events = item?.block.events;
  if (!item || !events?.[index]) return undefined;
  const { mmr } = chain.finalBlocks;
  return makeCompactProof({ header: item.block.header, events }, index, height < top ? { range: mmr, leaves: top } : undefined);
}

export function molochProvider(chain: MolochChain, chunkSize?: number): Provider {
  let made: MadeSnapshot | undefined;
  const snapshotAt = (height: number | undefined): MadeSnapshot | undefined => {
    // Someone may be fetching the one that was made before.
    if (made && (height === made.manifest.height || (height === undefined && chain.tip().height - made.manifest.height < SNAPSHOT_PERIOD))) return made;
    if (height !== undefined && height !== chain.tip().height) return undefined;
    return (made = snapshotOf(chain, chunkSize));
  };
  const wireBlockAt = (height: number) => {
    const { header, events } = chain.held(height)?.block ?? {};
    return header && events ? { header, events } : undefined;
  };
  const prove = (id: string): CompactProof | undefined => {
    const place = chain.finalBlocks.placeOf(id);
    const proof = place && proveEventAt(chain, place.height, place.index);
    // The index of a snapshot may be a hint only.
    return proof?.eventId === id ? proof : undefined;
  };

  return {
    blocks: (start, count) => rangeOf(start, count, wireBlockAt),
    headers: (start, count) => rangeOf(start, count, (height) => chain.held(height)?.block.header),
    trustedHeaders: (start, count) => rangeOf(start, count, (height) => (height <= chain.tip().height ? trustedHeaderAt(chain, height) : undefined)),
    events(ids) {
      const found = ids.map((id) => {
        const place = chain.finalBlocks.placeOf(id);
        const event = place && eventAt(chain.held(place.height), place.index);
        return event && eventId(event) === id ? event : undefined;
      });
      return { events: found.filter((event) => event !== undefined), missing: ids.filter((_, i) => !found[i]) };
    },
    votes(hash) {
      const item = chain.held(hash);
      return item?.block.signatures.map(({ key, signature }) => ({ hash, height: item.height, voter: key, signature })) ?? [];
    },
    prove(request) {
      if (request.kind === 'Consistency') return { kind: 'Error', text: 'proves nothing' };
      if (request.kind === 'Batch') return { kind: 'Batch', proofs: request.ids.map(prove).filter((proof) => proof !== undefined) };
      const proof = request.kind === 'Event' ? prove(request.id) : proveEventAt(chain, request.height, request.index);
      return proof ? { kind: 'Event', proof } : { kind: 'NotFound' };
    },
    snapshot(height) {
      const manifest = snapshotAt(height)?.manifest;
      return manifest && { height: manifest.height, head: manifest.blockHash, mmrRoot: manifest.mmrRoot, blocks: manifest.blocks, events: manifest.events, validators: chain.parameters.validators };
    },
    manifest: (height) => snapshotAt(height)?.manifest,
    chunk(height, index) {
      const chunks = snapshotAt(height)?.chunks;
      const bytes = chunks?.[index];
      return chunks && bytes && { total: chunks.length, bytes };
    },
  };
}

function trustedHeaderAt(chain: MolochChain, height: number) {
  const item = chain.held(height);
  return item && trustedHeaderOf(item.block);
}
