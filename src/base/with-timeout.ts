import type { Clock } from './clock.ts';

/** The result of `promise`, or undefined if it takes longer than `ms`: the caller continues without it, and a later result is dropped. */
export function withTimeout<T>(clock: Clock, ms: number, promise: Promise<T>): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(ms, () => resolve(undefined));
    promise.then(resolve, reject).finally(cancel);
  });
}
