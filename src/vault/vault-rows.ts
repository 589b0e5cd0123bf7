import { openDatabase } from '../storage/open-database.ts';
import type { Migration } from '../storage/schema.ts';
import { StorageError } from '../storage/storage-error.ts';

/** What was found under each id. A database may contain anything, so the values are unchecked. */
export type StoredRows = ReadonlyMap<string, unknown>;

/** Says what is written under the id: bytes, or undefined to delete. An error that it throws ends the transaction without a change. */
export type Change = (rows: StoredRows) => Uint8Array | undefined;

/** Where the records are. Throws `StorageError`, and what a `Change` throws. */
export interface VaultRows {
  readonly kind: 'stored' | 'memory';
  all(): Promise<StoredRows>;
  /** Reads all rows and writes one in one transaction, so that two tabs cannot overwrite each other's changes. */
  change(id: string, change: Change): Promise<void>;
  close(): Promise<void>;
}

export const DATABASE = 'petrel-wallet';
const STORE = 'accounts';

/** A released step is never changed. */
const MIGRATIONS: readonly Migration[] = [{ version: 1, run: (database) => void database.createObjectStore(STORE) }];

type Database = Awaited<ReturnType<typeof openDatabase>>;

/** One row for each account, under its id. */
export class IndexedDbVaultRows implements VaultRows {
  readonly kind = 'stored';
  #connection: Promise<Database> | undefined;
  #closed = false;

  async all(): Promise<StoredRows> {
    const database = await this.#open();
    try {
      return await rowsIn(database.transaction(STORE, 'readonly').store);
    } catch (error) {
      throw this.#failed(error);
    }
  }

  async change(id: string, change: Change): Promise<void> {
    const database = await this.#open();
    let refused: { readonly error: unknown } | undefined;
    try {
      const transaction = database.transaction(STORE, 'readwrite', { durability: 'strict' });
      // Reported once, below.
      transaction.done.catch(() => undefined);
      const rows = await rowsIn(transaction.store);
      try {
        const value = change(rows);
        await (value ? transaction.store.put(value, id) : transaction.store.delete(id));
      } catch (error) {
        refused = { error };
        transaction.abort();
      }
      await transaction.done;
    } catch (error) {
      if (refused && !(refused.error instanceof DOMException)) throw refused.error;
      throw this.#failed(error);
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    const connection = this.#connection;
    this.#connection = undefined;
    await connection?.then((database) => database.close()).catch(() => undefined);
  }

  #open(): Promise<Database> {
    if (this.#closed) return Promise.reject(new StorageError('closed', 'the vault is closed'));
    if (this.#connection) return this.#connection;
    const lost = (): void => {
      if (this.#connection === connection) this.#connection = undefined;
    };
    const connection: Promise<Database> = openDatabase({ name: DATABASE, migrations: MIGRATIONS, onLost: lost });
    this.#connection = connection;
    connection.catch(lost);
    return connection;
  }

  /** After a failure of the database the next call opens it anew. */
  #failed(error: unknown): unknown {
    if (!(error instanceof DOMException)) return error;
    if (error.name === 'QuotaExceededError') return new StorageError('quota', 'the browser gives no more room', { cause: error });
    const connection = this.#connection;
    this.#connection = undefined;
    connection?.then((database) => database.close()).catch(() => undefined);
    return new StorageError('aborted', `the transaction failed: ${error.message}`, { cause: error });
  }
}

/** Where the browser stores nothing. */
export class MemoryVaultRows implements VaultRows {
  readonly kind = 'memory';
  readonly #rows = new Map<string, Uint8Array>();

  async all(): Promise<StoredRows> {
    return new Map(this.#rows);
  }

  async change(id: string, change: Change): Promise<void> {
    const value = change(this.#rows);
    if (value) this.#rows.set(id, value);
    else this.#rows.delete(id);
  }

  async close(): Promise<void> {
    this.#rows.clear();
  }
}

async function rowsIn(store: { getAllKeys(): Promise<IDBValidKey[]>; getAll(): Promise<unknown[]> }): Promise<StoredRows> {
  const [keys, values] = await Promise.all([store.getAllKeys(), store.getAll()]);
  return new Map(keys.map((key, at) => [String(key), values[at]]));
}
