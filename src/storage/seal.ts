import { blake2b } from '../crypto/blake2b.ts';
import { concatBytes, equalBytes } from '../base/bytes.ts';
import type { RowKey, Table } from './rows.ts';

/** Format of the envelope; the first byte of every row. `bound`: it names the network parameters under which the row was written. */
const FORMAT = { free: 1, bound: 2 } as const;
const HASH_LENGTH = 32;
const none = new Uint8Array(0);

/** Rows that are valid under any parameters: points, peers, and the owner of the store. All other rows record what was verified. */
const FREE_TABLES: ReadonlySet<Table> = new Set(['keys']);
const FREE_META: ReadonlySet<RowKey> = new Set(['fencing', 'bans', 'peers', 'journal']);

function isFree(table: Table, key: RowKey): boolean {
  return FREE_TABLES.has(table) || (table === 'meta' && FREE_META.has(key));
}

/** Blake2b over the row's place, the parameters and the payload, so that swapped rows are detected too. */
function checksum(table: Table, key: RowKey, parameters: Uint8Array, payload: Uint8Array): Uint8Array {
  return blake2b(concatBytes(new TextEncoder().encode(`${table}\n${typeof key}\n${key}\n`), parameters, payload));
}

/** Which of the two envelopes a row has, and its content; undefined if it has neither or its checksum is wrong. */
function open(table: Table, key: RowKey, row: unknown): { readonly parameters: Uint8Array; readonly payload: Uint8Array } | undefined {
  if (!(row instanceof Uint8Array) || row[0] !== (isFree(table, key) ? FORMAT.free : FORMAT.bound)) return undefined;
  const start = 1 + (row[0] === FORMAT.bound ? HASH_LENGTH : 0);
  if (row.length < start + HASH_LENGTH) return undefined;
  const parameters = row.slice(1, start);
  const payload = row.slice(start + HASH_LENGTH);
  return equalBytes(row.subarray(start, start + HASH_LENGTH), checksum(table, key, parameters, payload)) ? { parameters, payload } : undefined;
}

/**
 * The envelope of every row: its format (1 byte), for verified data the hash of the parameters it was verified with (32 bytes,
 * `parametersHash`), a checksum (32 bytes), the payload. A row that was written under other parameters is treated as absent.
 */
export class Seal {
  readonly #parameters: Uint8Array;

  constructor(parameters: Uint8Array) {
    this.#parameters = parameters;
  }

  seal(table: Table, key: RowKey, payload: Uint8Array): Uint8Array {
    const free = isFree(table, key);
    const parameters = free ? none : this.#parameters;
    return concatBytes(Uint8Array.of(free ? FORMAT.free : FORMAT.bound), parameters, checksum(table, key, parameters, payload), payload);
  }

  /**
   * The payload, or undefined if the row is absent or does not have our format. Accepts any value, because a database may contain anything.
   */
  unseal(table: Table, key: RowKey, row: unknown): Uint8Array | undefined {
    const opened = open(table, key, row);
    return opened && (isFree(table, key) || equalBytes(opened.parameters, this.#parameters)) ? opened.payload : undefined;
  }

  /** Whether the row is valid, but was written under other parameters. */
  isForeign(table: Table, key: RowKey, row: unknown): boolean {
    return open(table, key, row) !== undefined && this.unseal(table, key, row) === undefined;
  }
}
