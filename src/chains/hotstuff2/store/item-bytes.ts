/**
 * Blocks as they are stored: a final one as header, certificate length(2) and certificate; those above it whole, each as block length(4) block,
 * certificate length(2) certificate, as in message 83.
 * @module
 */
import { concatBytes } from '../../../base/bytes.ts';
import { decodeHeaderItem, decodeItem } from '../chain/hs2-block.ts';
import type { Hs2Item } from '../chain/hs2-block.ts';
import { ByteReader } from '../wire/byte-reader.ts';
import { ByteWriter } from '../wire/byte-writer.ts';
import { encodeCertifiedHeader } from '../wire/finality-proof.ts';
import { HEADER_LENGTH } from '../wire/header.ts';

export function encodeFinalItem({ block }: Hs2Item): Uint8Array {
  return encodeCertifiedHeader(block);
}

/** Throws `WireError`. */
export function decodeFinalItem(bytes: Uint8Array): Hs2Item {
  const reader = new ByteReader(bytes);
  const header = reader.bytes(HEADER_LENGTH, 'header');
  const qc = reader.bytes(reader.u16('certificate length'), 'certificate');
  reader.end('the block');
  return decodeHeaderItem(header, qc);
}

/** Blocks with their payload; the first without one ends them, and those that would make more than `most` bytes. */
export function encodePending(items: readonly Hs2Item[], most: number): Uint8Array {
  const writer = new ByteWriter();
  let size = 0;
  for (const { block, size: own } of items) {
    size += own + 6;
    if (!block.payload || size > most) break;
    const bytes = concatBytes(block.headerBytes, block.payload);
    writer.u32(bytes.length).bytes(bytes).u16(block.qcBytes.length).bytes(block.qcBytes);
  }
  return writer.done();
}

/** Throws `WireError`. */
export function decodePending(bytes: Uint8Array): readonly Hs2Item[] {
  const reader = new ByteReader(bytes);
  const items: Hs2Item[] = [];
  while (reader.remaining > 0) items.push(readWholeItem(reader));
  return items;
}

/** Throws `WireError`. */
export function readWholeItem(reader: ByteReader): Hs2Item {
  const block = reader.bytes(reader.u32('block length'), 'block');
  return decodeItem(block, reader.bytes(reader.u16('certificate length'), 'certificate'));
}
