import { type Codec, decode, encode, hash32, struct, u32, u64 } from '../../../base/postcard/codec.ts';
import type { Hash } from '../../../base/hash.ts';
import type { AnswerBlock } from '../../../engine/questions.ts';
import type { OwnedRows } from '../../../storage/owned-rows.ts';
import type { RowWrite } from '../../../storage/rows.ts';
import { historicTransaction } from '../wire/history.ts';
import type { KeptEntry } from './store.ts';

/** Maximum number of rows, and of bytes in all of them. */
const MAX_ROWS = 8192;
const MAX_BYTES = 3_000_000;
/** Maximum size of one row in bytes. Usual ones have some 350; a transaction may have 100 000. */
const MAX_ROW = 8192;
/** Share of both bounds that is left when the oldest rows are deleted. */
const FILL = 0.75;
/** Number of rows read at a time. */
const STEP = 256;

interface Row extends KeptEntry {
  /** Ascends with every row that is written. */
  readonly number: number;
}

interface Held {
  readonly number: number;
  readonly bytes: number;
}

const block = struct<AnswerBlock>({ height: u32, hash: hash32, timestamp: u64 });
/** Number of the row, height, hash and time of the block that proves it, then the entry as on the wire. */
export const historyRow: Codec<Row> = struct<Row>({ number: u64, ground: block, entry: historicTransaction });

/** The proven entries of the history, by their hashes. The rows that were written first are deleted first. */
export class HistoryRows {
  readonly #rows: OwnedRows;
  /** What is held, oldest first; undefined until the first write needs it. */
  #held: Map<Hash, Held> | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(rows: OwnedRows) {
    this.#rows = rows;
  }

  /** See `Store.history`. */
  async get(hashes: readonly Hash[]): Promise<ReadonlyMap<Hash, KeptEntry>> {
    const found = new Map<Hash, KeptEntry>();
    for (const [hash, { entry, ground }] of await this.#read(hashes)) found.set(hash, { entry, ground });
    return found;
  }

  /** See `Store.putHistory`. */
  put(entries: ReadonlyMap<Hash, KeptEntry>): Promise<void> {
    return this.#inTurn(() => this.#put(entries));
  }

  clear(): Promise<void> {
    return this.#inTurn(async () => {
      if ((await this.#rows.keys('history')).length > 0) await this.#rows.write({ durability: 'relaxed', clear: ['history'], writes: [] });
      this.cleared();
    });
  }

  /** All rows were deleted. */
  cleared(): void {
    this.#held = undefined;
  }

  /** One change at a time, because each needs to know what is held. */
  #inTurn(change: () => Promise<void>): Promise<void> {
    const changed = this.#writing.then(change);
    this.#writing = changed.catch(() => undefined);
    return changed;
  }

  async #put(entries: ReadonlyMap<Hash, KeptEntry>): Promise<void> {
    const held = (this.#held ??= await this.#readAll());
    let next = (Array.from(held.values()).at(-1)?.number ?? 0) + 1;
    const writes: RowWrite[] = [];
    for (const [hash, kept] of entries) {
      const write = this.#rows.sealed('history', hash, encode(historyRow, { number: next, ...kept }));
      const bytes = write.value?.length ?? 0;
      if (bytes > MAX_ROW) continue;
      writes.push(write);
      // In the order of writing.
      held.delete(hash);
      held.set(hash, { number: next, bytes });
      next += 1;
    }
    if (writes.length === 0) return;
    for (const hash of oldest(held)) {
      held.delete(hash);
      writes.push({ table: 'history', key: hash, value: undefined });
    }
    try {
      await this.#rows.write({ durability: 'relaxed', writes });
    } catch (error) {
      this.#held = undefined;
      throw error;
    }
  }

  async #readAll(): Promise<Map<Hash, Held>> {
    const keys = (await this.#rows.keys('history')).filter((key) => typeof key === 'string');
    const all: (readonly [Hash, Held])[] = [];
    for (let from = 0; from < keys.length; from += STEP) {
      const step = keys.slice(from, from + STEP);
      const read = await this.#read(step);
      // Rows that cannot be read go first.
      for (const key of step) all.push([key, { number: read.get(key)?.number ?? 0, bytes: read.get(key)?.bytes ?? 0 }]);
    }
    return new Map(all.toSorted(([, a], [, b]) => a.number - b.number));
  }

  async #read(hashes: readonly Hash[]): Promise<ReadonlyMap<Hash, Row & { readonly bytes: number }>> {
    const rows = await this.#rows.get(hashes.map((key) => ({ table: 'history', key })));
    const found = new Map<Hash, Row & { readonly bytes: number }>();
    for (const [index, hash] of hashes.entries()) {
      const sealed = rows[index];
      const payload = this.#rows.unseal('history', hash, sealed);
      const read = payload && decoded(payload);
      if (read && sealed) found.set(hash, { ...read, bytes: sealed.length });
    }
    return found;
  }
}

/** What has to go when a bound is passed; nothing as long as none is. */
function oldest(held: ReadonlyMap<Hash, Held>): readonly Hash[] {
  let bytes = 0;
  for (const each of held.values()) bytes += each.bytes;
  if (held.size <= MAX_ROWS && bytes <= MAX_BYTES) return [];
  const gone: Hash[] = [];
  for (const [hash, each] of held) {
    if (held.size - gone.length <= MAX_ROWS * FILL && bytes <= MAX_BYTES * FILL) break;
    gone.push(hash);
    bytes -= each.bytes;
  }
  return gone;
}

/** Undefined: the payload is no such row. */
function decoded(payload: Uint8Array): Row | undefined {
  try {
    return decode(historyRow, payload);
  } catch {
    return undefined;
  }
}
