/** Pushes that may wait at once: ten batches of the main network, doubled. The block queue keeps fewer. */
const maxWaiting = 1200;

/** Runs tasks one at a time in the order of their arrival. */
export class PushQueue {
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  /** The task's outcome; `undefined`, without running it, if too many tasks wait already. */
  run<T>(task: () => Promise<T>): Promise<T> | undefined {
    if (this.#waiting >= maxWaiting) return undefined;
    this.#waiting += 1;
    const outcome = this.#last.then(task).finally(() => {
      this.#waiting -= 1;
    });
    // A failed task is handled by its caller.
    this.#last = outcome.catch(() => undefined);
    return outcome;
  }
}
