import type { IDBPDatabase, IDBPTransaction } from 'idb';

/** One step of the schema. Runs inside the upgrade transaction: nothing but requests to this database may be awaited in it. */
export interface Migration {
  /** The schema version after this step; the list ascends by one. */
  readonly version: number;
  run(database: IDBPDatabase, transaction: IDBPTransaction<unknown, string[], 'versionchange'>): void | Promise<void>;
}

/**
 * The steps from nothing to today's schema. A step that was released is never changed: a database in the field has it behind it.
 * Version 1: one object store per table of `rows.ts`, keys out of line, values sealed byte rows. Version 2: what other clients are shown.
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
];

/** The database's name: `petrel/` and the first 8 hex digits of the genesis hash. */
export function databaseName(genesisHash: string): string {
  return `petrel/${genesisHash.slice(0, 8)}`;
}
