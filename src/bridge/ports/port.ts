/** The part of a `MessagePort` that page, hub and workers need; a `Worker` and a dedicated worker's own scope have it too. */
export interface Port {
  postMessage(message: unknown, transfer: Transferable[]): void;
  addEventListener(type: 'message' | 'messageerror', listener: (event: MessageEvent) => void): void;
  removeEventListener(type: 'message' | 'messageerror', listener: (event: MessageEvent) => void): void;
  /** Messages wait until this is called. Missing where delivery starts by itself. */
  start?(): void;
  close?(): void;
}

/**
 * Calls `listener` with the data of every message, and `onLost` when a message arrived that could not be read here (it contains a
 * transferred object that this kind of worker cannot hold; the sender never learns of it). The returned function ends both.
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

/** The fields of a message from another thread, all unchecked; `undefined` if it is not an object. */
export function fieldsOf(data: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof data === 'object' && data !== null && !Array.isArray(data) ? (data as Record<string, unknown>) : undefined;
}

/** Whether `value` can be used as a port. Checks its methods, because a port from another realm is not an `instanceof` our class. */
export function isPort(value: unknown): value is MessagePort {
  const fields = fieldsOf(value);
  return typeof fields?.['postMessage'] === 'function' && typeof fields['addEventListener'] === 'function';
}
