/**
 * What proves that a key is in the state, or not (HotStuff-2 reference, 4, message 8B): present(1), then for each proven entry index(8), count(8), the
 * entry, path length(1) and the path, 32 bytes each. Present: that entry alone. Absent: the neighbours of where the key would be, in order: two, or one
 * at an end, or none in an empty state. They go to the end of the bytes.
 * @module
 */
import { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import { encodeStateEntry, readStateEntry } from './state-entry.ts';
import type { StateEntry } from './state-entry.ts';
import { WireError } from './wire-error.ts';

/** Hashes of a path at most: the entry count is below 2^53. */
const MAX_PATH = 53;

export interface ProvenEntry {
  readonly index: number;
  /** Entries in the state. */
  readonly count: number;
  readonly entry: StateEntry;
  /** From the entry up, 32 bytes each. */
  readonly path: readonly Uint8Array[];
}

export interface StateProof {
  readonly present: boolean;
  /** One if present; else none to two. */
  readonly entries: readonly ProvenEntry[];
}

export function encodeStateProof({ present, entries }: StateProof): Uint8Array {
  requireCount(present, entries.length);
  const writer = new ByteWriter(1024).u8(present ? 1 : 0);
  for (const { index, count, entry, path } of entries) {
    writer.u64(index).u64(count).bytes(encodeStateEntry(entry)).u8(path.length);
    for (const hash of path) writer.bytes(hash);
  }
  return writer.done();
}

export function decodeStateProof(bytes: Uint8Array): StateProof {
  const reader = new ByteReader(bytes);
  const flag = reader.u8('present');
  if (flag > 1) throw new WireError('flag', `present ${flag}`);
  const entries: ProvenEntry[] = [];
  while (reader.remaining > 0 && entries.length < 3) entries.push(readProvenEntry(reader));
  reader.end('the state proof');
  requireCount(flag === 1, entries.length);
  return { present: flag === 1, entries };
}

function readProvenEntry(reader: ByteReader): ProvenEntry {
  const index = reader.u64('index');
  const count = reader.u64('count');
  const entry = readStateEntry(reader);
  const length = reader.u8('path length');
  if (length > MAX_PATH) throw new WireError('length', `path of ${length} hashes`);
  return { index, count, entry, path: Array.from({ length }, () => reader.bytes(32, 'path')) };
}

function requireCount(present: boolean, count: number): void {
  if (present ? count !== 1 : count > 2) throw new WireError('length', `${count} entries in a proof that a key is ${present ? 'present' : 'absent'}`);
}
