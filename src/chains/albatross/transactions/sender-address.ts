import { blake2b } from '../../../crypto/blake2b.ts';
import type { Transaction } from '../wire/types.ts';

/** Bytes. */
export const ADDRESS_LENGTH = 20;

/** The address (20 bytes) of a public key, Ed25519 or ES256: the begin of its Blake2b hash (Albatross proofs reference, 6). */
export function addressOfKey(publicKey: Uint8Array): Uint8Array {
  return blake2b(publicKey).slice(0, ADDRESS_LENGTH);
}

/** The sender's address (20 bytes). A basic transaction names only the key. */
export function senderAddress(transaction: Transaction): Uint8Array {
  return transaction.type === 'basic' ? addressOfKey(transaction.senderPublicKey) : transaction.sender;
}
