import { CodedError } from '../base/coded-error.ts';

/**
 * What can go wrong with the store.
 * - `unavailable`: the database cannot be opened or was lost, and opening it again did not help
 * - `no-answer`: the browser neither does what was requested nor reports a failure
 * - `blocked`: another connection with an older schema does not close
 * - `schema-from-the-future`: a newer Petrel wrote it; nothing was touched
 * - `migration-failed`: an older schema could not be migrated; nothing was changed
 * - `stale-owner`: another hub took the fencing number since; nothing was written
 * - `lost`: the fencing number is gone, because the database was deleted or emptied; `takeFencing` takes ownership again
 * - `quota`: the browser gives no more space
 * - `aborted`: the transaction did not complete; what was stored before is unchanged
 * - `closed`: used after `close`
 */
export type StorageErrorCode = 'unavailable' | 'no-answer' | 'blocked' | 'schema-from-the-future' | 'migration-failed' | 'stale-owner' | 'lost' | 'quota' | 'aborted' | 'closed';

/** Why a store cannot be used; `internal`: an error of our own code. */
export type StoreFailure = StorageErrorCode | 'internal';

/** The only error a `Store` throws. */
export class StorageError extends CodedError<StorageErrorCode> {
  override readonly name = 'StorageError';
  constructor(code: StorageErrorCode, message: string, options?: { cause?: unknown }) {
    super(code, message, undefined, options);
  }
}
