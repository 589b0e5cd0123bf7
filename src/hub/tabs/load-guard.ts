import { ClientError, toWireError } from '../../bridge/errors.ts';
import type { HelloAnswer } from '../../bridge/life/hello.ts';
import type { Port } from '../../bridge/ports/port.ts';

/** Pages that may wait for the end of loading: as many as a hub takes tabs. Later pages get no answer and try again. */
const MAX_WAITING = 256;

/** The used part of a SharedWorker's scope. */
type Scope = Pick<EventTarget, 'addEventListener' | 'removeEventListener'>;

/**
 * A SharedWorker that throws while it loads tells no page, so its pages would wait for an answer. Therefore this is the first code it runs:
 * if later code throws, or the thread lacks a feature, each page is refused with the reason. Call the returned function at the end of
 * loading; it says whether the hub can work.
 */
export function guardLoad(scope: Scope, missing: readonly string[]): () => boolean {
  const ports: Port[] = [];
  let failure = missing.length > 0 ? new ClientError('missing-features', { missing: missing.join(', ') }) : undefined;
  const refuse = (port: Port, error: ClientError) => port.postMessage({ kind: 'refused', error: toWireError(error) } satisfies HelloAnswer, []);
  const onConnect = (event: Event) => {
    const [port] = (event as MessageEvent).ports;
    if (!port) return;
    if (failure) refuse(port, failure);
    else if (ports.length < MAX_WAITING) ports.push(port);
  };
  const onError = (event: Event) => {
    failure ??= new ClientError('worker-failed', { reason: (event as Partial<ErrorEvent>).message ?? '' });
    for (const port of ports.splice(0)) refuse(port, failure);
  };
  scope.addEventListener('connect', onConnect);
  scope.addEventListener('error', onError);
  return () => {
    if (failure) return false;
    scope.removeEventListener('connect', onConnect);
    scope.removeEventListener('error', onError);
    return true;
  };
}
