import { decode } from '../../src/base/postcard/codec.ts';
import { accountTypes, transactionFlags } from '../../src/chains/albatross/transactions/account-type.ts';
import { htlcData } from '../../src/chains/albatross/transactions/htlc-data.ts';
import { decodeVestingData } from '../../src/chains/albatross/transactions/vesting-data.ts';
import type { Account } from '../../src/chains/albatross/wire/accounts.ts';
import type { ExtendedTransaction } from '../../src/chains/albatross/wire/types.ts';
import type { Accounts } from './accounts.ts';
import { requireReleased } from './contracts.ts';
import type { ExecutionContext } from './execution-context.ts';
import { ExecutionRefused } from './execution-refused.ts';
import { deposit, withdraw, withdrawFee } from './staking.ts';

/** Takes value and fee from the sender. Throws `ExecutionRefused`. */
export function spend(accounts: Accounts, transaction: ExtendedTransaction, context: ExecutionContext): void {
  if (transaction.senderType === accountTypes.staking) withdraw(accounts, transaction, context);
  else take(accounts, transaction, transaction.value + transaction.fee, context);
}

/** Takes only the fee. Throws `ExecutionRefused`. */
export function payFee(accounts: Accounts, transaction: ExtendedTransaction, context: ExecutionContext): void {
  if (transaction.senderType === accountTypes.staking) withdrawFee(accounts, transaction);
  else take(accounts, transaction, transaction.fee, context);
}

/** Gives the value to the recipient. Throws `ExecutionRefused`. */
export function receive(accounts: Accounts, transaction: ExtendedTransaction, context: ExecutionContext): void {
  const { recipient, recipientType, recipientData, flags, value } = transaction;
  if (recipientType === accountTypes.staking) return deposit(accounts, transaction, context);
  if ((flags & transactionFlags.contractCreation) === 0 || recipientType === accountTypes.basic) return give(accounts, recipient, value);
  const before = accounts.account(recipient);
  if (before.type !== 'basic') throw new ExecutionRefused('exists', `a contract of type ${before.type}`);
  accounts.setAccount(recipient, created(recipientType, recipientData, before.balance + value, value));
}

/** `value`: what the creation brings; the address may have held something before. */
function created(type: number, data: Uint8Array, balance: number, value: number): Account {
  if (type === accountTypes.vesting) return { type: 'vesting', balance, ...decodeVestingData(data, value) };
  const { hashRoot, ...htlc } = decode(htlcData, data);
  return { type: 'htlc', balance, totalAmount: value, hashAlgorithm: hashRoot.algorithm, hashRoot: hashRoot.hash, ...htlc };
}

function take(accounts: Accounts, transaction: ExtendedTransaction, amount: number, context: ExecutionContext): void {
  const { sender, senderType } = transaction;
  const account = accounts.account(sender);
  if (accountTypes[account.type] !== senderType) throw new ExecutionRefused('wrong-account-type', `the sender is of type ${account.type}`);
  const balance = account.balance - amount;
  if (balance < 0) throw new ExecutionRefused('insufficient-funds', `${amount} Luna of ${account.balance}`);
  requireReleased(account, balance, transaction, context);
  accounts.setAccount(sender, { ...account, balance });
}

/** Adds to a basic account. Throws `ExecutionRefused`. */
export function give(accounts: Accounts, address: Uint8Array, amount: number): void {
  const account = accounts.account(address);
  if (account.type !== 'basic') throw new ExecutionRefused('wrong-account-type', `the recipient is of type ${account.type}`);
  accounts.setAccount(address, { ...account, balance: account.balance + amount });
}
