/** Gives the event loop turns between slices of work. */
export interface TurnTaker {
  /** Resolves in a later task, after messages and I/O that are due have been handled. */
  turn(): Promise<void>;
  close(): void;
}

/**
 * Over a `MessageChannel`, because nested `setTimeout(0)` is held back by 4 ms in browsers
 * (https://html.spec.whatwg.org/multipage/timers-and-user-prompts.html, step 5 of the timer initialisation).
 * Close it when the work is done: in Node an open port keeps the process alive.
 */
export function createTurnTaker(): TurnTaker {
  const { port1, port2 } = new MessageChannel();
  const waiting: (() => void)[] = [];
  port1.addEventListener('message', () => waiting.shift()?.());
  port1.start();
  return {
    turn: () =>
      new Promise((resolve) => {
        waiting.push(resolve);
        port2.postMessage(undefined);
      }),
    close() {
      port1.close();
      port2.close();
      for (const resolve of waiting.splice(0)) resolve();
    },
  };
}
