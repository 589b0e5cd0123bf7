/**
 * Background work that ends with its owner. Every task gets a signal; `stop` aborts it and waits until all tasks have ended. If a task
 * throws after the abort, the error is ignored. If it throws before, `onError` is called, because no other code would see the error.
 */
export class Tasks {
  readonly #controller = new AbortController();
  /**
   * Each task has its own controller instead of a listener on the owner's signal: one signal with hundreds of listeners is slow, and Node
   * warns of it.
   */
  readonly #running = new Map<Promise<void>, AbortController>();
  readonly #onError: (error: unknown) => void;

  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
  }

  /** Aborts on `stop`. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get size(): number {
    return this.#running.size;
  }

  /** Starts `task` unless stopped. If `signal` is given, the task also ends with it. */
  run(task: (signal: AbortSignal) => Promise<void>, signal?: AbortSignal): void {
    if (this.#controller.signal.aborted || signal?.aborted) return;
    const own = new AbortController();
    const joined = signal ? joinSignals(own.signal, signal) : { signal: own.signal, release: () => {} };
    const running: Promise<void> = (async () => task(joined.signal))()
      .catch((error: unknown) => {
        if (!joined.signal.aborted) this.#onError(error);
      })
      .finally(() => {
        joined.release();
        this.#running.delete(running);
      });
    this.#running.set(running, own);
  }

  /** Aborts all tasks and waits until they have ended. */
  async stop(reason: Error): Promise<void> {
    this.#controller.abort(reason);
    for (const own of Array.from(this.#running.values())) own.abort(reason);
    while (this.#running.size > 0) await Promise.all(this.#running.keys());
  }
}

/**
 * A signal that aborts with any of the given ones; `release` removes its listeners. Not `AbortSignal.any`: that keeps its listeners on a
 * long-lived signal until garbage collection, one for every request ever made.
 */
export function joinSignals(...signals: readonly (AbortSignal | undefined)[]): { readonly signal: AbortSignal; release(): void } {
  const controller = new AbortController();
  const releases: (() => void)[] = [];
  const release = () => {
    for (const remove of releases.splice(0)) remove();
  };
  for (const signal of signals) {
    if (!signal) continue;
    const onAbort = () => {
      release();
      controller.abort(signal.reason);
    };
    if (signal.aborted) {
      onAbort();
      break;
    }
    signal.addEventListener('abort', onAbort, { once: true });
    releases.push(() => signal.removeEventListener('abort', onAbort));
  }
  return { signal: controller.signal, release };
}
