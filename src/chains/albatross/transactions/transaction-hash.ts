import { toHex } from '../../../base/bytes.ts';
import type { Hash } from '../../../base/hash.ts';
import { blake2b } from '../../../crypto/blake2b.ts';
import type { Transaction } from '../wire/types.ts';
import { transactionContent } from './content.ts';

/**
 * The Blake2b hash of the content, by which a transaction is named. It does not cover the proof: a transaction has the same hash before
 * it is signed, and with every signature (Albatross proofs reference, 4.3).
 * @throws {EncodeError} for a value that does not fit its field.
 */
export function transactionHash(transaction: Transaction): Hash {
  return toHex(blake2b(transactionContent(transaction)));
}
