import type { Client } from '../client/types.ts';
import { codes, ProviderError } from '../widget/provider-error.ts';

/** Reasons that do not go away by waiting a little. `no-peers` does: a client that was paused has none when it wakes. */
const hopeless: ReadonlySet<string> = new Set([
  'offline', 'no-seeds', 'seeds-no-websocket', 'seeds-insecure', 'seeds-need-name', 'seeds-other-network', 'seeds-other-identity', 'peers-refuse', 'peers-banned', 'client-too-old', 'owner-elsewhere',
]);
/** Milliseconds that the client has to follow the chain again, after a pause or at its start. */
const PATIENCE = 60_000;

/**
 * Resolves when the client follows the chain.
 * @throws ProviderError 4900 with the client's reason, or the signal's reason.
 */
export function untilLive(client: Pick<Client, 'on'>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const end = (settle: () => void) => {
      stop();
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      settle();
    };
    const abort = () => end(() => reject(signal.reason));
    const timer = setTimeout(() => end(() => reject(new ProviderError(codes.disconnected, 'no-consensus'))), PATIENCE);
    signal.addEventListener('abort', abort);
    const stop = client.on('status', ({ consensus, reason }) => {
      if (consensus === 'established') end(resolve);
      else if (reason && hopeless.has(reason.code)) end(() => reject(new ProviderError(codes.disconnected, reason.code)));
    });
  });
}
