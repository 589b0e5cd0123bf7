import type { Unlocked } from '../vault/types.ts';

/** The accounts that this page has unlocked. They lock themselves after five minutes without use. */
export interface OpenAccounts {
  get(id: string): Unlocked | undefined;
  /** Whether any is unlocked. */
  any(): boolean;
  /** Keeps it until it locks. One that was open before is locked. */
  keep(unlocked: Unlocked): void;
  lockAll(): void;
  /** Calls `listener` when one is kept or locked. The returned function removes it. */
  subscribe(listener: () => void): () => void;
}

export function openAccounts(): OpenAccounts {
  const listeners = new Set<() => void>();
  const open = new Map<string, Unlocked>();
  const tell = () => {
    for (const listener of Array.from(listeners)) listener();
  };
  return {
    get: (id) => open.get(id),
    any: () => open.size > 0,
    keep(unlocked) {
      const { id } = unlocked.account;
      const before = open.get(id);
      if (before === unlocked) return;
      open.set(id, unlocked);
      before?.lock();
      unlocked.onLock(() => {
        if (open.get(id) !== unlocked) return;
        open.delete(id);
        tell();
      });
      tell();
    },
    lockAll() {
      for (const unlocked of Array.from(open.values())) unlocked.lock();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
