import { expose } from 'comlink';
import type { Clock } from '../../base/clock.ts';
import { unlessAborted } from '../../base/unless-aborted.ts';
import { MAX_CALL_TIMEOUT, MAX_CALLS_PER_TAB, type CallAnswer } from './call-answer.ts';
import { guardedEndpoint, type CallDesk } from './call-guard.ts';
import { CallError, toWireError } from '../errors.ts';
import type { CallHandler } from './hub-api.ts';
import type { Port } from '../ports/port.ts';

/** The calls of one tab, in the hub. */
export interface CallServer {
  readonly inFlight: number;
  /** Aborts every call under way (its handler sees its signal) and closes the port. */
  close(): void;
}

/**
 * Serves the calls of one tab on `port`. Each call has an id, a deadline and a signal; at most `MAX_CALLS_PER_TAB` run at a time; only
 * methods in `table` can be called. Any error of a handler arrives as a `WireError`.
 */
export function serveCalls(port: Port, table: ReadonlyMap<string, CallHandler>, clock: Clock): CallServer {
  const running = new Map<number, AbortController>();
  let closed = false;

  const run = async (id: number, method: string, args: readonly unknown[], timeout: number): Promise<unknown> => {
    if (closed) throw new CallError('closed');
    if (running.size >= MAX_CALLS_PER_TAB) throw new CallError('busy', { limit: MAX_CALLS_PER_TAB });
    if (!Number.isSafeInteger(id) || running.has(id) || !Array.isArray(args)) throw new CallError('bad-argument');
    const handler = table.get(method);
    if (!handler) throw new CallError('unknown-method', { method: String(method).slice(0, 80) });
    const limit = typeof timeout === 'number' && timeout > 0 ? Math.min(timeout, MAX_CALL_TIMEOUT) : MAX_CALL_TIMEOUT;
    const controller = new AbortController();
    running.set(id, controller);
    const cancel = clock.after(limit, () => controller.abort(new CallError('deadline', { timeout: limit })));
    try {
      // A handler that ignores its signal must not occupy the slot of this call.
      return await unlessAborted(handler(args, controller.signal), controller.signal);
    } finally {
      cancel();
      running.delete(id);
    }
  };

  const desk: CallDesk = {
    call: (id, method, args, timeout) =>
      run(id, method, args, timeout).then(
        (value): CallAnswer => ({ ok: true, value }),
        (error: unknown): CallAnswer => ({ ok: false, error: toWireError(error) }),
      ),
    abort: (id) => running.get(id)?.abort(new CallError('aborted')),
  };
  expose(desk, guardedEndpoint(port));

  return {
    get inFlight() {
      return running.size;
    },
    close() {
      closed = true;
      for (const controller of running.values()) controller.abort(new CallError('closed'));
      port.close?.();
    },
  };
}
