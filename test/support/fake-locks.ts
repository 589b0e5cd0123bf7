import type { Locks } from '../../src/bridge/life/liveness-lock.ts';

interface Waiting {
  readonly shared: boolean;
  readonly clientId: string;
  readonly callback: (lock: unknown) => unknown;
  readonly settle: { resolve(value: unknown): void; reject(error: unknown): void };
}

/** Web Locks for tests, because Node 20 has none. A test simulates the death of a tab with `kill`. */
export class FakeLocks implements Locks {
  readonly #queues = new Map<string, Waiting[]>();
  readonly #holders = new Map<string, readonly Waiting[]>();

  /** The view of the same locks from another page or worker. */
  of(clientId: string): Locks {
    return { request: (name, options, callback) => this.request(name, options, callback, clientId), query: () => this.query() };
  }

  request(name: string, options: { mode?: 'exclusive' | 'shared'; ifAvailable?: boolean; steal?: boolean; signal?: AbortSignal }, callback: (lock: unknown) => unknown, clientId = 'one'): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (options.signal?.aborted) return reject(options.signal.reason as Error);
      if (options.ifAvailable && this.held(name)) return resolve(callback(null));
      const waiting: Waiting = { shared: options.mode === 'shared', clientId, callback, settle: { resolve, reject } };
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
    return { held: Array.from(this.#holders).flatMap(([name, holders]) => holders.map(({ clientId }) => ({ name, clientId }))) };
  }

  held(name: string): boolean {
    return this.#holders.has(name);
  }

  /** Releases the lock as if its holder had died. */
  kill(name: string): void {
    for (const { settle } of this.#holders.get(name) ?? []) settle.reject(new Error('stolen'));
    this.#holders.delete(name);
    this.#grant(name);
  }

  #grant(name: string): void {
    const queue = this.#queues.get(name) ?? [];
    for (;;) {
      const [next] = queue;
      const holders = this.#holders.get(name) ?? [];
      if (!next || (holders.length > 0 && !(next.shared && holders.every(({ shared }) => shared)))) return;
      queue.shift();
      this.#holders.set(name, [...holders, next]);
      Promise.resolve()
        .then(() => next.callback({ name }))
        .then(next.settle.resolve, next.settle.reject)
        .finally(() => this.#leave(name, next));
    }
  }

  #leave(name: string, holder: Waiting): void {
    const holders = this.#holders.get(name);
    if (!holders?.includes(holder)) return;
    const left = holders.filter((other) => other !== holder);
    if (left.length > 0) this.#holders.set(name, left);
    else this.#holders.delete(name);
    this.#grant(name);
  }
}
