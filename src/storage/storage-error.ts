/**
 * What can go wrong with the store.
 * - `unavailable`: the database cannot be opened or was lost, and opening it again did not help
 * - `no-answer`: the browser neither does what was asked nor says that it failed
 * - `blocked`: another connection with an older schema does not close
 * - `schema-from-the-future`: a newer Petrel wrote it; nothing was touched
 * - `migration-failed`: an older schema could not be brought up to date; nothing was changed
 * - `stale-owner`: somebody else took the fencing number since; nothing was written
 * - `lost`: the fencing number is gone: somebody deleted or emptied the database since; `takeFencing` makes it ours again
 * - `quota`: the browser gives no more room
 * - `aborted`: the transaction did not complete; what was stored before is unchanged
 * - `closed`: used after `close`
 */
export type StorageErrorCode = 'unavailable' | 'no-answer' | 'blocked' | 'schema-from-the-future' | 'migration-failed' | 'stale-owner' | 'lost' | 'quota' | 'aborted' | 'closed';

/** The one error a `Store` throws. */
export class StorageError extends Error {
  override readonly name = 'StorageError';
  readonly code: StorageErrorCode;
  constructor(code: StorageErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}
