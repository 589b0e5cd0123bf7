/**
 * An entry of the state: key length(2) key value length(4) value (HotStuff-2 reference, 3).
 * @module
 */
import { compareBytes } from '../../../base/bytes.ts';
import { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import { WireError } from './wire-error.ts';

export interface StateEntry {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

export function encodeStateEntry({ key, value }: StateEntry): Uint8Array {
  return new ByteWriter(6 + key.length + value.length).u16(key.length).bytes(key).u32(value.length).bytes(value).done();
}

export function decodeStateEntry(bytes: Uint8Array): StateEntry {
  const reader = new ByteReader(bytes);
  const entry = readStateEntry(reader);
  reader.end('the entry');
  return entry;
}

export function readStateEntry(reader: ByteReader): StateEntry {
  const key = reader.bytes(reader.u16('key length'), 'key');
  if (key.length === 0) throw new WireError('empty-key', 'an entry has a key');
  return { key, value: reader.bytes(reader.u32('value length'), 'value') };
}

/** A chunk of a snapshot: count(4), then entries, whose keys ascend strictly. */
export function encodeChunk(entries: readonly StateEntry[]): Uint8Array {
  const writer = new ByteWriter().u32(entries.length);
  for (const entry of entries) writer.bytes(encodeStateEntry(entry));
  return writer.done();
}

export function decodeChunk(bytes: Uint8Array): readonly StateEntry[] {
  const reader = new ByteReader(bytes);
  const count = reader.u32('entry count');
  // Each takes seven bytes at least.
  if (count > reader.remaining / 7) throw new WireError('truncated', `${count} entries in ${reader.remaining} bytes`);
  const entries: StateEntry[] = [];
  for (let i = 0; i < count; i += 1) {
    const entry = readStateEntry(reader);
    if (i > 0 && compareBytes(entries[i - 1]!.key, entry.key) >= 0) throw new WireError('order', `key ${i} of the chunk`);
    entries.push(entry);
  }
  reader.end('the chunk');
  return entries;
}
