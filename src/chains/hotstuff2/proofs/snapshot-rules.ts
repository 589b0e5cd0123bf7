/**
 * Snapshots of the state (HotStuff-2 reference, 4.1): the manifest is checked against a final header before a chunk is fetched, each chunk by itself as it
 * comes, and nothing is imported until all are there.
 * @module
 */
import { compareBytes, equalBytes, toHex } from '../../../base/bytes.ts';
import { CodedError } from '../../../base/coded-error.ts';
import type { Hash } from '../../../base/hash.ts';
import type { Fault, Snapshot, SnapshotRules } from '../../../engine/sync/sync-chain.ts';
import type { Header } from '../wire/header.ts';
import { decodeManifest } from '../wire/manifest.ts';
import type { Manifest } from '../wire/manifest.ts';
import { decodeChunk, encodeStateEntry } from '../wire/state-entry.ts';
import type { StateEntry } from '../wire/state-entry.ts';
import { stateRootOf } from '../chain/state-root.ts';
import { rootOfHashes, treeRoot } from '../chain/tree.ts';

export interface Hs2Snapshot extends Snapshot {
  readonly manifest: Manifest;
  /** The final header whose state it is. */
  readonly header: Header;
}

export interface SnapshotContext {
  /** The header of this height and hash, if it was proven to be final. It may have to be fetched. */
  readonly finalHeader: (height: number, hash: Hash, signal: AbortSignal) => Promise<Header | undefined>;
  /** Puts all entries, which ascend by key, in place of the state, in one transaction. `state-too-large` and the like: nothing has changed. */
  readonly replace: (snapshot: Hs2Snapshot, entries: readonly StateEntry[]) => Promise<Fault | undefined>;
}

const lie = (code: string, data: Fault['data'] = {}): Fault => ({ code, weight: 'lie', data });

/** The rule that a manifest breaks against a final header, whose hash is `hash`. */
export function checkManifest(manifest: Manifest, hash: Hash, header: Header): Fault | undefined {
  const { height, blockHash, stateRoot, entries, chunkRoots } = manifest;
  if (height !== header.height || toHex(blockHash) !== hash) return lie('manifest-block', { height });
  if (toHex(stateRoot) !== header.stateRoot) return lie('manifest-root', { height });
  return stateRootOf(entries, rootOfHashes(chunkRoots)) === header.stateRoot ? undefined : lie('manifest-chunks', { height });
}

/** The rule that one chunk breaks. Its keys ascend, its entries are as many as its place asks for, and their root is the one of the manifest. */
export function checkChunk({ entries, entriesPerChunk, chunkRoots }: Manifest, index: number, chunk: Uint8Array): Fault | undefined {
  const root = chunkRoots[index];
  const decoded = decodeOr(() => decodeChunk(chunk));
  if (!root || !decoded) return lie('chunk-form', { index });
  if (decoded.length !== Math.min(entriesPerChunk, entries - index * entriesPerChunk)) return lie('chunk-count', { index });
  return equalBytes(treeRoot(decoded.map(encodeStateEntry)), root) ? undefined : lie('chunk-root', { index });
}

/** The entries of all chunks, in order; a fault if keys do not ascend from chunk to chunk. Each chunk must have been checked. */
export function joinChunks(chunks: readonly Uint8Array[]): readonly StateEntry[] | Fault {
  const entries = chunks.flatMap((chunk) => decodeChunk(chunk));
  const at = entries.findIndex(({ key }, i) => i > 0 && compareBytes(entries[i - 1]!.key, key) >= 0);
  return at < 0 ? entries : lie('chunk-order', { entry: at });
}

export function snapshotRules({ finalHeader, replace }: SnapshotContext): SnapshotRules<Hs2Snapshot> {
  return {
    async checkManifest(bytes, signal) {
      const manifest = decodeOr(() => decodeManifest(bytes));
      if (!manifest) return lie('manifest-form');
      const hash = toHex(manifest.blockHash);
      const header = await finalHeader(manifest.height, hash, signal);
      if (!header) return { code: 'manifest-not-final', weight: 'offence', data: { height: manifest.height } };
      const id = `${manifest.height}/${hash}/${toHex(manifest.stateRoot)}/${manifest.entriesPerChunk}`;
      return checkManifest(manifest, hash, header) ?? { id, height: manifest.height, chunks: manifest.chunkRoots.length, size: undefined, manifest, header };
    },
    checkChunk: ({ manifest }, index, chunk) => checkChunk(manifest, index, chunk),
    async import(snapshot, chunks) {
      const { manifest } = snapshot;
      if (chunks.length !== manifest.chunkRoots.length) return lie('chunk-count', { chunks: chunks.length });
      for (const [index, chunk] of chunks.entries()) {
        const fault = checkChunk(manifest, index, chunk);
        if (fault) return fault;
      }
      const entries = joinChunks(chunks);
      return 'code' in entries ? entries : replace(snapshot, entries);
    },
  };
}

function decodeOr<T>(decode: () => T): T | undefined {
  try {
    return decode();
  } catch (error) {
    if (error instanceof CodedError) return undefined;
    throw error;
  }
}
