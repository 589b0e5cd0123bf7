/**
 * The chain in one piece, for another browser: the record of its newest final block, the state there as one chunk, and the blocks above it. Nothing in it
 * is trusted by the one that imports it.
 *
 * Bytes, big-endian: record (`store/chain-record.ts`), length(4) chunk (the form of a snapshot's), length(4) blocks (the form of the store's).
 * @module
 */
import type { Hs2Item } from '../chain/hs2-block.ts';
import type { KeyValueState } from '../chain/state.ts';
import { readRecord, writeRecord } from '../store/chain-record.ts';
import type { ChainRecord } from '../store/chain-record.ts';
import type { StoredChain } from '../store/hotstuff2-store.ts';
import { decodePending, encodePending } from '../store/item-bytes.ts';
import { ByteReader } from '../wire/byte-reader.ts';
import { ByteWriter } from '../wire/byte-writer.ts';
import { decodeChunk, encodeChunk } from '../wire/state-entry.ts';

/** Bytes of blocks above the final one: those of a network that made no block final for a while stay behind. */
const MAX_PENDING_BYTES = 8 * 1024 * 1024;

export function encodeChainFile(record: Omit<ChainRecord, 'from' | 'blockBytes' | 'hasState'>, state: KeyValueState | undefined, pending: readonly Hs2Item[]): Uint8Array {
  const chunk = encodeChunk(state?.entries ?? []);
  const blocks = encodePending(pending, MAX_PENDING_BYTES);
  const writer = writeRecord(new ByteWriter(chunk.length + blocks.length + 4096), { ...record, from: record.root.header.height + 1, blockBytes: 0, hasState: state !== undefined });
  return writer.u32(chunk.length).bytes(chunk).u32(blocks.length).bytes(blocks).done();
}

/** Throws `WireError`. */
export function decodeChainFile(bytes: Uint8Array): StoredChain {
  const reader = new ByteReader(bytes);
  const record = readRecord(reader);
  const entries = decodeChunk(reader.bytes(reader.u32('state length'), 'state'));
  const pending = decodePending(reader.bytes(reader.u32('blocks length'), 'blocks'));
  reader.end('the chain');
  return { record, itemsFrom: record.root.header.height + 1, items: [], state: record.hasState ? entries : undefined, pending };
}
