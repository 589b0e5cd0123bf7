import { decode, encode } from '../../../../base/postcard/codec.ts';
import { QuestionError } from '../../../../engine/questions.ts';
import type { LightChain } from '../../chain/light-chain.ts';
import type { TransactionUpdate } from '../../chain/wallet-views.ts';
import { friendlyAddress } from '../../transactions/address-text.ts';
import { transactionFlags } from '../../transactions/account-type.ts';
import { senderAddress } from '../../transactions/sender-address.ts';
import { transactionHash } from '../../transactions/transaction-hash.ts';
import { isValidAt, standardValidity, type ValidityNumbers } from '../../transactions/validity-window.ts';
import { verifyTransaction } from '../../transactions/verify-transaction.ts';
import type { Transaction } from '../../wire/types.ts';
import { transaction as transactionCodec } from '../../wire/transactions.ts';
import type { TrackedTransactions } from './tracked-transactions.ts';

/** Gives a message to the network; resolves with the number of peers that got it. */
export type Publish = (topic: 'regular-transaction' | 'control-transaction', data: Uint8Array) => Promise<number>;

/** Batches of the validity window on a network with short batches, the unit test network. */
const SHORT_WINDOW = 2;

function validityOn({ policy: { blocksPerBatch } }: Pick<LightChain, 'policy'>): ValidityNumbers {
  return blocksPerBatch === standardValidity.blocksPerBatch ? standardValidity : { blocksPerBatch, validityWindowBlocks: SHORT_WINDOW * blocksPerBatch };
}

/**
 * Checks a signed transaction as a node would, and gives it to the network. A wrong one is never sent: nodes lower the rank of a peer that sends
 * it. Throws `QuestionError` `invalid-transaction` or `not-sent`.
 */
export async function sendTransaction(bytes: Uint8Array, chain: LightChain, publish: Publish, tracked: TrackedTransactions): Promise<TransactionUpdate> {
  const transaction = checked(bytes, chain);
  const hash = transactionHash(transaction);
  const known = tracked.get(hash);
  // It is in a block: a node would lower our rank for sending it again.
  if (known?.state === 'included' || known?.state === 'confirmed') return known;
  const flags = transaction.type === 'extended' ? transaction.flags : 0;
  const topic = (flags & transactionFlags.signaling) !== 0 ? 'control-transaction' : 'regular-transaction';
  const wire = encode(transactionCodec, transaction);
  if ((await publish(topic, wire)) === 0) throw new QuestionError('not-sent', { topic });
  const addresses = [friendlyAddress(senderAddress(transaction)), friendlyAddress(transaction.recipient)];
  const validUntil = transaction.validityStartHeight + validityOn(chain).validityWindowBlocks;
  return tracked.sent(hash, addresses, { validUntil, publish: () => publish(topic, wire) });
}

function checked(bytes: Uint8Array, chain: LightChain): Transaction {
  const { head, network } = chain;
  const next = head.height + 1;
  try {
    const transaction = decode(transactionCodec, bytes);
    verifyTransaction(transaction, { network: network.networkId, version: head.block.header.version });
    if (!isValidAt(transaction.validityStartHeight, next, validityOn(chain))) {
      throw new QuestionError('invalid-transaction', { reason: transaction.validityStartHeight >= next ? 'not-yet-valid' : 'expired', validityStartHeight: transaction.validityStartHeight, height: next });
    }
    return transaction;
  } catch (error) {
    if (error instanceof QuestionError || !(error instanceof Error) || !('code' in error)) throw error;
    throw new QuestionError('invalid-transaction', { reason: String(error.code) });
  }
}
