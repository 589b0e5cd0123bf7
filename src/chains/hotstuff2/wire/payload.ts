/**
 * The payload of a block: transactions, each an operation on one key of the state (HotStuff-2 reference, 3).
 * @module
 */
import { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import { WireError } from './wire-error.ts';

export type Operation = { readonly kind: 'put'; readonly key: Uint8Array; readonly value: Uint8Array } | { readonly kind: 'delete'; readonly key: Uint8Array };

const PUT = 1;
const DELETE = 2;

/** count(4), then length(4) and bytes each. */
export function encodePayload(transactions: readonly Uint8Array[]): Uint8Array {
  const writer = new ByteWriter().u32(transactions.length);
  for (const transaction of transactions) writer.u32(transaction.length).bytes(transaction);
  return writer.done();
}

/** The bytes of each transaction. They are no operations yet: see `decodeOperation`. */
export function decodePayload(bytes: Uint8Array): readonly Uint8Array[] {
  const reader = new ByteReader(bytes);
  const count = reader.u32('transaction count');
  // Each takes four bytes at least, so a count cannot make this loop long.
  if (count > reader.remaining / 4) throw new WireError('truncated', `${count} transactions in ${reader.remaining} bytes`);
  const transactions: Uint8Array[] = [];
  for (let i = 0; i < count; i += 1) transactions.push(reader.bytes(reader.u32('transaction length'), 'transaction'));
  reader.end('the payload');
  return transactions;
}

/** 01 key length(2) key value length(4) value, or 02 key length(2) key. */
export function encodeOperation(operation: Operation): Uint8Array {
  const { key } = operation;
  if (key.length === 0) throw new WireError('empty-key', 'an operation names a key');
  const writer = new ByteWriter().u8(operation.kind === 'put' ? PUT : DELETE).u16(key.length).bytes(key);
  return (operation.kind === 'put' ? writer.u32(operation.value.length).bytes(operation.value) : writer).done();
}

export function decodeOperation(bytes: Uint8Array): Operation {
  const reader = new ByteReader(bytes);
  const code = reader.u8('operation');
  if (code !== PUT && code !== DELETE) throw new WireError('flag', `operation ${code}`);
  const key = reader.bytes(reader.u16('key length'), 'key');
  if (key.length === 0) throw new WireError('empty-key', 'an operation names a key');
  const operation: Operation = code === PUT ? { kind: 'put', key, value: reader.bytes(reader.u32('value length'), 'value') } : { kind: 'delete', key };
  reader.end('the operation');
  return operation;
}

/** The operations of a whole payload, in order. */
export function decodeOperations(payload: Uint8Array): readonly Operation[] {
  return decodePayload(payload).map(decodeOperation);
}
