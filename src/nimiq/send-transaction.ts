import { sleep, type Clock } from '../base/clock.ts';
import type { TransactionUpdate } from '../client/types.ts';
import type { Transaction } from '../keys/transaction.ts';
import type { Client as NativeClient } from '../client/types.ts';
import { plainTransactionDetails, type PlainTransactionDetails } from './plain-transaction-details.ts';

/** Milliseconds for a sent transaction to come into a block. The official client has the same. */
const WAIT = 10_000;
/** Milliseconds. A block a second; the question stays on this machine. */
const INTERVAL = 100;

export interface SendOptions {
  readonly client: Pick<NativeClient, 'transactions'>;
  readonly clock: Clock;
  /** Of the client. */
  readonly networkId: number;
}

/**
 * Sends a transaction and waits for it to come into a block. If it does not in time it is `new`; it is sent again and again all the same.
 * Rejects with our client's codes `invalid-transaction`, before anything is sent, and `not-sent`.
 */
export async function sendTransaction(transaction: Transaction, { client, clock, networkId }: SendOptions): Promise<PlainTransactionDetails> {
  let sent = await client.transactions.send(transaction);
  const end = clock.monotonic() + WAIT;
  while (!isSettled(sent) && clock.monotonic() < end) {
    await sleep(clock, INTERVAL);
    // It was sent: that it cannot be followed now changes nothing about that.
    sent = (await client.transactions.status(sent.hash).catch(() => undefined)) ?? sent;
  }
  return sentDetails(transaction, sent, networkId);
}

function isSettled({ state }: TransactionUpdate): boolean {
  return state !== 'sent' && state !== 'reverted';
}

/** A transaction that was sent, as far as it has come. */
export function sentDetails(transaction: Transaction, { state, transaction: proven }: TransactionUpdate, networkId: number): PlainTransactionDetails {
  if (proven && state !== 'reverted') return plainTransactionDetails(proven, networkId);
  return { ...transaction.toPlain(), state: state === 'expired' ? 'expired' : 'new' };
}
