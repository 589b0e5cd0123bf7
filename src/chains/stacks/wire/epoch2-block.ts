// Tests: `src/chains/stacks/client/download-epoch2.test.ts`, `src/chains/stacks/wire/codecs.test.ts`.
/**
 * A block of epoch 2.x: header, count, transactions (stacks-core, `net/api/getblock.rs`, serves these bytes).
 * @module
 */
import { MAX_TRANSACTIONS } from './block.ts';
import { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import { decodeEpoch2Header, encodeEpoch2Header, EPOCH2_HEADER_LENGTH, type Epoch2Header } from './epoch2-header.ts';
import { readTransaction, type StacksTransaction } from './transaction.ts';

/** Bytes of a block at most: the protocol's 2 MiB. */
export const MAX_EPOCH2_BLOCK_LENGTH = 2 * 1024 * 1024;

export interface Epoch2Block {
  readonly header: Epoch2Header;
  readonly transactions: readonly StacksTransaction[];
}

/** Of exactly one block. Throws `StacksWireError`. */
export function decodeEpoch2Block(bytes: Uint8Array): Epoch2Block {
  const reader = new ByteReader(bytes);
  const header = decodeEpoch2Header(reader.bytes(EPOCH2_HEADER_LENGTH, 'header'));
  const count = reader.count('transaction count', MAX_TRANSACTIONS, 32);
  const transactions = Array.from({ length: count }, () => readTransaction(reader));
  reader.end('the block');
  return { header, transactions };
}

export function encodeEpoch2Block({ header, transactions }: Epoch2Block): Uint8Array {
  const writer = new ByteWriter(4096).bytes(encodeEpoch2Header(header)).u32(transactions.length);
  for (const { bytes } of transactions) writer.bytes(bytes);
  return writer.done();
}
