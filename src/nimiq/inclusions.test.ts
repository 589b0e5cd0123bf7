import { describe, expect, it } from 'vitest';
import { signedTransaction, viewOf } from '../../test/support/wallet-transaction.ts';
import type { TransactionState, TransactionUpdate } from '../client/types.ts';
import { Inclusions } from './inclusions.ts';

const transaction = signedTransaction();
const update = (state: TransactionState, height: number | undefined): TransactionUpdate => ({
  hash: transaction.hash(), state, transaction: height === undefined ? undefined : viewOf(transaction, height), addresses: [],
});

describe('what a listener of transactions is told', () => {
  it('is each block that a transaction comes into, once', () => {
    const inclusions = new Inclusions();
    const updates = [update('sent', undefined), update('included', 300), update('confirmed', 300), update('reverted', 300), update('included', 301), update('confirmed', 301), update('expired', undefined)];
    expect(updates.map((given) => inclusions.next(given)?.blockHeight)).toEqual([undefined, 300, undefined, undefined, 301, undefined, undefined]);
  });

  it('is a final block too, if the one before was not heard of', () => {
    expect(new Inclusions().next(update('confirmed', 300))).toEqual(viewOf(transaction, 300));
  });
});
