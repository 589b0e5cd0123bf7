import { toWireError } from '../bridge/errors.ts';
import type { Store } from '../storage/store.ts';

/**
 * The store of this ownership, counted: its fencing number has been taken, so that an earlier owner can write no more. If the first cannot be
 * opened (no room, forbidden, of a newer schema), the second is used and `onFallback` told why: the client then works, and remembers nothing.
 * Without a second it throws `StorageError`.
 */
export async function openStore(
  first: () => Store,
  second?: () => Store,
  onFallback?: (code: string, data: Readonly<Record<string, string | number>>) => void,
): Promise<{ readonly store: Store; readonly fencing: number }> {
  let store: Store | undefined;
  try {
    store = first();
    return { store, fencing: await store.takeFencing() };
  } catch (error) {
    await store?.close().catch(() => undefined);
    if (!second) throw error;
    const { code, message } = toWireError(error);
    onFallback?.(code, { message });
    const spare = second();
    return { store: spare, fencing: await spare.takeFencing() };
  }
}
