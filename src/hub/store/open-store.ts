import { toWireError } from '../../bridge/errors.ts';
import { StorageError, type StoreFailure } from '../../storage/storage-error.ts';
import type { Store } from '../../chains/albatross/store/store.ts';

/**
 * Opens the store and takes its fencing number, so that an earlier owner can no longer write. If the first store cannot be opened (no room,
 * forbidden, newer schema), the second is used and `onFallback` is told why: the client then works but remembers nothing. Without a second
 * store it throws `StorageError`.
 */
export async function openStore(
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
    onFallback?.(error instanceof StorageError ? error.code : 'internal', { message: toWireError(error).message });
    const spare = second();
    return { store: spare, fencing: await spare.takeFencing() };
  }
}
