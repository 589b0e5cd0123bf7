/**
 * Liveness by Web Lock. A `MessagePort` shows no event when its other side is gone (whatwg/html issue 1766), but the browser releases a
 * lock when the page or worker that held it ends. So each side holds a lock of its own name and the other side waits for it.
 * @module
 */

/** The used part of `navigator.locks`. */
export interface Locks {
  request(
    name: string,
    options: { readonly mode?: 'exclusive' | 'shared'; readonly ifAvailable?: boolean; readonly steal?: boolean; readonly signal?: AbortSignal },
    callback: (lock: unknown) => unknown,
  ): Promise<unknown>;
  /** Everything held in this origin; `clientId` is the same for all locks of one page or worker. */
  query(): Promise<{ readonly held?: readonly { readonly name?: string; readonly clientId?: string }[] }>;
  /** Whether the browser refuses locks, so that no other tab's locks can be seen (`open-locks.ts`). */
  alone?(): Promise<boolean>;
}

/** A lock that is held. */
export interface HeldLock {
  release(): void;
  /** Resolves when we no longer hold the lock: it was released, or taken away (`steal`). */
  readonly ended: Promise<'released' | 'taken'>;
}

/** Resolves when we hold the lock. Rejects with the signal's reason when aborted while waiting. */
export function holdLock(locks: Locks, name: string, options: { readonly signal?: AbortSignal | undefined } = {}): Promise<HeldLock> {
  return request(locks, name, options.signal ? { signal: options.signal } : {}) as Promise<HeldLock>;
}

/** Takes the lock at once if it is free; otherwise `undefined`. */
export function tryLock(locks: Locks, name: string): Promise<HeldLock | undefined> {
  return request(locks, name, { ifAvailable: true });
}

/** Takes the lock from its holder and leaves it to the next in line. The holder is notified through `ended`, as soon as its thread runs. */
export async function stealLock(locks: Locks, name: string): Promise<void> {
  await locks.request(name, { steal: true }, () => undefined);
}

/** Takes the lock from its holder and keeps it. */
export function seizeLock(locks: Locks, name: string): Promise<HeldLock> {
  return request(locks, name, { steal: true }) as Promise<HeldLock>;
}

function request(locks: Locks, name: string, options: { steal?: boolean; signal?: AbortSignal; ifAvailable?: boolean }): Promise<HeldLock | undefined> {
  return new Promise((resolve, reject) => {
    let ended: (how: 'released' | 'taken') => void = () => {};
    const end = new Promise<'released' | 'taken'>((done) => (ended = done));
    locks
      .request(name, options, (lock) => {
        if (!lock) return void resolve(undefined);
        return new Promise<void>((release) => resolve({ release, ended: end }));
      })
      .then(
        () => ended('released'),
        (error: unknown) => {
          ended('taken');
          reject(error as Error); // Matters only before the grant; afterwards the promise is already settled.
        },
      );
  });
}

/**
 * Resolves as soon as the lock is free: its holder released it, was closed, or died. Never resolves if the browser refuses locks. Rejects
 * when aborted. The wait is `shared`, so the browser grants the free lock to all waiters at once. With an exclusive wait, a hung hub would keep
 * the granted lock, and the next hub would never notice that the tab is gone.
 */
export async function lockReleased(locks: Locks, name: string, signal: AbortSignal): Promise<void> {
  if (await locks.alone?.()) {
    return new Promise((_, reject) => {
      if (signal.aborted) reject(signal.reason as Error);
      else signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    });
  }
  await locks.request(name, { mode: 'shared', signal }, () => undefined);
}
