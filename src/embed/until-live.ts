import type { Client } from '../client/types.ts';
import { codes, ProviderError } from '../widget/provider-error.ts';

/** Reasons that do not go away by waiting a little. `no-peers` does: a client that was paused has none when it wakes. */
const hopeless: ReadonlySet<string> = new Set([
  'offline', 'no-seeds', 'seeds-no-websocket', 'seeds-insecure', 'seeds-need-name', 'seeds-other-network', 'seeds-other-identity', 'peers-refuse', 'peers-banned', 'client-too-old', 'owner-elsewhere',
]);
/** Milliseconds that the client has to follow the chain again, after a pause or at its start. */
const PATIENCE = 60_000;
/** Milliseconds in which only `offline` counts: a client that was paused has no peers at first, and says so. */
const AWAKENING = 10_000;

/**
 * Resolves when the client follows the chain, and has a peer to ask.
 * @throws ProviderError 4900 with the client's reason, or the signal's reason.
 */
export function untilLive(client: Pick<Client, 'on'>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const end = (settle: () => void) => {
      stop();
      clearTimeout(awakening);
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      settle();
    };
    const abort = () => end(() => reject(signal.reason));
    let awake = false;
    let last: string | undefined;
    const giveUp = (reason: string) => end(() => reject(new ProviderError(codes.disconnected, reason)));
    const review = () => {
      if (last !== undefined && hopeless.has(last) && (awake || last === 'offline')) giveUp(last);
    };
    const awakening = setTimeout(() => {
      awake = true;
      review();
    }, AWAKENING);
    const timer = setTimeout(() => giveUp(last ?? 'no-consensus'), PATIENCE);
    signal.addEventListener('abort', abort);
    const stop = client.on('status', ({ consensus, peers, reason }) => {
      // After a pause the consensus may be there before the first peer is.
      if (consensus === 'established' && peers.live > 0) return end(resolve);
      last = reason?.code;
      review();
    });
  });
}
