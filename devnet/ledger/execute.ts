import type { ExecutedTransaction, Transaction } from '../../src/chains/albatross/wire/types.ts';
import type { Accounts } from './accounts.ts';
import { payFee, receive, spend } from './transfers.ts';
import { ExecutionRefused } from './execution-refused.ts';
import { transactionFacts } from './transaction-facts.ts';

/** The block that executes a transaction. */
export interface ExecutionContext {
  readonly height: number;
  /** Unix milliseconds. */
  readonly time: number;
  /** The first election height above `height`. */
  readonly nextElection: number;
  readonly blocksPerEpoch: number;
}

/**
 * Executes a transaction whose proof was verified before. If the accounts do not allow it, only its fee is paid; undefined: not even that
 * can be paid, and no block may hold the transaction.
 */
export function execute(accounts: Accounts, transaction: Transaction, context: ExecutionContext): ExecutedTransaction | undefined {
  const facts = transactionFacts(transaction);
  const done = (work: () => void): boolean => {
    const before = accounts.root;
    try {
      work();
      return true;
    } catch (error) {
      if (!(error instanceof ExecutionRefused)) throw error;
      accounts.root = before;
      return false;
    }
  };
  const succeeded = done(() => {
    spend(accounts, facts, context);
    receive(accounts, facts, context);
  });
  if (succeeded || done(() => payFee(accounts, facts, context))) return { succeeded, transaction };
  return undefined;
}
