import type { TransactionView } from '../../src/client/types.ts';
import { KeyPair } from '../../src/keys/key-pair.ts';
import { PrivateKey } from '../../src/keys/private-key.ts';
import type { Transaction } from '../../src/keys/transaction.ts';
import { TransactionBuilder } from '../../src/keys/transaction-builder.ts';

/** The id of unit-albatross. */
const UNIT = 7;
const keys = KeyPair.derive(new PrivateKey(new Uint8Array(32).fill(7)));
const recipient = KeyPair.derive(new PrivateKey(new Uint8Array(32).fill(8))).toAddress();

/** A signed transaction of unit-albatross, another one for each value. */
export function signedTransaction(value = 1n, validityStartHeight = 290): Transaction {
  const transaction = TransactionBuilder.newBasic(keys.toAddress(), recipient, value, 0n, validityStartHeight, UNIT);
  transaction.sign(keys, undefined);
  return transaction;
}

/** The transaction in a block, as the hub shows it at head 301. */
export function viewOf(transaction: Transaction, blockHeight: number): TransactionView {
  const { sender, recipient: to, value, fee } = transaction.toPlain();
  return {
    hash: transaction.hash(), kind: 'transaction', state: 'included', sender, recipient: to, value, fee, blockHeight, timestamp: 1_700_000_000_000 + blockHeight * 1000,
    confirmations: 302 - blockHeight, executionResult: true, bytes: transaction.serialize(),
  };
}
