import { DecodeError, EncodeError } from '../../../base/postcard/errors.ts';
import { Reader } from '../../../base/postcard/reader.ts';
import { Writer } from '../../../base/postcard/writer.ts';

/** What a snapshot consists of (HotStuff-2 reference, 4 and 4.1). Hashes and roots are 32 bytes. */
export interface Manifest {
  readonly height: number;
  readonly blockHash: Uint8Array;
  readonly stateRoot: Uint8Array;
  readonly entries: number;
  /** A power of two. */
  readonly entriesPerChunk: number;
  /** One root for each chunk: as many as the entries need. */
  readonly chunkRoots: readonly Uint8Array[];
}

/** Chunks of one snapshot: their roots fill a frame of 8 MiB with room for the rest. */
export const MAX_CHUNKS = 262_000;

const U32 = 0xffff_ffff;

/** Whether `value` is 1, 2, 4 … 2^31. */
function isPowerOfTwo(value: number): boolean {
  return value > 0 && value <= 0x8000_0000 && Number.isInteger(Math.log2(value));
}

/** How many chunks so many entries make. A state without entries has none. */
export function chunkCount(entries: number, entriesPerChunk: number): number {
  return Math.ceil(entries / entriesPerChunk);
}

/** Writes the body of the frame Manifest. Throws `EncodeError`. */
export function writeManifest(w: Writer, manifest: Manifest): void {
  if (!isPowerOfTwo(manifest.entriesPerChunk)) throw new EncodeError('out-of-range', `${manifest.entriesPerChunk} entries a chunk`);
  if (manifest.chunkRoots.length !== chunkCount(manifest.entries, manifest.entriesPerChunk)) throw new EncodeError('inconsistent', `${manifest.chunkRoots.length} chunk roots`);
  w.bigEndian(manifest.height, 8, Number.MAX_SAFE_INTEGER);
  w.fixed(manifest.blockHash, 32);
  w.fixed(manifest.stateRoot, 32);
  w.bigEndian(manifest.entries, 8, Number.MAX_SAFE_INTEGER);
  w.bigEndian(manifest.entriesPerChunk, 4, U32);
  w.bigEndian(manifest.chunkRoots.length, 4, MAX_CHUNKS);
  for (const root of manifest.chunkRoots) w.fixed(root, 32);
}

/** Reads the body of the frame Manifest. Throws `DecodeError`. */
export function readManifest(r: Reader): Manifest {
  const height = r.bigEndian(8);
  const blockHash = r.fixed(32);
  const stateRoot = r.fixed(32);
  const start = r.offset;
  const entries = r.bigEndian(8);
  const entriesPerChunk = r.bigEndian(4);
  if (!isPowerOfTwo(entriesPerChunk)) throw new DecodeError('invalid-value', start + 8, `${entriesPerChunk} entries a chunk`);
  const chunks = r.bigEndian(4);
  if (chunks > MAX_CHUNKS) throw new DecodeError('length-over-limit', start + 12, `${chunks} chunks`);
  if (chunks !== chunkCount(entries, entriesPerChunk)) throw new DecodeError('invalid-value', start + 12, `${chunks} chunks for ${entries} entries`);
  const chunkRoots: Uint8Array[] = [];
  for (let i = 0; i < chunks; i += 1) chunkRoots.push(r.fixed(32));
  return { height, blockHash, stateRoot, entries, entriesPerChunk, chunkRoots };
}

/** A manifest as bytes. Throws `EncodeError`. */
export function encodeManifest(manifest: Manifest): Uint8Array {
  const w = new Writer();
  writeManifest(w, manifest);
  return w.finish();
}

/** A manifest from bytes, none left over. Throws `DecodeError`. */
export function decodeManifest(bytes: Uint8Array): Manifest {
  const r = new Reader(bytes);
  const manifest = readManifest(r);
  if (r.remaining > 0) throw new DecodeError('trailing-bytes', r.offset, `${r.remaining} bytes left over`);
  return manifest;
}
