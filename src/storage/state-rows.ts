import { fromHex, toHex } from '../base/bytes.ts';
import type { OwnedRows } from './owned-rows.ts';
import type { RowWrite } from './rows.ts';

/** Rows read in one transaction: a few hundred kilobytes of entries. */
const ROWS_AT_ONCE = 1_024;

/** An entry of a key-value state. */
export type StateEntry = readonly [key: Uint8Array, value: Uint8Array];

/** The entries of the state at the head, one sealed row each, by the lower-case hex of the key. */
export class StateRows {
  readonly #rows: OwnedRows;

  constructor(rows: OwnedRows) {
    this.#rows = rows;
  }

  /**
   * All entries, ascending by key; undefined if a row is damaged. A row that is missing is not noticed here: the chain compares the root of
   * the entries with the one in its head. Throws `StorageError`.
   */
  async load(): Promise<readonly StateEntry[] | undefined> {
    const keys = (await this.#rows.keys('state')).filter((key) => typeof key === 'string').toSorted();
    const entries: StateEntry[] = [];
    for (let at = 0; at < keys.length; at += ROWS_AT_ONCE) {
      const some = keys.slice(at, at + ROWS_AT_ONCE);
      const rows = await this.#rows.get(some.map((key) => ({ table: 'state', key })));
      for (const [index, key] of some.entries()) {
        const value = /^(?:[0-9a-f]{2})*$/.test(key) ? this.#rows.unseal('state', key, rows[index]) : undefined;
        if (value === undefined) return undefined;
        entries.push([fromHex(key), value]);
      }
    }
    return entries;
  }

  /**
   * The writes for changed entries; undefined deletes one. The caller puts them into the same transaction as the head, so that both are of
   * one block. A state that is replaced as a whole has `clear: ['state']` in that transaction.
   */
  changes(entries: Iterable<readonly [key: Uint8Array, value: Uint8Array | undefined]>): readonly RowWrite[] {
    return Array.from(entries, ([key, value]) => (value ? this.#rows.sealed('state', toHex(key), value) : { table: 'state', key: toHex(key), value: undefined }));
  }
}
