import type { Guard, RowKey, Rows, RowWrite, Table, WriteBatch } from './rows.ts';
import { TABLES } from './rows.ts';
import { Seal } from './seal.ts';
import { StorageError } from './storage-error.ts';

/**
 * Sealed rows with an owner. The hub that took the last fencing number owns the rows: every write of an earlier owner fails. As long as no
 * hub has taken a number, any hub can write.
 */
export class OwnedRows {
  readonly kind: Rows['kind'];
  readonly #rows: Rows;
  readonly #seal: Seal;
  /** The fencing number that we own; 0 as long as none was taken. */
  #fencing = 0;

  /** @param parameters 32 bytes, the hash of the parameters with which the rows are verified; see `Seal`. */
  constructor(rows: Rows, parameters: Uint8Array) {
    this.kind = rows.kind;
    this.#rows = rows;
    this.#seal = new Seal(parameters);
  }

  /** See `Rows`. */
  get rebuilt(): boolean {
    return this.#rows.rebuilt;
  }

  /** Takes the next fencing number, and returns it. Empties rows that are marked for a wipe (`wipe-mark.ts`). Throws `StorageError`. */
  async takeFencing(): Promise<number> {
    let taken = 0;
    await this.#rows.write({ durability: 'strict', writes: [] }, (row) => {
      taken = Math.max(this.#readFencing(row), this.#fencing) + 1;
      const payload = new Uint8Array(4);
      new DataView(payload.buffer).setUint32(0, taken);
      return [this.sealed('meta', 'fencing', payload)];
    });
    this.#fencing = taken;
    if (await this.#rows.isMarked?.()) await this.#empty();
    return taken;
  }

  /** A wipe of before could not reach these rows. All but the count of owners goes. */
  async #empty(): Promise<void> {
    const gone = (await this.keys('meta')).filter((key) => key !== 'fencing' && key !== 'journal');
    await this.write({ durability: 'strict', clear: TABLES.filter((table) => table !== 'meta'), writes: gone.map((key) => ({ table: 'meta', key, value: undefined })) });
    await this.#rows.unmark?.();
  }

  /** As stored, sealed. */
  get: Rows['get'] = (rows) => this.#rows.get(rows);
  keys: Rows['keys'] = (table) => this.#rows.keys(table);
  size = (): Promise<number> => this.#rows.size();
  close = (): Promise<void> => this.#rows.close();

  /** Writes if the rows are ours. Throws `StorageError` `stale-owner`, or `lost` if the rows that were ours are gone. */
  write(batch: WriteBatch): Promise<void> {
    return this.#rows.write(batch, this.#guard);
  }

  sealed(table: Table, key: RowKey, payload: Uint8Array): RowWrite {
    return { table, key, value: this.#seal.seal(table, key, payload) };
  }

  unseal: Seal['unseal'] = (table, key, row) => this.#seal.unseal(table, key, row);
  isForeign: Seal['isForeign'] = (table, key, row) => this.#seal.isForeign(table, key, row);

  readonly #guard: Guard = (row) => {
    const stored = this.#readFencing(row);
    if (stored === 0 && this.#fencing > 0) throw new StorageError('lost', `the store that was ours as owner ${this.#fencing} is gone`);
    if (stored !== this.#fencing) throw new StorageError('stale-owner', `the store belongs to owner ${stored}, we are ${this.#fencing}`);
    return [];
  };

  /** The stored fencing number. A damaged number counts as none: the next grant starts over at 1, and an owner with a higher one is stale too. */
  #readFencing(row: unknown): number {
    const payload = this.#seal.unseal('meta', 'fencing', row);
    return payload?.length === 4 ? new DataView(payload.buffer, payload.byteOffset).getUint32(0) : 0;
  }
}
