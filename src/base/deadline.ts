import type { Clock } from './clock.ts';

/** A signal that aborts after some time or with another signal, and a race of some work against it. Call `clear` when the work is done. */
export class Deadline {
  readonly #controller = new AbortController();
  readonly #cancel: () => void;
  readonly #parent: AbortSignal | undefined;

  /** @param reason Creates the error for the time-out. */
  constructor(clock: Clock, ms: number, parent: AbortSignal | undefined, reason: () => Error) {
    this.#parent = parent;
    this.#cancel = clock.after(ms, () => this.#controller.abort(reason()));
    if (parent?.aborted === true) this.#onParent();
    else parent?.addEventListener('abort', this.#onParent, { once: true });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** The work's result, or the signal's reason as soon as it aborts, even if the work ignores the signal. */
  race<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const onAbort = () => reject(this.signal.reason as Error);
      if (this.signal.aborted) onAbort();
      else this.signal.addEventListener('abort', onAbort, { once: true });
      // The work has handlers for both outcomes, so that a late failure is no unhandled rejection.
      work.then(resolve, (error: unknown) => reject(this.signal.aborted ? (this.signal.reason as Error) : (error as Error)));
    });
  }

  /** Aborts early. The first reason counts. */
  abort(reason: Error): void {
    this.#controller.abort(reason);
  }

  /** The time no longer counts; the other signal still does. */
  lift(): void {
    this.#cancel();
  }

  clear(): void {
    this.#cancel();
    this.#parent?.removeEventListener('abort', this.#onParent);
  }

  readonly #onParent = () => this.#controller.abort(this.#parent?.reason);
}
