import { AskFailed } from './peer-asker.ts';
import type { PeerAsker } from './peer-asker.ts';
import type { Target } from './sync-chain.ts';
import { SyncError } from './sync-error.ts';
import type { SyncPeer } from './sync-peer.ts';

export interface Proven {
  /** The highest height that a peer has proven; undefined: none did. */
  readonly target: Target | undefined;
  /** Peers that have proven a height, or have none to prove. */
  readonly answered: number;
}

/** Proven blocks that are remembered, to find two that contradict each other. */
const MOST_SEEN = 64;

export interface ProveOptions<B> {
  readonly peers: readonly SyncPeer<B>[];
  readonly asker: PeerAsker<B>;
  /** A lower height is of no use. */
  readonly atLeast: number;
  /** What was proven, by height. */
  readonly seen: Map<number, Target>;
  /** A contradiction that was found after the answer was given. */
  readonly late: (error: Error) => void;
  readonly signal: AbortSignal;
}

/**
 * Asks peers to prove their newest final height, all at once. Resolves as soon as no peer that is still silent even claims more than what is proven;
 * their answers are looked at when they come. A peer that claims more than it proves is reported, also if it is silent.
 * @throws SyncError `halted` when two peers prove different blocks at one height
 */
export async function proveTarget<B>(options: ProveOptions<B>): Promise<Proven> {
  const { peers, asker, atLeast, seen, signal } = options;
  const silent = new Set(peers);
  let target: Target | undefined;
  let answered = 0;
  let over = false;
  let isFailed = false;
  const enough = Promise.withResolvers<void>();
  const one = async (peer: SyncPeer<B>): Promise<void> => {
    const claimed = finalOf(peer);
    try {
      const { answer } = await asker.ask(peer, signal, (ask) => peer.proveTarget(atLeast, ask), () => 0);
      answered += 1;
      if (!answer.proven) return;
      remember(seen, answer);
      if (answer.height < claimed) asker.blame(peer.id, { code: 'claim-not-proven', weight: 'offence', data: { claimed, proven: answer.height } });
      if (!target || answer.height > target.height) target = answer;
    } catch (error) {
      if (error instanceof AskFailed) {
        answered += Number(error.data['code'] === 'refused');
        if (error.code === 'silent' && claimed >= atLeast) asker.unproven(peer.id, claimed, Math.max(0, atLeast - 1));
      }
      else if (over && !signal.aborted) options.late(error as Error);
      else if (!over) {
        isFailed = true;
        throw error;
      }
    } finally {
      silent.delete(peer);
      // A contradiction in the last answer must not be overtaken by the end of the wait.
      if (!isFailed && target && Array.from(silent).every((one) => finalOf(one) <= target!.height)) enough.resolve();
    }
  };
  const all = Promise.all(peers.map(one));
  all.catch(() => undefined);
  try {
    await Promise.race([all, enough.promise]);
    return { target, answered };
  } finally {
    over = true;
  }
}

/** The height that a peer claims to be able to prove. */
export function finalOf({ claims }: Pick<SyncPeer<unknown>, 'claims'>): number {
  return claims.final ?? claims.height;
}

function remember(seen: Map<number, Target>, target: Target): void {
  const { height, id, by } = target;
  const other = seen.get(height);
  if (other !== undefined && other.id !== id && other.by === by) throw new SyncError('halted', `two final blocks at height ${height}`, { height });
  seen.set(height, target);
  if (seen.size > MOST_SEEN) seen.delete(Math.min(...seen.keys()));
}
