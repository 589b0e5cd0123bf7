import type { Locks } from '../../src/bridge/life/liveness-lock.ts';

interface Waiting {
  readonly clientId: string;
  readonly callback: (lock: unknown) => unknown;
  readonly settle: { resolve(value: unknown): void; reject(error: unknown): void };
}

/** Exclusive Web Locks for tests, because Node 20 has none. A test simulates the death of a tab with `kill`. */
export class FakeLocks implements Locks {
  readonly #queues = new Map<string, Waiting[]>();
  readonly #holders = new Map<string, Waiting>();

  /** The view of the same locks from another page or worker. */
  of(clientId: string): Locks {
    return { request: (name, options, callback) => this.request(name, options, callback, clientId), query: () => this.query() };
  }

  request(name: string, options: { ifAvailable?: boolean; steal?: boolean; signal?: AbortSignal }, callback: (lock: unknown) => unknown, clientId = 'one'): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (options.signal?.aborted) return reject(options.signal.reason as Error);
      if (options.ifAvailable && this.held(name)) return resolve(callback(null));
      const waiting: Waiting = { clientId, callback, settle: { resolve, reject } };
      const queue = this.#queues.get(name) ?? [];
      this.#queues.set(name, queue);
      if (options.steal) {
        queue.unshift(waiting);
        return this.kill(name);
      }
      queue.push(waiting);
      options.signal?.addEventListener('abort', () => {
        const at = queue.indexOf(waiting);
        if (at < 0) return;
        queue.splice(at, 1);
        reject(options.signal?.reason as Error);
      });
      this.#grant(name);
    });
  }

  async query() {
    return { held: Array.from(this.#holders, ([name, { clientId }]) => ({ name, clientId })) };
  }

  held(name: string): boolean {
    return this.#holders.has(name);
  }

  /** Releases the lock as if its holder had died. */
  kill(name: string): void {
    this.#holders.get(name)?.settle.reject(new Error('stolen'));
    this.#holders.delete(name);
    this.#grant(name);
  }

  #grant(name: string): void {
    if (this.held(name)) return;
    const next = this.#queues.get(name)?.shift();
    if (!next) return;
    this.#holders.set(name, next);
    Promise.resolve()
      .then(() => next.callback({ name }))
      .then(next.settle.resolve, next.settle.reject)
      .finally(() => {
        if (this.#holders.get(name) !== next) return;
        this.#holders.delete(name);
        this.#grant(name);
      });
  }
}
