/**
 * The store's rows as bytes under keys, and what a place to keep them has to offer. There are two such places: `memory-rows.ts`
 * and `indexed-db-rows.ts`. Everything that gives the bytes a meaning is in `chain-store.ts`, once for both.
 * @module
 */

/**
 * - `meta`: `head` (the pointer to everything else), `fencing`, `bans` (peers that lied), in tests `journal` (`owner-journal.ts`), and
 *   `proof-genesis`, `proof-pinned` (how far the election chain is verified from there; they outlive the chain)
 * - `chain`: `checkpoint` (the newest one) and `tail` (the running batch, one row: engines pay dearly per row)
 * - `validators`: whole election blocks, by height: the newest and its predecessor
 * - `elections`: every election block without its validator list, by height
 * - `election-heights`: height by hash, so that `elections` needs no secondary index
 * - `keys`: decoded voting keys, by the hash of the compressed one
 * - `archive`: what other clients are shown of the way from genesis: whole election blocks, by hash, and under `proof` the newest zero-knowledge proof
 */
export const TABLES = ['meta', 'chain', 'validators', 'elections', 'election-heights', 'keys', 'archive'] as const;
export type Table = (typeof TABLES)[number];

export type RowKey = string | number;

export interface RowWrite {
  readonly table: Table;
  readonly key: RowKey;
  /** Undefined deletes the row. */
  readonly value: Uint8Array | undefined;
}

/** One transaction: the clearing first, then the writes in their order. All of it happens or nothing. */
export interface WriteBatch {
  /** `strict`: on the disk when the promise resolves. */
  readonly durability: 'strict' | 'relaxed';
  readonly clear?: readonly Table[] | undefined;
  /** Deletes the rows of `table` with a key below `key`. */
  readonly deleteBelow?: { readonly table: Table; readonly key: number } | undefined;
  readonly writes: readonly RowWrite[];
}

/**
 * Called inside the write transaction with the stored row `meta/fencing`. What it throws aborts the transaction and is thrown on;
 * what it returns is written before the rest.
 */
export type Guard = (fencing: Uint8Array | undefined) => readonly RowWrite[];

/** A place for rows. Throws `StorageError` only. */
export interface Rows {
  readonly kind: 'indexeddb' | 'memory';
  /** Tables were missing and everything was made anew, empty. */
  readonly rebuilt: boolean;
  /** All of them as of one moment, in the order of the question. */
  get(rows: readonly { readonly table: Table; readonly key: RowKey }[]): Promise<readonly (Uint8Array | undefined)[]>;
  keys(table: Table): Promise<readonly RowKey[]>;
  write(batch: WriteBatch, guard: Guard): Promise<void>;
  /** Sum of the lengths of all values. */
  size(): Promise<number>;
  close(): Promise<void>;
}
