import { concatBytes } from '../base/bytes.ts';
import type { ChunkStore } from '../engine/sync/sync-chain.ts';
import type { OwnedRows } from './owned-rows.ts';

/** Rows read in one transaction; a chunk has at most some megabytes. */
const ROWS_AT_ONCE = 8;

/**
 * The checked chunks of one snapshot, one row a chunk, by its index. Layout of a row, big-endian: length of the snapshot's id (2 bytes), the id
 * in UTF-8, the chunk. A chunk of another snapshot empties the table first. Throws `StorageError`.
 */
export class ChunkRows implements ChunkStore {
  readonly #rows: OwnedRows;
  /** The snapshot of which the table has chunks; undefined: unknown, or none. */
  #current: string | undefined;

  constructor(rows: OwnedRows) {
    this.#rows = rows;
  }

  /** Damaged rows, and those of another snapshot, are left out. */
  async load(snapshot: string): Promise<ReadonlyMap<number, Uint8Array>> {
    const chunks = new Map<number, Uint8Array>();
    const keys = (await this.#rows.keys('chunks')).filter((key) => typeof key === 'number').toSorted((a, b) => a - b);
    for (let at = 0; at < keys.length; at += ROWS_AT_ONCE) {
      const some = keys.slice(at, at + ROWS_AT_ONCE);
      const rows = await this.#rows.get(some.map((key) => ({ table: 'chunks', key })));
      for (const [index, key] of some.entries()) {
        const payload = this.#rows.unseal('chunks', key, rows[index]);
        const chunk = payload && chunkOf(payload, snapshot);
        if (chunk) chunks.set(key, chunk);
      }
    }
    if (chunks.size > 0) this.#current = snapshot;
    return chunks;
  }

  async put(snapshot: string, index: number, chunk: Uint8Array): Promise<void> {
    const clear = this.#current === snapshot ? undefined : (['chunks'] as const);
    // Before the write, so that a chunk that is put meanwhile does not clear this one. Transactions run in their order.
    this.#current = snapshot;
    try {
      await this.#rows.write({ durability: 'relaxed', clear, writes: [this.#rows.sealed('chunks', index, concatBytes(prefix(snapshot), chunk))] });
    } catch (error) {
      // Chunks of another snapshot may be there still; `load` would leave them out, and the next one to put clears them.
      if (clear) this.#current = undefined;
      throw error;
    }
  }

  async clear(): Promise<void> {
    this.#current = undefined;
    await this.#rows.write({ durability: 'relaxed', clear: ['chunks'], writes: [] });
  }
}

function prefix(snapshot: string): Uint8Array {
  const id = new TextEncoder().encode(snapshot);
  const length = new Uint8Array(2);
  new DataView(length.buffer).setUint16(0, id.length);
  return concatBytes(length, id);
}

/** The chunk in the row, if it is of this snapshot. */
function chunkOf(payload: Uint8Array, snapshot: string): Uint8Array | undefined {
  const wanted = prefix(snapshot);
  return payload.length >= wanted.length && wanted.every((byte, index) => payload[index] === byte) ? payload.slice(wanted.length) : undefined;
}
