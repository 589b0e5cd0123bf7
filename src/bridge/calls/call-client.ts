import { wrap, type Endpoint } from 'comlink';
import type { Clock } from '../../base/clock.ts';
import { DEFAULT_CALL_TIMEOUT, MAX_CALLS_PER_TAB, type CallAnswer } from './call-answer.ts';
import type { CallDesk } from './call-guard.ts';
import { CallError, fromWireError } from '../errors.ts';
import type { Port } from '../ports/port.ts';

export interface CallOptions {
  /** Aborting it rejects the call with the signal's reason and ends it in the hub. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds; then the call rejects with `CallError` `deadline`. */
  readonly timeout?: number | undefined;
}

/** The calls of one page. */
export interface CallClient {
  /** Rejects with `CallError`, with the coded error of the hub, or with the signal's reason. */
  call(method: string, args: readonly unknown[], options?: CallOptions): Promise<unknown>;
  /** Rejects everything under way with `error` and closes the port. */
  close(error: Error): void;
}

/** Milliseconds that the page waits longer than it allows the hub, so that the hub's own answer comes first if there is one. */
const GRACE = 1_000;

/** Calls over `port`. The deadline is also enforced here, because a hub that is gone does not answer. */
export function openCalls(port: Port, clock: Clock): CallClient {
  // This closure keeps the proxy alive: comlink drops the calls of a proxy that is garbage-collected (its issue 692).
  const desk = wrap<CallDesk>(port as unknown as Endpoint);
  const pending = new Map<number, (error: Error) => void>();
  let lastId = 0;
  let closed: Error | undefined;

  const call = (method: string, args: readonly unknown[], options: CallOptions = {}): Promise<unknown> => {
    const { signal, timeout = DEFAULT_CALL_TIMEOUT } = options;
    if (closed) return Promise.reject(closed);
    if (signal?.aborted) return Promise.reject(signal.reason as Error);
    if (pending.size >= MAX_CALLS_PER_TAB) return Promise.reject(new CallError('busy', { limit: MAX_CALLS_PER_TAB }));
    const id = ++lastId;
    return new Promise((resolve, reject) => {
      const end = () => {
        pending.delete(id);
        cancel();
        signal?.removeEventListener('abort', onAbort);
      };
      const fail = (error: Error) => {
        end();
        reject(error);
      };
      const onAbort = () => {
        fail(signal?.reason as Error);
        void desk.abort(id);
      };
      const cancel = clock.after(timeout + GRACE, () => fail(new CallError('deadline', { timeout })));
      pending.set(id, fail);
      signal?.addEventListener('abort', onAbort, { once: true });
      desk.call(id, method, args, timeout).then(
        (answer) => {
          if (!pending.has(id)) return;
          end();
          const { ok, value, error } = answer as { ok: boolean; value?: unknown; error?: Extract<CallAnswer, { ok: false }>['error'] };
          if (ok || !error) resolve(value);
          else reject(fromWireError(error));
        },
        // comlink itself rejects only when arguments or result could not be cloned.
        (cause: unknown) => fail(new CallError('unclonable', { reason: String(cause) })),
      );
    });
  };

  return {
    call,
    close(error) {
      closed = error;
      for (const fail of Array.from(pending.values())) fail(error);
      port.close?.();
    },
  };
}
