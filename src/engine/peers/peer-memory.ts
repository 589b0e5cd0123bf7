import type { PeerId } from './peer-net.ts';
import type { Clock } from '../../base/clock.ts';
import { boundedRemembered } from './remembered-peers.ts';
import type { RememberedPeer } from './remembered-peers.ts';

/** Milliseconds for which a peer is live before that alone counts as good service. */
const LIVE_FOR = 60_000;
/** Milliseconds between two updates of the record of a peer that keeps serving us. Its age counts in days. */
const REFRESH = 600_000;
/** Peers whose last update is remembered; at the bound the oldest is forgotten, and is updated once more. */
const MAX_UPDATED = 256;

/** What is known of a joined peer. */
export interface MemorablePeer {
  readonly id: PeerId;
  readonly address: string;
  readonly subnet: string;
  readonly transport: string;
  readonly kind: string;
  readonly direction: string;
}

export interface PeerMemoryOptions {
  readonly clock: Clock;
  /** The joined peers. */
  readonly joined: () => readonly MemorablePeer[];
  /** The peers that are live in the sync. */
  readonly live: () => readonly PeerId[];
  readonly save: (peers: readonly RememberedPeer[]) => void;
}

/** Remembers the peers that served us well for the next start: nodes of the network that we dialled by WebSocket ourselves. */
export class PeerMemory {
  readonly #options: PeerMemoryOptions;
  #peers: readonly RememberedPeer[] = [];
  /** The peers that were live at the last check. */
  #live: ReadonlySet<PeerId> = new Set();
  /** When a peer was last taken into the list, by its id, also if there was no room: peers of one network must not take each other's place with every block. */
  readonly #updated = new Map<PeerId, number>();
  #cancel: (() => void) | undefined;

  constructor(options: PeerMemoryOptions) {
    this.#options = options;
  }

  /** Newest first. */
  get peers(): readonly RememberedPeer[] {
    return this.#peers;
  }

  /** Adds the peers that an earlier session remembered, or this session in another store. */
  restore(peers: readonly RememberedPeer[]): void {
    this.#peers = boundedRemembered([...this.#peers, ...peers], this.#options.clock.now());
  }

  start(): void {
    this.#cancel = this.#options.clock.after(LIVE_FOR, () => {
      const live = new Set(this.#options.live());
      for (const peer of live) if (this.#live.has(peer)) this.served(peer);
      this.#live = live;
      this.start();
    });
  }

  stop(): void {
    this.#cancel?.();
  }

  /** The peer delivered verified blocks, or was live for long enough. */
  served(id: PeerId): void {
    const { clock, joined, save } = this.#options;
    const now = clock.now();
    const known = this.#peers.find(({ peer }) => peer === id);
    if (now - Math.max(known?.at ?? -Infinity, this.#updated.get(id) ?? -Infinity) < REFRESH) return;
    const peer = joined().find((each) => each.id === id);
    if (!peer || peer.direction !== 'outbound' || peer.transport === 'webrtc' || peer.kind !== 'node') return;
    this.#updated.set(id, now);
    for (const oldest of this.#updated.keys()) if (this.#updated.size > MAX_UPDATED) this.#updated.delete(oldest);
    this.restore([{ address: peer.address, peer: id, network: peer.subnet, at: now }]);
    save(this.#peers);
  }

  /** The peer was caught lying. */
  drop(id: PeerId): void {
    const left = this.#peers.filter(({ peer }) => peer !== id);
    if (left.length === this.#peers.length) return;
    this.#peers = left;
    this.#options.save(left);
  }

  /** The store was wiped. Peers that serve us from now on are remembered anew. */
  clear(): void {
    this.#peers = [];
    this.#updated.clear();
    this.#live = new Set();
  }
}
