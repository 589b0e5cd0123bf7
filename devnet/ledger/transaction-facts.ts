import { BASIC_ACCOUNT } from '../../src/chains/albatross/transactions/content.ts';
import { senderAddress } from '../../src/chains/albatross/transactions/sender-address.ts';
import type { ExtendedTransaction, Transaction } from '../../src/chains/albatross/wire/types.ts';

const NO_BYTES = new Uint8Array(0);

/** The fields of a transaction of either format. A basic one has no proof here: its signature was checked before. */
export type TransactionFacts = Omit<ExtendedTransaction, 'type'>;

export function transactionFacts(transaction: Transaction): TransactionFacts {
  if (transaction.type === 'extended') return transaction;
  const { recipient, value, fee, validityStartHeight, network } = transaction;
  return {
    sender: senderAddress(transaction), senderType: BASIC_ACCOUNT, senderData: NO_BYTES,
    recipient, recipientType: BASIC_ACCOUNT, recipientData: NO_BYTES,
    value, fee, validityStartHeight, network,
    flags: 0, proof: NO_BYTES,
  };
}
