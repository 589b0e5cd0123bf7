import type { IDBPDatabase, IDBPTransaction } from 'idb';

/** One step of the schema. Runs inside the upgrade transaction, so it may await only requests to this database. */
export interface Migration {
  /** The schema version after this step; the list ascends by one. */
  readonly version: number;
  run(database: IDBPDatabase, transaction: IDBPTransaction<unknown, string[], 'versionchange'>): void | Promise<void>;
}

/**
 * The steps from nothing to today's schema. A released step is never changed, because existing databases have already run it. Version 1:
 * one object store per table of `rows.ts`, keys out of line, values sealed byte rows. Version 2: the data that other clients are shown.
 * Version 3: each row that records a verification also names the network parameters that were used. Earlier rows do not, so they cannot be
 * used. Version 4: transactions that were proven. Version 5: blocks, state and chunks of chains that sync by the engine.
 */
export const MIGRATIONS: readonly Migration[] = [
  {
    version: 1,
    run(database) {
      for (const table of ['meta', 'chain', 'validators', 'elections', 'election-heights', 'keys']) database.createObjectStore(table);
    },
  },
  {
    version: 2,
    run(database) {
      database.createObjectStore('archive');
    },
  },
  {
    version: 3,
    async run(_, transaction) {
      for (const table of ['chain', 'validators', 'elections', 'election-heights', 'archive']) await transaction.objectStore(table).clear();
      for (const key of ['head', 'proof-genesis', 'proof-pinned']) await transaction.objectStore('meta').delete(key);
    },
  },
  {
    version: 4,
    run(database) {
      database.createObjectStore('history');
    },
  },
  {
    version: 5,
    run(database) {
      for (const table of ['blocks', 'state', 'chunks']) database.createObjectStore(table);
    },
  },
];

