import { blake2b } from '../crypto/blake2b.ts';
import { concatBytes, equalBytes } from '../albatross/wire/bytes.ts';
import type { RowKey, Table } from './rows.ts';

/** Format of the envelope; the first byte of every row. */
const FORMAT = 1;
const CHECKSUM_LENGTH = 32;

/** Blake2b over the row's place and its payload, so that rows which changed places are noticed too. */
function checksum(table: Table, key: RowKey, payload: Uint8Array): Uint8Array {
  return blake2b(concatBytes(new TextEncoder().encode(`${table}\n${typeof key}\n${key}\n`), payload));
}

/** The row's bytes: format (1), checksum (32), payload. */
export function seal(table: Table, key: RowKey, payload: Uint8Array): Uint8Array {
  return concatBytes(Uint8Array.of(FORMAT), checksum(table, key, payload), payload);
}

/** The payload, or undefined if the row is absent or not as we wrote it. Any value is accepted: a database holds what it holds. */
export function unseal(table: Table, key: RowKey, row: unknown): Uint8Array | undefined {
  if (!(row instanceof Uint8Array) || row.length < 1 + CHECKSUM_LENGTH || row[0] !== FORMAT) return undefined;
  const payload = row.slice(1 + CHECKSUM_LENGTH);
  return equalBytes(row.subarray(1, 1 + CHECKSUM_LENGTH), checksum(table, key, payload)) ? payload : undefined;
}
