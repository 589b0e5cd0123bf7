import { AskFailed } from './peer-asker.ts';
import type { PeerAsker } from './peer-asker.ts';
import type { Target } from './sync-chain.ts';
import { SyncError } from './sync-error.ts';
import type { SyncPeer } from './sync-peer.ts';

export interface Proven {
  /** The highest height that a peer has proven; undefined: none did. */
  readonly target: Target | undefined;
  /** Peers that gave an answer of any kind. */
  readonly answered: number;
}

/**
 * Asks peers to prove their newest final height, all at once. Ends as soon as no peer that is still silent even claims more than what is proven. A
 * peer that claims more than it proves is reported.
 * @throws SyncError `halted` when two peers prove different blocks at one height
 */
export async function proveTarget<B>(peers: readonly SyncPeer<B>[], asker: PeerAsker<B>, atLeast: number, signal: AbortSignal): Promise<Proven> {
  const own = new AbortController();
  const onAbort = () => own.abort(signal.reason);
  if (signal.aborted) onAbort();
  else signal.addEventListener('abort', onAbort, { once: true });
  const ids = new Map<number, string>();
  const silent = new Set(peers);
  let target: Target | undefined;
  let answered = 0;
  const enough = Promise.withResolvers<void>();
  const one = async (peer: SyncPeer<B>): Promise<void> => {
    const claimed = peer.claims.height;
    try {
      const { answer } = await asker.ask(peer, own.signal, (options) => peer.proveTarget(atLeast, options), () => 0);
      answered += 1;
      if (!answer.proven) return;
      const other = ids.get(answer.height);
      if (other !== undefined && other !== answer.id) throw new SyncError('halted', `two final blocks at height ${answer.height}`, { height: answer.height });
      ids.set(answer.height, answer.id);
      if (answer.height < claimed) asker.blame(peer.id, { code: 'claim-not-proven', weight: 'offence', data: { claimed, proven: answer.height } });
      if (!target || answer.height > target.height) target = answer;
    } catch (error) {
      if (!(error instanceof AskFailed)) throw error;
      if (error.code === 'faulty' || error.code === 'failed') answered += 1;
    } finally {
      silent.delete(peer);
      if (target && Array.from(silent).every(({ claims }) => claims.height <= target!.height)) enough.resolve();
    }
  };
  try {
    const all = Promise.all(peers.map(one));
    all.catch(() => undefined);
    await Promise.race([all, enough.promise]);
    return { target, answered };
  } finally {
    signal.removeEventListener('abort', onAbort);
    own.abort(new SyncError('stopped', 'the answer is no longer wanted'));
  }
}
