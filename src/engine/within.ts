import type { Clock } from './clock.ts';

/** What `promise` comes to, or undefined when that takes longer than `ms`: its owner goes on without it, and what it comes to later is dropped. */
export function within<T>(clock: Clock, ms: number, promise: Promise<T>): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(ms, () => resolve(undefined));
    promise.then(resolve, reject).finally(cancel);
  });
}
