/** Calls a listener. What it throws is reported as an uncaught exception, and does not affect the calls that follow. */
export function callListener<Args extends readonly unknown[]>(listener: (...args: Args) => unknown, ...args: Args): void {
  try {
    listener(...args);
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}
