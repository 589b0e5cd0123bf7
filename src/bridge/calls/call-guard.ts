import type { Endpoint } from 'comlink';
import type { CallAnswer } from './call-answer.ts';
import { fieldsOf, type Port } from '../ports/port.ts';

/** Everything that comlink may reach in the hub. Neither method ever throws or rejects. */
export interface CallDesk {
  call(id: number, method: string, args: readonly unknown[], timeout: number): Promise<CallAnswer>;
  abort(id: number): void;
}

/**
 * A port for comlink that only lets plain calls of `call` and `abort` with plain arguments pass. comlink itself would follow any path on
 * the exposed object, assign to it, construct objects, and open further ports.
 */
export function guardedEndpoint(port: Port): Endpoint {
  const wrapped = new Map<unknown, (event: MessageEvent) => void>();
  return {
    postMessage: (message: unknown, transfer?: Transferable[]) => port.postMessage(message, transfer ?? []),
    addEventListener(_type: string, listener: unknown) {
      const guarded = (event: MessageEvent) => {
        if (isPlainCall(event.data)) (listener as (event: MessageEvent) => void)(event);
      };
      wrapped.set(listener, guarded);
      port.addEventListener('message', guarded);
    },
    removeEventListener(_type: string, listener: unknown) {
      const guarded = wrapped.get(listener);
      if (guarded) port.removeEventListener('message', guarded);
      wrapped.delete(listener);
    },
    start: () => port.start?.(),
  };
}

function isPlainCall(data: unknown): boolean {
  const message = fieldsOf(data);
  if (message?.['type'] !== 'APPLY' || typeof message['id'] !== 'string') return false;
  const { path, argumentList } = message;
  if (!Array.isArray(path) || path.length !== 1 || (path[0] !== 'call' && path[0] !== 'abort')) return false;
  return Array.isArray(argumentList) && argumentList.length <= 4 && argumentList.every((argument) => fieldsOf(argument)?.['type'] === 'RAW');
}
