/** Lets the event loop run other tasks between slices of work. */
export interface TurnTaker {
  /** Resolves in a later task, after messages and I/O that are due have been handled. */
  turn(): Promise<void>;
  close(): void;
}

/** Node's own way to wait for one turn of the event loop; browsers have none. */
const immediate = (globalThis as { setImmediate?: (callback: () => void) => unknown }).setImmediate;

/**
 * In browsers this uses a `MessageChannel`, because browsers delay nested `setTimeout(0)` by 4 ms
 * (https://html.spec.whatwg.org/multipage/timers-and-user-prompts.html, step 5 of the timer initialisation). In Node it uses
 * `setImmediate`: Node handles up to 1000 messages of a port one after the other before it checks its sockets (`MessagePort::OnMessage` in
 * `src/node_messaging.cc`), so a peer's request would wait for seconds. Close it when the work is done.
 */
export function createTurnTaker(): TurnTaker {
  return immediate === undefined ? createChannelTurns() : { turn: () => new Promise((resolve) => immediate(resolve)), close: () => undefined };
}

/** Exported for its test, because Node has `MessageChannel` too. */
export function createChannelTurns(): TurnTaker {
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
