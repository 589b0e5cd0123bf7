// Tests: `src/chains/albatross/store/indexed-db-store.test.ts`, `test/client/indexed-db.test.ts`.
import { deleteDB, type IDBPDatabase } from 'idb';
import { openDatabase } from './open-database.ts';
import type { JournalKind, OwnerJournal } from './owner-journal.ts';
import type { Guard, RowKey, Rows, Table, WriteBatch } from './rows.ts';
import { TABLES } from './rows.ts';
import type { Migration } from './schema.ts';
import { StorageError } from './storage-error.ts';
import { isMarkedForWipe, unmarkForWipe } from './wipe-mark.ts';

/** Milliseconds that a transaction may take before the connection counts as dead. The largest transaction reads and writes 20 MB. */
const DEADLINE = 30_000;

/** Rows in IndexedDB: one object store per table, and one connection, opened at the first use and reopened after it was lost. */
export class IndexedDbRows implements Rows {
  readonly kind = 'indexeddb';
  readonly #name: string;
  readonly #migrations: readonly Migration[] | undefined;
  readonly #onReopened: (() => void) | undefined;
  readonly #deadline: number;
  readonly #journal: OwnerJournal | undefined;
  #opened = false;
  #connection: Promise<IDBPDatabase> | undefined;
  #closed = false;
  #rebuilt = false;

  /** `onReopened`: the connection was lost and reopened. `journal`: for tests; it gets an entry in every transaction that writes. */
  constructor(options: {
    readonly name: string;
    readonly migrations?: readonly Migration[] | undefined;
    readonly onReopened?: (() => void) | undefined;
    readonly deadline?: number | undefined;
    readonly journal?: OwnerJournal | undefined;
  }) {
    this.#name = options.name;
    this.#migrations = options.migrations;
    this.#onReopened = options.onReopened;
    this.#deadline = options.deadline ?? DEADLINE;
    this.#journal = options.journal;
  }

  get rebuilt(): boolean {
    return this.#rebuilt;
  }

  get(rows: readonly { readonly table: Table; readonly key: RowKey }[]): Promise<readonly (Uint8Array | undefined)[]> {
    return this.#run(async (database) => {
      const transaction = database.transaction(TABLES, 'readonly');
      const values = await Promise.all(rows.map(({ table, key }) => transaction.objectStore(table).get(key) as Promise<Uint8Array | undefined>));
      await transaction.done;
      return values;
    });
  }

  keys(table: Table): Promise<readonly RowKey[]> {
    return this.#run(async (database) => (await database.getAllKeys(table)) as RowKey[]);
  }

  write(batch: WriteBatch, guard: Guard): Promise<void> {
    return this.#write(batch, guard, 'write');
  }

  #write(batch: WriteBatch, guard: Guard, kind: JournalKind): Promise<void> {
    return this.#run(async (database) => {
      const transaction = database.transaction(TABLES, 'readwrite', { durability: batch.durability });
      // An aborted transaction is reported once, below.
      transaction.done.catch(() => undefined);
      try {
        const before = guard((await transaction.objectStore('meta').get('fencing')) as Uint8Array | undefined);
        // IndexedDB keeps the order of requests.
        const requests: Promise<unknown>[] = [];
        const push = (request: Promise<unknown>): void => {
          request.catch(() => undefined);
          requests.push(request);
        };
        for (const table of batch.clear ?? []) push(transaction.objectStore(table).clear());
        if (batch.deleteBelow) push(transaction.objectStore(batch.deleteBelow.table).delete(IDBKeyRange.upperBound(batch.deleteBelow.key, true)));
        const journal = this.#journal && [this.#journal.entry((await transaction.objectStore('meta').get('journal')) as Uint8Array | undefined, before.length > 0 ? 'grant' : kind)];
        for (const { table, key, value } of [...before, ...batch.writes, ...(journal ?? [])]) {
          const store = transaction.objectStore(table);
          push(value ? store.put(value, key) : store.delete(key));
        }
        await Promise.all(requests);
      } catch (error) {
        // If the transaction was aborted, the reason (no more space) is on the transaction, not on the request.
        const reason = transaction.error;
        try {
          transaction.abort();
        } catch {
          // The transaction has already aborted by itself.
        }
        throw reason ?? error;
      }
      await transaction.done;
    });
  }

  size(): Promise<number> {
    return this.#run(async (database) => {
      const transaction = database.transaction(TABLES, 'readonly');
      let sum = 0;
      for (const table of TABLES) for (const value of await transaction.objectStore(table).getAll()) sum += value instanceof Uint8Array ? value.length : 0;
      return sum;
    });
  }

  isMarked(): Promise<boolean> {
    return isMarkedForWipe(this.#name);
  }

  async unmark(): Promise<void> {
    await unmarkForWipe(this.#name);
  }

  async close(): Promise<void> {
    if (this.#journal && !this.#closed) await this.#write({ durability: 'relaxed', writes: [] }, () => [], 'release').catch(() => undefined);
    this.#closed = true;
    const connection = this.#connection;
    this.#connection = undefined;
    await connection?.then((database) => database.close()).catch(() => undefined);
  }

  #open(): Promise<IDBPDatabase> {
    if (this.#connection) return this.#connection;
    const connection = openDatabase({
      name: this.#name,
      migrations: this.#migrations,
      onLost: () => {
        if (this.#connection === connection) this.#connection = undefined;
      },
    });
    this.#connection = connection;
    connection.then(
      () => {
        if (this.#opened) this.#onReopened?.();
        this.#opened = true;
      },
      () => {
        if (this.#connection === connection) this.#connection = undefined;
      },
    );
    return connection;
  }

  async #rebuild(opening: Promise<IDBPDatabase>, database: IDBPDatabase): Promise<void> {
    if (this.#connection === opening) this.#connection = undefined;
    database.close();
    // Any other connection that keeps the database open gets a `versionchange` event; a Petrel connection then closes at once.
    const deleted = new Promise<void>((resolve, reject) => {
      const blocked = (): void => reject(new StorageError('blocked', `${this.#name} is held open`));
      deleteDB(this.#name, { blocked }).then(resolve, (cause: unknown) => reject(new StorageError('unavailable', `${this.#name} cannot be deleted`, { cause })));
    });
    await this.#inTime(deleted);
    this.#rebuilt = true;
  }

  /** WebKit's database server may vanish without an error, and a transaction waits for ever behind a transaction of a hung thread. */
  #inTime<T>(task: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new StorageError('no-answer', `${this.#name}: a transaction does not end`)), this.#deadline);
      task.then(resolve, reject).finally(() => clearTimeout(timer));
    });
  }

  /**
   * Runs `task`, and once more on a fresh connection if the first one turned out to be dead: WebKit loses the connection to its database
   * server (https://bugs.webkit.org/show_bug.cgi?id=197050), and a `versionchange` may have closed it a moment ago. A database of our
   * version without our tables is useless, so it is deleted and created again.
   */
  async #run<T>(task: (database: IDBPDatabase) => Promise<T>): Promise<T> {
    for (let attempt = 0; ; attempt++) {
      if (this.#closed) throw new StorageError('closed', 'the store is closed');
      const opening = this.#open();
      const database = await opening;
      try {
        return await this.#inTime(task(database));
      } catch (error) {
        if (error instanceof StorageError && error.code === 'no-answer' && this.#connection === opening) {
          this.#connection = undefined;
          // `close` waits for running transactions. Whatever they write comes before anything that a later connection writes.
          database.close();
        }
        if (error instanceof StorageError) throw error;
        const name = error instanceof Error || error instanceof DOMException ? error.name : '';
        const dead = name === 'InvalidStateError' || name === 'UnknownError';
        if (dead && this.#connection === opening) {
          this.#connection = undefined;
          database.close();
        }
        if (dead && attempt === 0) continue;
        if (name === 'NotFoundError' && attempt === 0) {
          await this.#rebuild(opening, database);
          continue;
        }
        if (name === 'QuotaExceededError') throw new StorageError('quota', 'the browser gives no more room', { cause: error });
        throw new StorageError(dead ? 'unavailable' : 'aborted', `the transaction failed: ${String(error)}`, { cause: error });
      }
    }
  }
}
