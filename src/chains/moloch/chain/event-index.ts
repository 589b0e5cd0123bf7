/**
 * The third body of a snapshot (Moloch reference, 4.4): where each event is. Entries of 44 bytes: event id, height u64, index u32, little-endian; ascending by id, each id once,
 * with its first place.
 * @module
 */
// Tests: `src/chains/moloch/chain/snapshot.test.ts`.
import { BincodeReader, BincodeWriter } from '../wire/bincode.ts';
import { MolochCodecError } from '../wire/codec-error.ts';
import type { MolochEvent } from '../wire/event.ts';
import { eventId } from './hash.ts';

export interface EventPlaceEntry {
  readonly id: string;
  readonly height: number;
  readonly index: number;
}

/** The index of blocks in ascending order. */
export function indexEvents(blocks: Iterable<{ readonly height: number; readonly events: readonly MolochEvent[] }>): EventPlaceEntry[] {
  const places = new Map<string, EventPlaceEntry>();
  for (const { height, events } of blocks) {
    for (const [index, event] of events.entries()) {
      const id = eventId(event);
      if (!places.has(id)) places.set(id, { id, height, index });
    }
  }
  return [...places.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

export function encodeEventIndex(entries: readonly EventPlaceEntry[]): Uint8Array {
  const w = new BincodeWriter();
  for (const { id, height, index } of entries) {
    w.hex(id, 32);
    w.u64(height);
    w.u32(index);
  }
  return w.finish();
}

/** Throws `MolochCodecError`: `unexpected-end`, `too-large`, or `not-ascending`. */
export function decodeEventIndex(bytes: Uint8Array): EventPlaceEntry[] {
  const r = new BincodeReader(bytes);
  const entries: EventPlaceEntry[] = [];
  while (r.remaining > 0) {
    const at = r.offset;
    const entry = { id: r.hex(32), height: r.u64(), index: r.u32() };
    if (entries.length > 0 && entries.at(-1)!.id >= entry.id) throw new MolochCodecError('not-ascending', at, entry.id);
    entries.push(entry);
  }
  return entries;
}
