import { checkSigners } from '../chain/trusted-header-rules.ts';
import { trustedHeaderOf } from '../chain/moloch-block.ts';
import type { SnapshotContent } from '../chain/snapshot-rules.ts';
import { blockHash } from '../chain/hash.ts';
import type { StoredBase } from '../store/moloch-store.ts';
import type { MolochState } from './moloch-state.ts';

/** The base that a snapshot brings: the trust begins at its header. */
export function baseOfSnapshot({ trusted, mmr, index, events }: SnapshotContent): StoredBase {
  const { header } = trusted;
  return { record: { fromGenesis: false, anchorHeight: header.height, anchorHash: blockHash(header), checked: 0, trusted, events, indexed: true }, mmr, index };
}

/** The base at a final height, whose block is held with enough signatures; undefined where it is not. */
export function baseAt(state: MolochState, validators: readonly string[], height: number): StoredBase | undefined {
  const { blocks, trust, final } = state;
  const item = height > 0 && height <= final.height ? blocks.at(height) : undefined;
  if (!item || checkSigners(item.block.signatures, validators)) return undefined;
  let { events } = blocks;
  for (let above = height + 1; above <= final.height; above += 1) events -= blocks.at(above)?.block.header.eventsCount ?? 0;
  const record = {
    fromGenesis: trust.kind === 'genesis', anchorHeight: trust.height, anchorHash: trust.hash, checked: trust.blocks - (final.height - height),
    trusted: trustedHeaderOf(item.block), events, indexed: blocks.indexed,
  };
  return { record, mmr: blocks.mmr, index: blocks.places().filter((entry) => entry.height <= height) };
}
