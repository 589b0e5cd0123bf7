/**
 * A Nakamoto block: header, count, transactions (Stacks reference, 1).
 * @module
 */
import { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import { readHeader, writeHeader, type NakamotoHeader } from './header.ts';
import { readTransaction, type StacksTransaction } from './transaction.ts';
import { StacksWireError } from './wire-error.ts';

/** Bytes of a block at most: the protocol's 2 MiB of transactions, and a header of 4000 signatures. */
export const MAX_BLOCK_LENGTH = 2 * 1024 * 1024 + 300_000;
/** Transactions in a block at most: each has more than 32 bytes. */
export const MAX_TRANSACTIONS = 65_536;

export interface NakamotoBlock {
  readonly header: NakamotoHeader;
  readonly transactions: readonly StacksTransaction[];
}

/** Of exactly one block. Throws `StacksWireError`. */
export function decodeBlock(bytes: Uint8Array): NakamotoBlock {
  const reader = new ByteReader(bytes);
  const block = readBlock(reader);
  reader.end('the block');
  return block;
}

/** Blocks back to back, as a reply to `/v3/tenures/{block id}` has them; at most `most` of them, else `length`. */
export function decodeBlocks(bytes: Uint8Array, most: number): readonly NakamotoBlock[] {
  const reader = new ByteReader(bytes);
  const blocks: NakamotoBlock[] = [];
  while (reader.remaining > 0) {
    if (blocks.length === most) throw new StacksWireError('length', `more than ${most} blocks`);
    blocks.push(readBlock(reader));
  }
  return blocks;
}

/** The header at the front of a block; what follows is not read. */
export function decodeHeaderOfBlock(bytes: Uint8Array): NakamotoHeader {
  return readHeader(new ByteReader(bytes));
}

export function encodeBlock({ header, transactions }: NakamotoBlock): Uint8Array {
  const writer = new ByteWriter(4096);
  writeBlock(writer, { header, transactions });
  return writer.done();
}

export function readBlock(reader: ByteReader): NakamotoBlock {
  const start = reader.offset;
  const header = readHeader(reader);
  const count = reader.count('transaction count', MAX_TRANSACTIONS, 32);
  const transactions: StacksTransaction[] = [];
  for (let i = 0; i < count; i += 1) {
    transactions.push(readTransaction(reader));
    if (reader.offset - start > MAX_BLOCK_LENGTH) throw new StacksWireError('length', `a block of more than ${MAX_BLOCK_LENGTH} bytes`);
  }
  return { header, transactions };
}

export function writeBlock(writer: ByteWriter, { header, transactions }: NakamotoBlock): void {
  writeHeader(writer, header);
  writer.u32(transactions.length);
  for (const { bytes } of transactions) writer.bytes(bytes);
}
