import type { Accounts } from './accounts.ts';
import type { ExecutionContext } from './execute.ts';
import { ExecutionRefused } from './execution-refused.ts';
import type { TransactionFacts } from './transaction-facts.ts';

/** Account types on the wire. */
const TYPES = ['basic', 'vesting', 'htlc', 'staking'] as const;

/** Takes value and fee from the sender. Throws `ExecutionRefused`. */
export function spend(accounts: Accounts, { sender, senderType, value, fee }: TransactionFacts, _context: ExecutionContext): void {
  if (TYPES[senderType] !== 'basic') throw new ExecutionRefused('unknown-kind', `account type ${senderType}`);
  take(accounts, sender, value + fee);
}

/** Takes only the fee. Throws `ExecutionRefused`. */
export function payFee(accounts: Accounts, { sender, senderType, fee }: TransactionFacts, _context: ExecutionContext): void {
  if (TYPES[senderType] !== 'basic') throw new ExecutionRefused('unknown-kind', `account type ${senderType}`);
  take(accounts, sender, fee);
}

/** Gives the value to the recipient. Throws `ExecutionRefused`. */
export function receive(accounts: Accounts, { recipient, recipientType, value }: TransactionFacts, _context: ExecutionContext): void {
  if (TYPES[recipientType] !== 'basic') throw new ExecutionRefused('unknown-kind', `account type ${recipientType}`);
  give(accounts, recipient, value);
}

function take(accounts: Accounts, address: Uint8Array, amount: number): void {
  const account = accounts.account(address);
  if (account.type !== 'basic') throw new ExecutionRefused('wrong-account-type', `the sender is of type ${account.type}`);
  if (account.balance < amount) throw new ExecutionRefused('insufficient-funds', `${amount} Luna of ${account.balance}`);
  accounts.setAccount(address, { ...account, balance: account.balance - amount });
}

/** Adds to a basic account. Throws `ExecutionRefused`. */
export function give(accounts: Accounts, address: Uint8Array, amount: number): void {
  const account = accounts.account(address);
  if (account.type !== 'basic') throw new ExecutionRefused('wrong-account-type', `the recipient is of type ${account.type}`);
  accounts.setAccount(address, { ...account, balance: account.balance + amount });
}
