import { extendedForm } from '../../src/chains/albatross/transactions/derive-format.ts';
import type { ExecutedTransaction, Transaction } from '../../src/chains/albatross/wire/types.ts';
import type { Accounts } from './accounts.ts';
import type { ExecutionContext } from './execution-context.ts';
import { ExecutionRefused } from './execution-refused.ts';
import { payFee, receive, spend } from './transfers.ts';

/**
 * Executes a transaction that is valid in itself. If the accounts do not allow it, only its fee is paid; undefined: not even that can be
 * paid, and no block may hold the transaction.
 */
export function execute(accounts: Accounts, transaction: Transaction, context: ExecutionContext): ExecutedTransaction | undefined {
  const extended = extendedForm(transaction);
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
    spend(accounts, extended, context);
    receive(accounts, extended, context);
  });
  if (succeeded || done(() => payFee(accounts, extended, context))) return { succeeded, transaction };
  return undefined;
}
