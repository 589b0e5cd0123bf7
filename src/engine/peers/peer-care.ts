import type { NodePeer, PeerId } from './peer-net.ts';
import type { Clock } from '../../base/clock.ts';
import type { LogCode } from '../../base/log-codes.ts';
import { fullAttention, type Attention } from '../live/attention.ts';
import { HeadWatch } from '../live/head-watch.ts';
import { watchSleep } from '../live/sleep-watch.ts';

/**
 * Milliseconds that all tabs must be hidden before peers are dropped. A user who looks at another tab briefly finds all peers still there.
 */
const LOW_AFTER = 10_000;

/**
 * Milliseconds between pings. `full` is rust-libp2p's own interval. Both are well below the idle time after which home routers drop a
 * connection.
 */
const PING_INTERVAL = { full: 15_000, low: 60_000 };

/**
 * Milliseconds a peer has to answer after a sleep: ten times what a slow peer needs. A user may see the page stand still for this long at
 * most.
 */
const WAKE_PATIENCE = 2_000;

/** What is needed of the node. */
export interface CaredNode {
  peers(): readonly Pick<NodePeer, 'id' | 'transport'>[];
  /** Closes the peer's connections without blame. */
  disconnect(peer: PeerId, reason: string): Promise<void>;
  /** Ends all back-offs and dials now. */
  retryNow(): void;
  /** Changes the wanted number of peers, and the interval of pings in milliseconds. `besides`: peers that are kept but do not count. */
  setPace(pace: { readonly desiredPeers: number; readonly pingInterval: number; readonly besides?: number }): void;
  /** Pings all connections at once and closes those that do not answer within `patience` milliseconds. Resolves with their number. */
  checkLinks(patience: number): Promise<number>;
}

export interface PeerCareOptions {
  readonly node: CaredNode;
  readonly clock: Clock;
  /** Peers to keep while a page is visible, and the fewest that keep consensus. */
  readonly peers: { readonly full: number; readonly low: number };
  /** Number of joined peers that are set aside, or that may not count for another reason; as many more peers are wanted. */
  readonly aside: () => number;
  /** Joined peers, the most important first. */
  readonly best: () => readonly PeerId[];
  readonly established: () => boolean;
  /** Whether the client follows the head, so that the head should move. */
  readonly following: () => boolean;
  /** Milliseconds that the head may go without moving. */
  readonly staleAfter: number;
  /** After a sleep longer than this (milliseconds), missed blocks are not requested one by one; the sync restarts. */
  readonly resyncAfter: number;
  /** The machine slept, or its clock was set forward. */
  readonly woke: () => void;
  /** Restarts the sync from the last macro block. */
  readonly resync: () => void;
  readonly log: (level: 'info' | 'warning', code: LogCode, data: Readonly<Record<string, number>>) => void;
  readonly onStatus: () => void;
}

/**
 * Decides how many peers to keep, how often to ping and when to exchange a peer: by visible pages, by sleep of the machine, and by a stale
 * head.
 */
export class PeerCare {
  readonly #options: PeerCareOptions;
  readonly #head: HeadWatch;
  readonly #stopSleepWatch: () => void;
  /** Peers that were exchanged since the head last moved. */
  readonly #rotated = new Set<PeerId>();
  #attention = fullAttention;
  /** The mode in force; `low` takes effect some time after it is requested. */
  #mode: Attention['mode'] = 'full';
  #wanted: number;
  #aside = 0;
  #cancelLow: (() => void) | undefined;

  constructor(options: PeerCareOptions) {
    const { clock, staleAfter, following } = options;
    this.#options = options;
    this.#wanted = options.peers.full;
    this.#head = new HeadWatch({ clock, staleAfter, following, onStale: (still) => this.#onStale(still) });
    this.#stopSleepWatch = watchSleep(clock, (slept) => this.#onWake(slept));
  }

  get wanted(): number {
    return this.#wanted;
  }

  /** Whether the device says that it has no network. */
  get offline(): boolean {
    return !this.#attention.online;
  }

  /** Milliseconds since the head last moved, if that is too long. */
  get stale(): number | undefined {
    return this.#head.stale;
  }

  stop(): void {
    this.#cancelLow?.();
    this.#head.stop();
    this.#stopSleepWatch();
  }

  setAttention(attention: Attention): void {
    const before = this.#attention;
    this.#attention = attention;
    if (attention.mode !== before.mode) {
      this.#cancelLow?.();
      this.#cancelLow = undefined;
      if (attention.mode === 'low' && this.#mode === 'full') this.#cancelLow = this.#options.clock.after(LOW_AFTER, () => this.#enter('low'));
      else this.#enter(attention.mode);
    }
    if (attention.online !== before.online) {
      // Only a hint, in both directions: keep working connections, and retry waiting addresses.
      void this.#check();
      if (attention.online) this.#options.node.retryNow();
      this.#options.onStatus();
    }
  }

  /** The head has changed. */
  headMoved(): void {
    this.#head.moved();
    this.#rotated.clear();
  }

  /** Peers joined or left, or consensus was found or lost. */
  review(): void {
    const { node, peers, established } = this.#options;
    // A few peers are enough to keep consensus; finding it needs more.
    const wanted = this.#mode === 'none' ? 0 : this.#mode === 'low' && established() ? Math.min(peers.low, peers.full) : peers.full;
    const aside = this.#options.aside();
    if (wanted !== this.#wanted || aside !== this.#aside) {
      this.#wanted = wanted;
      this.#aside = aside;
      this.#setPace();
    }
    if (wanted === peers.full) return;
    for (const peer of this.#options.best().slice(wanted)) void node.disconnect(peer, wanted === 0 ? 'asleep' : 'surplus').catch(() => undefined);
  }

  #enter(mode: Attention['mode']): void {
    const wasAsleep = this.#mode === 'none';
    this.#mode = mode;
    this.#setPace();
    this.review();
    if (mode === 'none') return;
    if (wasAsleep) this.headMoved();
    if (mode === 'full' || wasAsleep) this.#options.node.retryNow();
  }

  #setPace(): void {
    this.#options.node.setPace({ desiredPeers: this.#wanted, besides: this.#wanted === 0 ? 0 : this.#aside, pingInterval: PING_INTERVAL[this.#mode === 'full' ? 'full' : 'low'] });
  }

  #onWake(slept: number): void {
    const { node, woke, resync, resyncAfter, log } = this.#options;
    woke();
    log('info', 'woke-up', { seconds: Math.round(slept / 1000) });
    // The machine slept, so the head could not move. Restart the count.
    this.headMoved();
    void this.#check();
    node.retryNow();
    if (slept > resyncAfter) resync();
  }

  async #check(): Promise<void> {
    const dead = await this.#options.node.checkLinks(WAKE_PATIENCE);
    if (dead > 0) this.#options.log('info', 'dead-links', { links: dead });
  }

  /** Exchanges one peer at a time, so that this does not cost consensus. */
  #onStale(still: number): void {
    const { node, log, onStatus } = this.#options;
    log('warning', 'head-stale', { seconds: Math.round(still / 1000) });
    onStatus();
    const worst = this.#worst();
    // Before disconnecting, so that all other addresses are tried before this peer's address is tried again.
    node.retryNow();
    if (worst === undefined) return;
    this.#rotated.add(worst);
    void node.disconnect(worst, 'rotated').catch(() => undefined);
  }

  /**
   * The worst peer that was not exchanged yet. All WebSocket peers have their turn before the first browser peer: browser ids cost nothing,
   * and a browser comes back under another id, so waiting for all of them would never end.
   */
  #worst(): PeerId | undefined {
    const { node, best } = this.#options;
    const browsers = new Set(node.peers().flatMap(({ id, transport }) => (transport === 'webrtc' ? [id] : [])));
    const order = best();
    const kinds = [order.filter((peer) => !browsers.has(peer)), order.filter((peer) => browsers.has(peer))];
    for (const kind of kinds) {
      const worst = kind.findLast((peer) => !this.#rotated.has(peer));
      if (worst !== undefined) return worst;
      for (const peer of kind) this.#rotated.delete(peer);
    }
    return kinds.flatMap((kind) => kind.at(-1) ?? [])[0];
  }
}
