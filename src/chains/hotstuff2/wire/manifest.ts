/**
 * The manifest of a snapshot: height(8), block hash, state root, entries(8), entries per chunk(4), chunk count(4), chunk roots (HotStuff-2 reference, 4,
 * message 86, and 4.1).
 * @module
 */
import type { Hash } from '../../../base/hash.ts';
import { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import { WireError } from './wire-error.ts';

/** Entries in a chunk, unless the network says otherwise (HotStuff-2 reference, 4.1). */
export const ENTRIES_PER_CHUNK = 1024;

export interface Manifest {
  readonly height: number;
  readonly block: Hash;
  readonly stateRoot: Hash;
  /** Entries in the state. */
  readonly entries: number;
  /** A power of two, so that a chunk is a subtree. */
  readonly entriesPerChunk: number;
  /** 32 bytes each. */
  readonly chunkRoots: readonly Uint8Array[];
}

export function encodeManifest(manifest: Manifest): Uint8Array {
  const { height, block, stateRoot, entries, entriesPerChunk, chunkRoots } = manifest;
  const writer = new ByteWriter(88 + 32 * chunkRoots.length).u64(height).hash(block).hash(stateRoot).u64(entries).u32(entriesPerChunk).u32(chunkRoots.length);
  for (const root of chunkRoots) writer.bytes(root);
  return writer.done();
}

/** Throws `mismatch` if the number of chunks is not that of the entries. */
export function decodeManifest(bytes: Uint8Array): Manifest {
  const reader = new ByteReader(bytes);
  const height = reader.u64('height');
  const block = reader.hash('block hash');
  const stateRoot = reader.hash('state root');
  const entries = reader.u64('entries');
  const entriesPerChunk = reader.u32('entries per chunk');
  if (!Number.isInteger(Math.log2(entriesPerChunk))) throw new WireError('length', `${entriesPerChunk} entries per chunk is no power of two`);
  const chunks = reader.u32('chunk count');
  if (chunks !== Math.ceil(entries / entriesPerChunk)) throw new WireError('mismatch', `${chunks} chunks of ${entriesPerChunk} for ${entries} entries`);
  if (chunks * 32 > reader.remaining) throw new WireError('truncated', `${chunks} chunk roots in ${reader.remaining} bytes`);
  const chunkRoots = Array.from({ length: chunks }, () => reader.bytes(32, 'chunk root'));
  reader.end('the manifest');
  return { height, block, stateRoot, entries, entriesPerChunk, chunkRoots };
}
