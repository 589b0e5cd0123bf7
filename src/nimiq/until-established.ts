import type { Clock } from '../base/clock.ts';
import type { CallOptions } from '../client/types.ts';
import { consensusState } from './consensus-state.ts';
import type { Client as NativeClient } from '../client/types.ts';
import { NimiqError } from './nimiq-error.ts';

/**
 * Resolves when the client has a consensus with its peers, at once if it has one.
 * @throws {NimiqError} `timeout`; the signal's reason.
 */
export function untilEstablished(client: Pick<NativeClient, 'on'>, clock: Clock, { signal, timeout }: CallOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason as Error);
    const end = () => {
      stop();
      cancel?.();
      signal?.removeEventListener('abort', onAbort);
    };
    const onAbort = () => {
      end();
      reject(signal?.reason as Error);
    };
    const stop = client.on('status', (status) => {
      if (consensusState(status) !== 'established') return;
      end();
      resolve();
    });
    const cancel =
      timeout === undefined
        ? undefined
        : clock.after(timeout, () => {
            end();
            reject(new NimiqError('timeout', `No consensus within ${timeout} ms`));
          });
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}
