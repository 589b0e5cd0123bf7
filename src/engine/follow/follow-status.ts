// Tests: `src/engine/follow/follow-status.test.ts`, `src/engine/follow/follow-client.test.ts`.
import type { Clock } from '../../base/clock.ts';
import { HeadWatch } from '../live/head-watch.ts';
import { StatusWatch } from '../live/status-watch.ts';
import { whyNotLive } from '../live/why-not-live.ts';
import type { SyncProgressView } from '../sync/sync-views.ts';
import type { ClientStatus, PeerView, Phase } from '../view.ts';
import type { AddressDialer } from './address-dialer.ts';
import type { ChainPeer, FollowedChain, FollowOptions, Halt } from './followed-chain.ts';
import type { FollowMode } from './live-follower.ts';

/** Blocks above our head, and milliseconds since a peer first claimed the next one, for which the peer still counts as live: they are on their way. Longer, it is ahead. */
const ON_THEIR_WAY = { blocks: 3, time: 3_000 };

export interface FollowStatusOptions<B, F> {
  readonly clock: Clock;
  readonly chain: Pick<FollowedChain<B, F>, 'head' | 'tip' | 'view' | 'network'>;
  readonly settings: FollowOptions['settings'];
  readonly blockTime: number | undefined;
  readonly maxBehindBlocks: number;
  readonly dialer: () => Pick<AddressDialer, 'seeds' | 'dials' | 'unreachable'>;
  readonly peers: () => readonly ChainPeer<B>[];
  readonly wanted: () => number;
  readonly mode: () => FollowMode;
  readonly halt: () => Halt | undefined;
  readonly progress: () => SyncProgressView;
  readonly offline: () => boolean;
  /** The head has not moved for so long that the peers should be asked. */
  readonly onStale: (still: number) => void;
  /** The status changed by the passing of time alone. */
  readonly onChange: () => void;
}

/** The status of a followed chain: what phase it is in, whether peers agree that there is nothing newer, and why it is not live. */
export class FollowStatus<B, F> {
  readonly #options: FollowStatusOptions<B, F>;
  readonly #watch: StatusWatch;
  readonly #heads: HeadWatch | undefined;
  #wasEstablished = false;
  /** Of each peer the blocks above our head that it has claimed, and since when, by the monotonic clock. A claim that it takes back and makes again is as old as the first one. */
  readonly #claimedSince = new Map<string, Map<number, number>>();

  constructor(options: FollowStatusOptions<B, F>) {
    const { clock, chain, progress, onStale, onChange } = options;
    this.#options = options;
    this.#watch = new StatusWatch({
      clock, onChange,
      established: () => this.established,
      verified: () => `${chain.head().id} ${chain.tip().id} ${progress().synced}`,
      told: () => `${this.view.phase} ${this.view.reason?.code}`,
    });
    this.#heads = this.#staleAfter === undefined ? undefined : new HeadWatch({ clock, staleAfter: this.#staleAfter, following: () => options.mode() === 'live' && options.peers().length > 0, onStale });
  }

  /** Enough peers are live, and none of them claims more than we have. */
  get established(): boolean {
    return this.#options.mode() === 'live' && this.#live >= this.#options.settings.minPeers;
  }

  headMoved(): void {
    this.#heads?.moved();
  }

  stop(): void {
    this.#watch.stop();
    this.#heads?.stop();
  }

  /** How a connected peer stands. */
  stateOf({ id, claims }: ChainPeer<B>): PeerView['state'] {
    const { chain, mode, maxBehindBlocks } = this.#options;
    const { height } = chain.head();
    if (this.#isAhead(id, claims.height, height)) return 'ahead';
    if (chain.tip().height - claims.height > maxBehindBlocks) return 'behind';
    return mode() === 'live' ? 'live' : 'connected';
  }

  get view(): Pick<ClientStatus, 'phase' | 'consensus' | 'progress' | 'peers' | 'reason'> {
    const { settings, dialer, wanted, offline, mode, peers } = this.#options;
    const { established } = this;
    this.#wasEstablished ||= established;
    const phase = this.#phase;
    const reason = this.#reason;
    const counts = { connected: peers().length, live: this.#live, wanted: wanted() };
    return {
      phase,
      consensus: established ? 'established' : this.#wasEstablished ? 'lost' : 'connecting',
      progress: this.#progress,
      peers: counts,
      reason,
      ...(mode() !== 'paused' &&
        whyNotLive({
          phase, reason, peers: { ...counts, least: settings.minPeers }, seeds: dialer().seeds, dials: dialer().dials, unreachable: dialer().unreachable, offline: offline(),
          standsStill: this.#heads?.stale, tooOld: this.#tooOld, clock: undefined, due: this.#watch.due, progressing: this.#watch.progressing,
        })),
    };
  }

  #isAhead(id: string, claimed: number, head: number): boolean {
    const now = this.#options.clock.monotonic();
    const since = this.#claimedSince.get(id) ?? new Map<number, number>();
    this.#claimedSince.set(id, since);
    for (const height of since.keys()) if (height <= head) since.delete(height);
    for (let height = head + 1; height <= Math.min(claimed, head + ON_THEIR_WAY.blocks); height += 1) if (!since.has(height)) since.set(height, now);
    if (claimed <= head) return false;
    return this.#options.mode() !== 'live' || claimed > head + ON_THEIR_WAY.blocks || now - since.get(head + 1)! >= ON_THEIR_WAY.time;
  }

  get #live(): number {
    const peers = this.#options.peers();
    for (const id of this.#claimedSince.keys()) if (!peers.some((peer) => peer.id === id)) this.#claimedSince.delete(id);
    return peers.filter((peer) => this.stateOf(peer) === 'live').length;
  }

  get #phase(): Phase {
    const { mode, peers } = this.#options;
    if (mode() === 'halted') return 'failed';
    if (mode() === 'paused') return 'waiting';
    if (peers().length === 0) return 'connecting';
    if (mode() === 'sync') return 'catch-up';
    return this.established ? 'established' : 'live-sync';
  }

  get #reason(): ClientStatus['reason'] {
    const { mode, halt } = this.#options;
    if (mode() === 'halted') return { code: haltCode(halt()), data: { height: halt()?.height ?? 0 } };
    return mode() === 'paused' ? { code: 'sync-stopped', data: {} } : undefined;
  }

  get #progress(): ClientStatus['progress'] {
    if (this.#options.mode() !== 'sync') return undefined;
    const { synced, remaining, rate, timeLeft } = this.#options.progress();
    return remaining === 0 ? undefined : { done: synced, total: synced + remaining, unit: 'blocks', rate, timeLeft };
  }

  get #staleAfter(): number | undefined {
    const { blockTime, settings } = this.#options;
    return blockTime === undefined ? undefined : blockTime * settings.staleBlocks;
  }

  /** Age of the head in milliseconds, if that is too much. The genesis block is never fresh, so its age does not count. */
  get #tooOld(): number | undefined {
    const { chain, clock } = this.#options;
    const head = chain.head();
    if (this.#staleAfter === undefined || head.height <= chain.network.genesisHeight) return undefined;
    const age = clock.now() - chain.view(head).timestamp;
    return age > this.#staleAfter ? age : undefined;
  }
}

/** The code of a halt, for the status and the notice. */
export function haltCode(halt: Halt | undefined): 'chain-halted' | 'state-differs' | 'no-participation' {
  if (halt?.reason === 'no-participation') return 'no-participation';
  return halt?.reason === 'state-root' ? 'state-differs' : 'chain-halted';
}
