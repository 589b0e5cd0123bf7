import { blake2b } from '../../../crypto/blake2b.ts';
import type { Transaction } from '../wire/types.ts';
import { transactionContent } from './content.ts';
import { ADDRESS_LENGTH } from './sender-address.ts';

/**
 * The address (20 bytes) of the contract that the transaction creates: the begin of the Blake2b hash of its content, with zeros in place
 * of the recipient (Albatross proofs reference, 4.4). Meaningful for any transaction; a node compares it only with the recipient of a creation.
 * @throws {EncodeError} for a value that does not fit its field.
 */
export function contractAddress(transaction: Transaction): Uint8Array {
  return blake2b(transactionContent(transaction, new Uint8Array(ADDRESS_LENGTH))).slice(0, ADDRESS_LENGTH);
}
