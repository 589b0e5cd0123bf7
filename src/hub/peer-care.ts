import type { PeerId } from '../albatross/sync/net.ts';
import type { Clock } from '../engine/clock.ts';
import type { AlbatrossNode } from '../network/albatross/node-types.ts';
import { fullAttention, type Attention } from './attention.ts';
import { HeadWatch } from './head-watch.ts';
import { watchSleep } from './sleep-watch.ts';

/** Milliseconds that all tabs are hidden before peers are let go: who looks at another tab for a moment finds them all. */
const LOW_AFTER = 10_000;

/** Milliseconds between pings: rust-libp2p's own, and while nobody looks. Both are well below what home routers keep an idle connection for. */
const PING_INTERVAL = { full: 15_000, low: 60_000 };

/** Milliseconds a peer has to answer after a sleep: ten times what a slow one takes. Who waits for the page sees it stand still for so long at most. */
const WAKE_PATIENCE = 2_000;

export interface PeerCareOptions {
  readonly node: Pick<AlbatrossNode, 'peers' | 'disconnect' | 'retryNow' | 'setPace' | 'checkLinks'>;
  readonly clock: Clock;
  /** Peers to have while somebody looks, and the least that keeps consensus. */
  readonly peers: { readonly full: number; readonly low: number };
  /** Joined peers that are kept aside: as many more are wanted. */
  readonly aside: () => number;
  /** Joined peers, those that matter most first. */
  readonly best: () => readonly PeerId[];
  readonly established: () => boolean;
  /** Whether the client follows the head, so that it ought to move. */
  readonly following: () => boolean;
  /** Milliseconds that the head may stand still. */
  readonly staleAfter: number;
  /** Milliseconds asleep after which what was missed is not asked for block by block. */
  readonly resyncAfter: number;
  /** Starts the sync anew, from the last macro block. */
  readonly resync: () => void;
  readonly log: (level: 'info' | 'warning', code: string, data: Readonly<Record<string, number>>) => void;
  readonly onStatus: () => void;
}

/** How many peers, how often pinged, and when exchanged: by who looks, whether the machine slept, and whether the head moves. */
export class PeerCare {
  readonly #options: PeerCareOptions;
  readonly #head: HeadWatch;
  readonly #stopSleepWatch: () => void;
  /** Exchanged since the head stands still. */
  readonly #rotated = new Set<PeerId>();
  #attention = fullAttention;
  /** What is done; `low` comes later than it is asked for. */
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

  /** The device says that it has no network. */
  get offline(): boolean {
    return !this.#attention.online;
  }

  /** Milliseconds for which the head stands still, if that is too long. */
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
      // A hint, whatever it says: links that work are kept, and what waits is tried.
      void this.#check();
      if (attention.online) this.#options.node.retryNow();
      this.#options.onStatus();
    }
  }

  /** The head is another. */
  headMoved(): void {
    this.#head.moved();
    this.#rotated.clear();
  }

  /** Peers came or went, or consensus did. */
  review(): void {
    const { node, peers, established } = this.#options;
    // Few peers keep a consensus; to find one takes more.
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
    const { node, resync, resyncAfter, log } = this.#options;
    log('info', 'woke-up', { seconds: Math.round(slept / 1000) });
    // What stood still was the machine.
    this.headMoved();
    void this.#check();
    node.retryNow();
    if (slept > resyncAfter) resync();
  }

  async #check(): Promise<void> {
    const dead = await this.#options.node.checkLinks(WAKE_PATIENCE);
    if (dead > 0) this.#options.log('info', 'dead-links', { links: dead });
  }

  /** One peer a time, so that consensus need not be lost over it. */
  #onStale(still: number): void {
    const { node, best, log, onStatus } = this.#options;
    log('warning', 'head-stale', { seconds: Math.round(still / 1000) });
    onStatus();
    const order = best();
    if (order.every((peer) => this.#rotated.has(peer))) this.#rotated.clear();
    const worst = order.findLast((peer) => !this.#rotated.has(peer));
    // Before one goes, so that every other address is tried before that one is again.
    node.retryNow();
    if (worst === undefined) return;
    this.#rotated.add(worst);
    void node.disconnect(worst, 'rotated').catch(() => undefined);
  }
}
