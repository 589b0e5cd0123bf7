/**
 * Making a snapshot (Moloch reference, 4.4): the file of 2.10 with the trusted header, all nodes of the range and the index, cut into chunks, and its manifest.
 * @module
 */
import { concatBytes, fromHex } from '../../../base/bytes.ts';
import type { SnapshotManifest } from '../wire/manifest.ts';
import { encodeSnapshotFile, type SnapshotBodies } from '../wire/snapshot-file.ts';
import { encodeTrustedHeader, type TrustedHeader } from '../wire/trusted-header.ts';
import { encodeEventIndex, type EventPlaceEntry } from './event-index.ts';
import { blockHash, hashBytes, validatorsHash } from './hash.ts';

/** Bytes of a chunk by default (Moloch reference, 4.4). */
export const DEFAULT_CHUNK_SIZE = 256 * 1024;
/** Chunks and bytes of a snapshot, at most (Moloch reference, 4.4). */
export const MAX_CHUNKS = 4096;
export const MAX_SNAPSHOT_SIZE = 512 * 1024 * 1024;

const STATE_TAG = new TextEncoder().encode('moloch-ext/1 state\0');

/** What the second and the third body are hashed to. */
export function stateRoot(mmrBody: Uint8Array, indexBody: Uint8Array): string {
  return hashBytes(STATE_TAG, fromHex(hashBytes(mmrBody)), fromHex(hashBytes(indexBody)));
}

export interface SnapshotParts {
  readonly chainId: string;
  readonly validators: readonly string[];
  /** The header at the snapshot's height. */
  readonly trusted: TrustedHeader;
  /** All nodes of the range over the blocks before that header, in the order of their positions. */
  readonly mmrNodes: readonly string[];
  /** The events up to that header's block. */
  readonly index: readonly EventPlaceEntry[];
  /** Events of all blocks up to it, repeated ones too. */
  readonly events: number;
  /** Unix milliseconds. */
  readonly created: number;
  readonly chunkSize?: number | undefined;
}

export interface MadeSnapshot {
  readonly manifest: SnapshotManifest;
  /** In the order of the file. */
  readonly chunks: readonly Uint8Array[];
}

export function makeSnapshot({ chainId, validators, trusted, mmrNodes, index, events, created, chunkSize = DEFAULT_CHUNK_SIZE }: SnapshotParts): MadeSnapshot {
  const { height, mmrRoot } = trusted.header;
  const bodies: SnapshotBodies = [encodeTrustedHeader(trusted), fromHex(mmrNodes.join('')), encodeEventIndex(index)];
  const common = { height, blockHash: blockHash(trusted.header), mmrRoot, events, blocks: height + 1 };
  const data = concatBytes(...bodies);
  const file = encodeSnapshotFile({ header: { ...common, version: 1, chainId, index: true, size: data.length, dataHash: hashBytes(data), created }, bodies });
  const chunks: Uint8Array[] = [];
  for (let start = 0; start < file.length; start += chunkSize) chunks.push(file.slice(start, start + chunkSize));
  return {
    manifest: {
      ...common,
      stateRoot: stateRoot(bodies[1], bodies[2]),
      validatorsHash: validatorsHash(validators),
      chunkSize,
      totalSize: file.length,
      chunkHashes: chunks.map((chunk) => hashBytes(chunk)),
    },
    chunks,
  };
}
