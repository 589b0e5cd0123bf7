import type { TransactionView } from '../client/types.ts';
import { networkName } from '../keys/network-names.ts';
import type { PlainTransaction } from '../keys/plain-transaction.ts';
import { Transaction } from '../keys/transaction.ts';

/** `pending` and `invalidated` are in the official type; the official client 2.21.0 never gives them, ours gives `invalidated` for a transaction that no block may hold. */
export type TransactionState = 'new' | 'pending' | 'included' | 'confirmed' | 'invalidated' | 'expired';

/** A transaction and its place in the chain. The fields about the place are there if it has one. */
export interface PlainTransactionDetails extends PlainTransaction {
  state: TransactionState;
  /** False: it failed, and only its fee was paid. */
  executionResult?: boolean;
  blockHeight?: number;
  confirmations?: number;
  /** Of the block, Unix milliseconds. */
  timestamp?: number;
}

/** Bytes that the official client gives for a reward, which has none. */
const REWARD_SIZE = 48;

/** A transaction whose place in the chain was proven. `networkId` is that of the client. */
export function plainTransactionDetails(view: TransactionView, networkId: number): PlainTransactionDetails {
  const { state, executionResult, blockHeight, confirmations, timestamp } = view;
  const plain = view.kind === 'reward' ? plainReward(view, networkId) : Transaction.deserialize(view.bytes).toPlain();
  return { ...plain, state, executionResult, blockHeight, confirmations, timestamp };
}

/** A reward in the form of a transaction from the coinbase address (Albatross proofs reference, 3.1). */
function plainReward({ hash, sender, recipient, value, blockHeight }: TransactionView, networkId: number): PlainTransaction {
  return {
    transactionHash: hash,
    format: 'basic',
    sender,
    senderType: 'basic',
    recipient,
    recipientType: 'basic',
    value,
    fee: 0,
    feePerByte: 0,
    validityStartHeight: blockHeight,
    network: networkName(networkId),
    flags: 0,
    senderData: { type: 'raw', raw: '' },
    data: { type: 'raw', raw: '' },
    proof: { type: 'raw', raw: '' },
    size: REWARD_SIZE,
  };
}
