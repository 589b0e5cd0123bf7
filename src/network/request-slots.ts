import { RequestError } from '../engine/peers/peer-net.ts';

/** Requests that may wait for a slot. A further one is refused as `busy`: the sync asks no peer for so much at once. */
const MAX_WAITING = 64;

/** Lets so many requests be in flight at once; the others wait in order. */
export class RequestSlots {
  #free: number;
  readonly #waiting: { readonly start: () => void; readonly fail: (error: Error) => void }[] = [];
  #closed: Error | undefined;

  constructor(count: number) {
    this.#free = count;
  }

  /** Runs `work` when a slot is free. Rejects with `RequestError` (`busy`), the signal's reason, or what `close` was given. */
  async run<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    await this.#take(signal);
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#free += 1;
      else next.start();
    }
  }

  /** Everything that waits, and comes later, is rejected. */
  close(error: Error): void {
    this.#closed ??= error;
    for (const { fail } of this.#waiting.splice(0)) fail(error);
  }

  #take(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason as Error);
      if (this.#closed !== undefined) return reject(this.#closed);
      if (this.#free > 0) {
        this.#free -= 1;
        return resolve();
      }
      if (this.#waiting.length >= MAX_WAITING) return reject(new RequestError('busy', `${MAX_WAITING} requests wait`, { limit: MAX_WAITING }));
      const settle = () => signal.removeEventListener('abort', onAbort);
      const entry = {
        start: () => {
          settle();
          resolve();
        },
        fail: (error: Error) => {
          settle();
          reject(error);
        },
      };
      const onAbort = () => {
        this.#waiting.splice(this.#waiting.indexOf(entry), 1);
        reject(signal.reason as Error);
      };
      signal.addEventListener('abort', onAbort, { once: true });
      this.#waiting.push(entry);
    });
  }
}
