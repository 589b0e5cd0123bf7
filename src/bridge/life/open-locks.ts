import type { Locks } from './liveness-lock.ts';

/**
 * The browser's locks. If the browser refuses them (the user blocks all site data: `SecurityError`), every lock is granted at once. Each
 * tab then has its own hub, which works in memory and ends with the tab, so there is nothing to share. `alone` tells whether that is so.
 */
export function openLocks(native: Locks): Locks & { alone(): Promise<boolean> } {
  let refused: Promise<boolean> | undefined;
  const alone = () =>
    (refused ??= (async () => {
      try {
        await native.query();
        return false;
      } catch (error) {
        return (error as { readonly name?: unknown } | undefined)?.name === 'SecurityError';
      }
    })());
  return {
    alone,
    request: async (name, options, callback) => ((await alone()) ? callback({ name }) : native.request(name, options, callback)),
    query: async () => ((await alone()) ? { held: [] } : native.query()),
  };
}
