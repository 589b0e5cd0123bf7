import type { Guard, RowKey, Rows, RowWrite, Table, WriteBatch } from './rows.ts';
import { TABLES } from './rows.ts';
import { StorageError } from './storage-error.ts';

/** Rows in memory. Like a database, they outlive the stores opened on them: a test can reopen them. */
export class MemoryRows implements Rows {
  readonly kind = 'memory';
  readonly rebuilt = false;
  /** For tests: called before each write of a transaction; an error that it throws aborts the transaction. */
  onWrite: ((write: RowWrite) => void) | undefined;
  #tables = new Map<Table, ReadonlyMap<RowKey, Uint8Array>>(TABLES.map((table) => [table, new Map()]));

  async get(rows: readonly { readonly table: Table; readonly key: RowKey }[]): Promise<readonly (Uint8Array | undefined)[]> {
    return rows.map(({ table, key }) => this.#tables.get(table)?.get(key)?.slice());
  }

  async keys(table: Table): Promise<readonly RowKey[]> {
    return Array.from(this.#tables.get(table)?.keys() ?? []);
  }

  async write(batch: WriteBatch, guard: Guard): Promise<void> {
    const before = guard(this.#tables.get('meta')?.get('fencing'));
    // Writes go to copies that replace the tables at the end, so that all of them take effect or none.
    const changed = new Map<Table, Map<RowKey, Uint8Array>>();
    const table = (name: Table): Map<RowKey, Uint8Array> => {
      const copy = changed.get(name) ?? new Map(this.#tables.get(name));
      changed.set(name, copy);
      return copy;
    };
    try {
      for (const name of batch.clear ?? []) changed.set(name, new Map());
      if (batch.deleteBelow) {
        const rows = table(batch.deleteBelow.table);
        for (const key of Array.from(rows.keys())) if (typeof key === 'number' && key < batch.deleteBelow.key) rows.delete(key);
      }
      for (const write of [...before, ...batch.writes]) {
        this.onWrite?.(write);
        if (write.value) table(write.table).set(write.key, write.value.slice());
        else table(write.table).delete(write.key);
      }
    } catch (cause) {
      throw new StorageError('aborted', 'the transaction was aborted', { cause });
    }
    this.#tables = new Map([...this.#tables, ...changed]);
  }

  async size(): Promise<number> {
    let sum = 0;
    for (const rows of this.#tables.values()) for (const value of rows.values()) sum += value.length;
    return sum;
  }

  async close(): Promise<void> {
    // There is nothing to close; the rows stay for the next store.
  }
}
