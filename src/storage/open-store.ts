import { StorageError, type StoreFailure } from './storage-error.ts';

/** What is needed of a store. */
interface Owned {
  takeFencing(): Promise<number>;
  close(): Promise<void>;
}

/**
 * Opens the store and takes its fencing number, so that an earlier owner can no longer write. If the first store cannot be opened (no room,
 * forbidden, newer schema), the second is used and `onFallback` is told why: the client then works but remembers nothing. Without a second
 * store it throws `StorageError`.
 */
export async function openStore<Store extends Owned>(
  first: () => Store,
  second?: () => Store,
  onFallback?: (code: StoreFailure, data: Readonly<Record<string, string | number>>) => void,
): Promise<{ readonly store: Store; readonly fencing: number }> {
  let store: Store | undefined;
  try {
    store = first();
    return { store, fencing: await store.takeFencing() };
  } catch (error) {
    await store?.close().catch(() => undefined);
    if (!second) throw error;
    onFallback?.(error instanceof StorageError ? error.code : 'internal', { message: messageOf(error) });
    const spare = second();
    return { store: spare, fencing: await spare.takeFencing() };
  }
}

/** At most 200 characters. */
function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, 200);
}
