import { Writer } from '../../../base/postcard/writer.ts';
import type { Transaction } from '../wire/types.ts';
import { accountTypes } from './account-type.ts';
import { ADDRESS_LENGTH, senderAddress } from './sender-address.ts';

const NO_BYTES = new Uint8Array(0);

/** Ids of the proof-of-work networks: test, dev, bounty, dummy, main. Their transactions are the beginning of some histories. */
const proofOfWorkNetworks: readonly number[] = [1, 2, 3, 4, 42];

/**
 * What the sender signs and what the hash is over; the proof is no part of it. Both formats of one transaction have the same content
 * (Albatross proofs reference, 4.3):
 *
 * length of the recipient data (2 bytes), recipient data, sender 20, sender type 1, recipient 20, recipient type 1, value 8, fee 8,
 * validity start 4, network 1, flags 1, length of the sender data (varint), sender data. Numbers are big-endian. The transactions of the
 * proof-of-work networks end after the flags.
 *
 * `recipient` replaces the recipient, for the address of a new contract.
 * @throws {EncodeError} for a value that does not fit its field.
 */
export function transactionContent(transaction: Transaction, recipient: Uint8Array = transaction.recipient): Uint8Array {
  const extended = transaction.type === 'extended' ? transaction : undefined;
  const recipientData = extended?.recipientData ?? NO_BYTES;
  const senderData = extended?.senderData ?? NO_BYTES;
  const w = new Writer();
  w.bigEndian(recipientData.length, 2, 0xffff);
  w.raw(recipientData);
  w.fixed(senderAddress(transaction), ADDRESS_LENGTH);
  w.u8(extended?.senderType ?? accountTypes.basic);
  w.fixed(recipient, ADDRESS_LENGTH);
  w.u8(extended?.recipientType ?? accountTypes.basic);
  w.bigEndian(transaction.value, 8, Number.MAX_SAFE_INTEGER);
  w.bigEndian(transaction.fee, 8, Number.MAX_SAFE_INTEGER);
  w.bigEndian(transaction.validityStartHeight, 4, 0xffff_ffff);
  w.u8(transaction.network);
  w.u8(extended?.flags ?? 0);
  if (proofOfWorkNetworks.includes(transaction.network)) return w.finish();
  w.varint(senderData.length, 0xffff_ffff);
  w.raw(senderData);
  return w.finish();
}
