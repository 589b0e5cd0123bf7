/**
 * The store's rows as bytes under keys, and the interface of a place that keeps them. There are two such places: `memory-rows.ts` and
 * `indexed-db-rows.ts`. The code that gives the bytes a meaning is in each chain's store (`albatross-store.ts`), once for both.
 * @module
 */

/**
 * - `meta`: `head` (the pointer to everything else), `fencing`, `bans` (peers that lied), `peers` (peers that served us well), in tests
 *   `journal` (`owner-journal.ts`), and `proof-genesis`, `proof-pinned` (how far the election chain is verified from there; they outlive
 *   the chain)
 * - `chain`: `checkpoint` (the newest one) and `tail` (the running batch in one row, because each row is expensive for the database
 *   engines)
 * - `validators`: whole election blocks, by height: the newest and its predecessor
 * - `elections`: every election block without its validator list, by height
 * - `election-heights`: height by hash, so that `elections` needs no secondary index
 * - `keys`: decoded voting keys, by the hash of the compressed key
 * - `archive`: the part of the way from genesis that other clients are shown: whole election blocks, by hash, and under `proof` the newest
 *   zero-knowledge proof
 * - `history`: transactions that were proven by a final block, by their hash
 *
 * Of the chains that sync by the engine (`engine/sync`):
 * - `blocks`: whole blocks, up to 64 in a row, by the height of the first divided by 64 (`block-segments.ts`)
 * - `state`: the entries of the state at the head, by the hex of their key (`state-rows.ts`)
 * - `meta`, of HotStuff-2: `pending` (blocks above the final one) and `halt` (two proofs that contradict each other)
 * - `chain`, of Moloch: `base`, `halt` and `spent`; its `state` has the hashes and places below its base (`chains/moloch/store`)
 * - `meta`: `bans` and `peers` are the same for them (`kept-peers.ts`)
 * - `chain`, of Stacks: hand-overs and inventories by cycle; its `meta` has `halt`, too (`chains/stacks/store`)
 * - `chunks`: checked chunks of a snapshot that is not complete yet, by their index (`chunk-rows.ts`)
 */
export const TABLES = ['meta', 'chain', 'validators', 'elections', 'election-heights', 'keys', 'archive', 'history', 'blocks', 'state', 'chunks'] as const;
export type Table = (typeof TABLES)[number];

export type RowKey = string | number;

export interface RowWrite {
  readonly table: Table;
  readonly key: RowKey;
  /** Undefined deletes the row. */
  readonly value: Uint8Array | undefined;
}

/** One transaction: first the clearing, then the writes in their order. All of it takes effect or nothing. */
export interface WriteBatch {
  /** `strict`: the data is on disk when the promise resolves. */
  readonly durability: 'strict' | 'relaxed';
  readonly clear?: readonly Table[] | undefined;
  /** Deletes the rows of `table` with a key below `key`. */
  readonly deleteBelow?: { readonly table: Table; readonly key: number } | undefined;
  readonly writes: readonly RowWrite[];
}

/**
 * Called inside the write transaction with the stored row `meta/fencing`. An error that it throws aborts the transaction and is rethrown;
 * the rows that it returns are written before the rest.
 */
export type Guard = (fencing: Uint8Array | undefined) => readonly RowWrite[];

/** A place for rows. Throws only `StorageError`. */
export interface Rows {
  readonly kind: 'indexeddb' | 'memory';
  /** Tables were missing, so the whole database was created again, empty. */
  readonly rebuilt: boolean;
  /** Reads all rows as of one moment, in the order of the request. */
  get(rows: readonly { readonly table: Table; readonly key: RowKey }[]): Promise<readonly (Uint8Array | undefined)[]>;
  keys(table: Table): Promise<readonly RowKey[]>;
  write(batch: WriteBatch, guard: Guard): Promise<void>;
  /** Sum of the lengths of all values. */
  size(): Promise<number>;
  close(): Promise<void>;
  /** Whether a wipe could not reach them: they are to be emptied before anything in them is read. Undefined: such rows are always reached. */
  isMarked?(): Promise<boolean>;
  /** They were emptied. */
  unmark?(): Promise<void>;
}
