import type { AskedOptions, SyncNet, SyncPeer } from '../sync/net.ts';
import type { NodePeer, GossipVerdict, PeerId, PeerReport } from '../../../engine/peers/peer-net.ts';
import type { RequestBody, RequestKind, ResponseBody } from '../wire/requests.ts';
import { providesServices, services } from '../wire/services.ts';
import type { BlockHeaderMessage } from '../wire/types.ts';
import { BoundedCache } from '../../../base/bounded-cache.ts';
import type { Clock } from '../../../base/clock.ts';
import type { Ban, PeerBook } from '../../../engine/peers/peer-book.ts';
import { onBlockHeader } from '../net/block-headers.ts';
import type { AlbatrossNode } from '../net/node-types.ts';

/** Whether the peer can answer the sync. A Petrel client that serves nothing cannot, though we may be of use to it. */
function isOfUse({ kind, services: offered }: NodePeer): boolean {
  return kind === 'node' || providesServices(offered, services.headers);
}

/**
 * A peer reached by WebRTC is never a witness, whatever it claims: no node of the network is reached that way, and nothing tells the owners
 * of browsers apart.
 */
function syncPeer({ id, services: offered, subnet, kind, transport }: NodePeer): SyncPeer {
  return { id, services: offered, subnet, witness: kind === 'node' && transport !== 'webrtc' };
}

/** Minimum milliseconds between two padded messages that cost a peer rank; in this time a score recovers by half. */
const PADDED_PAUSE = 600_000;
/** Number of peers for which that is remembered. */
const MAX_PADDED = 64;

export interface Libp2pSyncNetOptions {
  readonly node: AlbatrossNode;
  readonly book: PeerBook;
  readonly clock: Pick<Clock, 'monotonic'>;
  /** A block was announced; nothing about it is checked yet. */
  onHeader?(from: PeerId, message: BlockHeaderMessage): void;
  /** Whether an accepted announcement of `size` bytes may be passed on. */
  passesOn?(from: PeerId, size: number): boolean;
  /** A peer was caught lying and is kept out. */
  onBan?(peer: PeerId, ban: Ban, address: string | undefined): void;
  /** A ban was lifted. */
  onPardon?(peer: PeerId): void;
  /** A score has changed. */
  onReport?(peer: PeerId, report: PeerReport): void;
}

/** The sync's network over the libp2p node. Reports go to the peer book; if the book answers a lie with a ban, the node bans the peer. */
export class Libp2pSyncNet implements SyncNet {
  /** When a padded message last cost a peer rank, monotonic. */
  readonly #paddedAt = new BoundedCache<number>(MAX_PADDED);
  readonly #options: Libp2pSyncNetOptions;
  #listener: ((from: PeerId, message: BlockHeaderMessage) => Promise<GossipVerdict>) | undefined;

  constructor(options: Libp2pSyncNetOptions) {
    this.#options = options;
    // The node keeps its listener permanently; the sync's listener comes and goes.
    onBlockHeader(options.node, async (from, message, size) => {
      options.onHeader?.(from, message);
      const verdict = (await this.#listener?.(from, message)) ?? 'ignore';
      return verdict === 'accept' && options.passesOn?.(from, size) === false ? 'ignore' : verdict;
    });
    options.node.events.on('gossip', ({ from, fault }) => {
      if (fault === 'undecodable') this.report(from, { kind: 'useless', code: 'gossip-garbage' });
      if (fault === 'padded' && this.#mayCostRank(from)) this.report(from, { kind: 'useless', code: 'gossip-padded' });
    });
    // No rule for blocks is involved: no honest peer of any version comes near these limits. Padded messages may be the work of others, so
    // for them only the connection is closed.
    options.node.events.on('gossip-excess', ({ peer, code }) => {
      if (code !== 'gossip-padded') this.report(peer, { kind: 'lie', code, evidence: {} });
    });
  }

  /** Padding may be the work of others, so it costs a peer some rank, but too little to decide which peers are kept. */
  #mayCostRank(peer: PeerId): boolean {
    const now = this.#options.clock.monotonic();
    if (now - (this.#paddedAt.get(peer) ?? -Infinity) < PADDED_PAUSE) return false;
    this.#paddedAt.set(peer, now);
    return true;
  }

  peers(): readonly SyncPeer[] {
    return this.#options.node.peers().filter((peer) => isOfUse(peer) && !this.#options.book.ban(peer.id)).map(syncPeer);
  }

  /** A peer whose kind or services have changed is reported as joined again, or as left. */
  on(name: 'joined' | 'left', listener: (peer: SyncPeer) => void): () => void {
    const { node, book } = this.#options;
    const joined = (peer: NodePeer): void => {
      const ban = book.ban(peer.id);
      if (ban) this.#keepOut(peer.id, ban);
      else if (isOfUse(peer)) listener(syncPeer(peer));
    };
    const left = (peer: NodePeer): void => listener(syncPeer(peer));
    const useless = (peer: NodePeer): void => {
      if (!isOfUse(peer)) left(peer);
    };
    const listeners = name === 'left' ? [node.events.on('left', left), node.events.on('changed', useless)] : [node.events.on('joined', joined), node.events.on('changed', joined)];
    return () => {
      for (const off of listeners) off();
    };
  }

  request<K extends RequestKind>(
    peer: PeerId,
    kind: K,
    body: RequestBody<K>,
    options?: AskedOptions,
  ): Promise<ResponseBody<K>> {
    return this.#options.node.request(peer, kind, body, options);
  }

  onAnnouncement(listener: (from: PeerId, message: BlockHeaderMessage) => Promise<GossipVerdict>): () => void {
    this.#listener = listener;
    return () => {
      if (this.#listener === listener) this.#listener = undefined;
    };
  }

  report(peer: PeerId, report: PeerReport): void {
    const { book, node, onBan, onReport } = this.#options;
    const { address, latency } = node.peers().find(({ id }) => id === peer) ?? {};
    const ban = book.report(peer, report);
    if (latency !== undefined) book.latency(peer, latency);
    if (ban) {
      this.#keepOut(peer, ban);
      onBan?.(peer, ban, address);
    }
    onReport?.(peer, report);
  }

  pardon(peer: PeerId, code: string): void {
    const { book, node, onPardon } = this.#options;
    if (!book.pardon(peer, code)) return;
    node.pardon(peer);
    onPardon?.(peer);
  }

  disconnect(peer: PeerId, reason: string): void {
    // The peer may be gone already; either way it is not connected afterwards.
    void this.#options.node.disconnect(peer, reason).catch(() => undefined);
  }

  #keepOut(peer: PeerId, ban: Ban): void {
    this.#options.node.ban(peer, { ms: Math.max(0, ban.until - this.#options.clock.monotonic()), code: ban.code });
  }
}
