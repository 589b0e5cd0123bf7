/** Pushes that may wait at once: ten batches of the main network and as much again. The block queue keeps fewer. */
const maxWaiting = 1200;

/** Runs tasks one at a time in the order of their coming. */
export class PushQueue {
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  /** The task's outcome; `undefined` without running it when too many wait already. */
  run<T>(task: () => Promise<T>): Promise<T> | undefined {
    if (this.#waiting >= maxWaiting) return undefined;
    this.#waiting += 1;
    const outcome = this.#last.then(task).finally(() => {
      this.#waiting -= 1;
    });
    // A failed task is its caller's business.
    this.#last = outcome.catch(() => undefined);
    return outcome;
  }
}
