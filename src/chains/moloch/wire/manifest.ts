import { decode, encode, hash, list, struct, u32, u64, type Codec } from './codec.ts';

/** What a peer says of a snapshot before it sends the chunks (Moloch reference, 4.3 and 4.4). */
export interface SnapshotManifest {
  readonly height: number;
  readonly blockHash: string;
  readonly mmrRoot: string;
  readonly stateRoot: string;
  readonly validatorsHash: string;
  readonly blocks: number;
  readonly events: number;
  /** Bytes of every chunk but the last. */
  readonly chunkSize: number;
  readonly totalSize: number;
  readonly chunkHashes: readonly string[];
}

export const manifestFields = {
  height: u64, blockHash: hash, mmrRoot: hash, stateRoot: hash, validatorsHash: hash, blocks: u64, events: u64, chunkSize: u32, totalSize: u64, chunkHashes: list(hash),
};

const manifest: Codec<SnapshotManifest> = struct<SnapshotManifest>(manifestFields);

/** The manifest without the request's id, as the sync hands it on. */
export function encodeManifest(value: SnapshotManifest): Uint8Array {
  return encode(manifest, value);
}

/** Throws `MolochCodecError`. */
export function decodeManifest(data: Uint8Array): SnapshotManifest {
  return decode(manifest, data);
}
