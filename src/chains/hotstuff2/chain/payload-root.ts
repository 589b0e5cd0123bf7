/**
 * The root of a payload: SHA-256("HS2P" | transaction count(4) | tree(transactions)) (HotStuff-2 reference, 3).
 * @module
 */
import { toHex } from '../../../base/bytes.ts';
import type { Hash } from '../../../base/hash.ts';
import { sha256 } from '../../../crypto/sha256.ts';
import { ByteWriter } from '../wire/byte-writer.ts';
import { treeRoot } from './tree.ts';

export function payloadRoot(transactions: readonly Uint8Array[]): Hash {
  return toHex(sha256(new ByteWriter(40).ascii('HS2P').u32(transactions.length).bytes(treeRoot(transactions)).done()));
}
