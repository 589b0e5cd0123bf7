/** What page, hub and workers need of a `MessagePort`; a `Worker` and a dedicated worker's own scope have it too. */
export interface Port {
  postMessage(message: unknown, transfer: Transferable[]): void;
  addEventListener(type: 'message' | 'messageerror', listener: (event: MessageEvent) => void): void;
  removeEventListener(type: 'message' | 'messageerror', listener: (event: MessageEvent) => void): void;
  /** Messages wait until it is called. Missing where delivery starts by itself. */
  start?(): void;
  close?(): void;
}

/**
 * Calls `listener` with the data of every message, and `onLost` when one arrived that could not be read here (a transferred thing that
 * this kind of worker cannot hold: the sender is never told). The returned function ends both.
 */
export function listen(port: Port, listener: (data: unknown) => void, onLost?: () => void): () => void {
  const onMessage = (event: MessageEvent) => listener(event.data);
  const onError = () => onLost?.();
  port.addEventListener('message', onMessage);
  port.addEventListener('messageerror', onError);
  port.start?.();
  return () => {
    port.removeEventListener('message', onMessage);
    port.removeEventListener('messageerror', onError);
  };
}

/** The fields of a message from another thread, all of them still to be checked; `undefined` if it is no object at all. */
export function fieldsOf(data: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof data === 'object' && data !== null && !Array.isArray(data) ? (data as Record<string, unknown>) : undefined;
}

/** Whether `value` can be used as a port. Structural: a port that came from another realm is no `instanceof` ours. */
export function isPort(value: unknown): value is MessagePort {
  const fields = fieldsOf(value);
  return typeof fields?.['postMessage'] === 'function' && typeof fields['addEventListener'] === 'function';
}
