import { isValidAt } from '../../src/chains/albatross/transactions/validity-window.ts';
import { TransactionError } from '../../src/chains/albatross/transactions/transaction-error.ts';
import { verifyTransaction } from '../../src/chains/albatross/transactions/verify-transaction.ts';
import type { Policy } from '../../src/chains/albatross/chain/policy.ts';
import type { Transaction } from '../../src/chains/albatross/wire/types.ts';
import type { Hash } from '../../src/base/hash.ts';
import type { BlockState } from './block-state.ts';

/** Batches in which a transaction is valid: unit-albatross has 2, the other networks 120. Albatross block reference, section 3. */
const VALIDITY_BATCHES = 2;

/** Whether a block at `height` may hold a transaction with this validity start. Albatross proofs reference, 4.5. */
export function mayBeIncluded({ validityStartHeight }: Transaction, height: number, { blocksPerBatch }: Policy): boolean {
  return isValidAt(validityStartHeight, height, { blocksPerBatch, validityWindowBlocks: VALIDITY_BATCHES * blocksPerBatch });
}

/** Whether a block that the validity window still covers holds the transaction, in the chain that ends with this state. */
export function isIncluded(hash: Hash, { included }: BlockState): boolean {
  for (let at = included; at; at = at.before) if (at.hashes.has(hash)) return true;
  return false;
}

/** The code of the first rule that the transaction breaks by itself, if it breaks any. */
export function brokenRule(transaction: Transaction, network: number, version: number): string | undefined {
  try {
    verifyTransaction(transaction, { network, version });
    return undefined;
  } catch (error) {
    if (error instanceof TransactionError) return error.code;
    throw error;
  }
}
