import { encode } from '../../../base/postcard/codec.ts';
import type { Hash } from '../../../base/hash.ts';
import type { TransactionView } from '../chain/wallet-views.ts';
import { friendlyAddress } from '../transactions/address-text.ts';
import { senderAddress } from '../transactions/sender-address.ts';
import type { HistoricTransaction } from '../wire/history.ts';
import { transaction as transactionCodec } from '../wire/transactions.ts';

/** Rewards are paid from this address, which nobody has the key of: `NQ81 C01N BASE …`. */
const COINBASE = 'NQ81 C01N BASE 0000 0000 0000 0000 0000 0000';

/** Where the chain is, as far as it decides about a transaction's state. */
export interface Heights {
  readonly head: number;
  readonly final: number;
}

/** A proven entry of the history as a page sees it; undefined for penalties, jails and equivocations, which are no transactions. */
export function transactionView(hash: Hash, { blockNumber, blockTime, event }: HistoricTransaction, { head, final }: Heights): TransactionView | undefined {
  const place = {
    hash,
    state: blockNumber <= final ? 'confirmed' : 'included',
    blockHeight: blockNumber,
    timestamp: blockTime,
    confirmations: Math.max(1, head - blockNumber + 1),
  } as const;
  if (event.type === 'reward') {
    return { ...place, kind: 'reward', sender: COINBASE, recipient: friendlyAddress(event.rewardAddress), value: event.value, fee: 0, executionResult: true, bytes: new Uint8Array(0) };
  }
  if (event.type !== 'basic') return undefined;
  const { transaction, succeeded } = event.executed;
  return {
    ...place,
    kind: 'transaction',
    sender: friendlyAddress(senderAddress(transaction)),
    recipient: friendlyAddress(transaction.recipient),
    value: transaction.value,
    fee: transaction.fee,
    executionResult: succeeded,
    bytes: encode(transactionCodec, transaction),
  };
}
