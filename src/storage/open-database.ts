import { type IDBPDatabase, openDB } from 'idb';
import { type Migration, MIGRATIONS } from './schema.ts';
import { StorageError } from './storage-error.ts';

/**
 * Milliseconds that a connection with an older schema may take to close before we give up. It is asked to close, and only has to finish its
 * transaction.
 */
const BLOCKED_GRACE = 5_000;

/** Milliseconds that the browser may take to answer at all. A slow disk takes seconds; a hung database server never answers. */
const OPEN_DEADLINE = 10_000;

/** Milliseconds that the migration of the schema may take: it copies at most as much as the storage cap allows. */
const MIGRATION_DEADLINE = 60_000;

export interface OpenOptions {
  readonly name: string;
  readonly migrations?: readonly Migration[] | undefined;
  readonly blockedGrace?: number | undefined;
  readonly deadline?: number | undefined;
  readonly migrationDeadline?: number | undefined;
  /** The connection is gone: a newer schema needs the database, or the browser closed it. */
  onLost(): void;
}

/**
 * Opens the database and brings its schema up to date.
 * @throws StorageError `schema-from-the-future`, `blocked`, `migration-failed`, `unavailable`, `no-answer` (a later answer is closed again)
 */
export function openDatabase(options: OpenOptions): Promise<IDBPDatabase> {
  const migrations = options.migrations ?? MIGRATIONS;
  const version = migrations.at(-1)?.version ?? 1;
  return new Promise((resolve, reject) => {
    let state: 'waiting' | 'migrating' | 'given-up' = 'waiting';
    const silent = (): void => giveUp(new StorageError('no-answer', `${options.name} is not opened and not refused`));
    let grace = setTimeout(silent, options.deadline ?? OPEN_DEADLINE);
    let migrationFailure: unknown;
    const giveUp = (error: StorageError): void => {
      clearTimeout(grace);
      state = 'given-up';
      reject(error);
    };
    const opening = attempt(() =>
      openDB(options.name, version, {
        upgrade(database, oldVersion, _newVersion, transaction) {
          clearTimeout(grace);
          if (state !== 'given-up') grace = setTimeout(silent, options.migrationDeadline ?? MIGRATION_DEADLINE);
          if (state === 'waiting') state = 'migrating';
          void (async () => {
            try {
              for (const step of migrations) if (step.version > oldVersion) await step.run(database, transaction as never);
            } catch (error) {
              migrationFailure = error;
              try {
                transaction.abort();
              } catch {
                // The transaction has already ended.
              }
            }
          })();
          // The transaction's own failure is reported by `openDB`.
          transaction.done.catch(() => undefined);
        },
        blocked() {
          clearTimeout(grace);
          if (state !== 'given-up') grace = setTimeout(() => giveUp(new StorageError('blocked', `${options.name} is held open with an older schema`)), options.blockedGrace ?? BLOCKED_GRACE);
        },
        // Another connection wants to upgrade or delete the database. Close at once, so that this one never blocks it.
        blocking(_currentVersion, _blockedVersion, event) {
          (event.target as IDBDatabase).close();
          options.onLost();
        },
        terminated() {
          options.onLost();
        },
      }),
    );
    opening.then(
      (database) => {
        clearTimeout(grace);
        if (state === 'given-up') database.close();
        else resolve(database);
      },
      (cause: unknown) => {
        clearTimeout(grace);
        if (state === 'given-up') return;
        const name = cause instanceof Error || cause instanceof DOMException ? cause.name : '';
        if (name === 'VersionError') giveUp(new StorageError('schema-from-the-future', `${options.name} has a schema above version ${version}`, { cause }));
        else if (state === 'migrating') giveUp(new StorageError('migration-failed', `${options.name} could not be brought to schema version ${version}`, { cause: migrationFailure ?? cause }));
        else giveUp(new StorageError('unavailable', `${options.name} cannot be opened: ${String(cause)}`, { cause }));
      },
    );
  });
}

/** `indexedDB` itself may be missing, or forbidden and throw. */
async function attempt<T>(open: () => Promise<T>): Promise<T> {
  return open();
}
