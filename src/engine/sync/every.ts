import type { Clock } from '../../base/clock.ts';

/** Calls `work` every `ms` milliseconds until the returned function is called. */
export function every(clock: Clock, ms: number, work: () => void): () => void {
  let cancel = () => {};
  const next = () => {
    cancel = clock.after(ms, () => {
      next();
      work();
    });
  };
  next();
  return () => cancel();
}
