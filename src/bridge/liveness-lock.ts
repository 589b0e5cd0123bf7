/**
 * Liveness by Web Lock. A `MessagePort` says nothing when its other side is gone (whatwg/html issue 1766), but the browser releases a
 * lock with the page or worker that held it. So each side holds a lock of its own name and the other side waits for it.
 * @module
 */

/** What is used of `navigator.locks`. */
export interface Locks {
  request(
    name: string,
    options: { readonly mode?: 'exclusive'; readonly ifAvailable?: boolean; readonly steal?: boolean; readonly signal?: AbortSignal },
    callback: (lock: unknown) => unknown,
  ): Promise<unknown>;
  /** Everything held in this origin; `clientId` is the same for all locks of one page or worker. */
  query(): Promise<{ readonly held?: readonly { readonly name?: string; readonly clientId?: string }[] }>;
}

/** A lock that is held. */
export interface HeldLock {
  release(): void;
  /** Resolves when the lock is no longer ours: released, or taken away (`steal`). */
  readonly ended: Promise<'released' | 'taken'>;
}

/** Resolves when the lock is ours. Rejects with the signal's reason when aborted while waiting. */
export function holdLock(locks: Locks, name: string, options: { readonly signal?: AbortSignal | undefined } = {}): Promise<HeldLock> {
  return request(locks, name, options.signal ? { signal: options.signal } : {}) as Promise<HeldLock>;
}

/** The lock if nobody has it, at once; else `undefined`. */
export function tryLock(locks: Locks, name: string): Promise<HeldLock | undefined> {
  return request(locks, name, { ifAvailable: true });
}

/** Takes the lock from whoever holds it, who is told (`ended`) as soon as he listens, and leaves it to the next in line. */
export async function stealLock(locks: Locks, name: string): Promise<void> {
  await locks.request(name, { steal: true }, () => undefined);
}

/** Takes the lock from whoever holds it, for ourselves. */
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
          reject(error as Error); // Means something only before the grant; afterwards the promise is settled.
        },
      );
  });
}

/** Resolves as soon as nobody holds the lock: its holder let go, was closed, or died. Rejects when aborted. */
export async function lockReleased(locks: Locks, name: string, signal: AbortSignal): Promise<void> {
  await locks.request(name, { signal }, () => undefined);
}
