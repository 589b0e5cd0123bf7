/** The interface to time for code without I/O. The system's clock is in `base/system.ts`; the simulator has a virtual one. */
export interface Clock {
  /** Unix milliseconds; may jump. Used for timestamps in protocol data only. */
  now(): number;
  /** Milliseconds since some fixed moment; never goes back. Used for every duration and deadline. */
  monotonic(): number;
  /** Runs `callback` once after `ms`. Returns the function that cancels it. */
  after(ms: number, callback: () => void): () => void;
}

/** Resolves after `ms`, or rejects with the signal's reason as soon as it aborts. */
export function sleep(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason as Error);
    const cancel = clock.after(ms, () => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    });
    const onAbort = () => {
      cancel();
      reject(signal?.reason as Error);
    };
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}
