import { BoundedCache } from '../base/bounded-cache.ts';
import type { TransactionUpdate, TransactionView } from '../client/types.ts';

/** Transactions of which one listener knows the block. Above that the oldest is told again when it is final. */
const KEPT = 1000;

/**
 * Tells when a transaction comes into a block, once for each block: that is when the official client calls its listeners. That its block is
 * final, or was replaced, is not told.
 */
export class Inclusions {
  /** Heights by hash. */
  readonly #told = new BoundedCache<number>(KEPT);

  /** The transaction, if it has come into a block that was not told. */
  next({ hash, state, transaction }: TransactionUpdate): TransactionView | undefined {
    if (!transaction || (state !== 'included' && state !== 'confirmed') || this.#told.get(hash) === transaction.blockHeight) return undefined;
    this.#told.set(hash, transaction.blockHeight);
    return transaction;
  }
}
