import type { GossipVerdict, PeerId, PeerReport, SyncNet, SyncPeer } from '../albatross/sync/net.ts';
import type { RequestBody, RequestKind, ResponseBody } from '../albatross/wire/requests.ts';
import type { BlockHeaderMessage } from '../albatross/wire/types.ts';
import type { Clock } from '../engine/clock.ts';
import type { Ban, PeerBook } from '../engine/peer-book.ts';
import { onBlockHeader } from '../network/albatross/block-headers.ts';
import type { AlbatrossNode } from '../network/albatross/node-types.ts';

export interface HubNetOptions {
  readonly node: AlbatrossNode;
  readonly book: PeerBook;
  readonly clock: Pick<Clock, 'monotonic'>;
  /** A peer was caught lying and is kept out. */
  onBan?(peer: PeerId, ban: Ban, address: string | undefined): void;
  /** A score moved. */
  onReport?(peer: PeerId): void;
}

/** The sync's network over the libp2p node: reports go to the peer book, and a lie that it answers with a ban goes to the node. */
export class HubNet implements SyncNet {
  readonly #options: HubNetOptions;
  #listener: ((from: PeerId, message: BlockHeaderMessage) => Promise<GossipVerdict>) | undefined;

  constructor(options: HubNetOptions) {
    this.#options = options;
    // A node keeps its listener for good; ours comes and goes with the sync.
    onBlockHeader(options.node, async (from, message) => this.#listener?.(from, message) ?? 'ignore');
  }

  peers(): readonly SyncPeer[] {
    // Another Petrel client has no answers for the sync.
    return this.#options.node.peers().filter(({ id, kind }) => kind === 'nimiq' && !this.#options.book.ban(id));
  }

  on(name: 'joined' | 'left', listener: (peer: SyncPeer) => void): () => void {
    const { node, book } = this.#options;
    if (name === 'left') return node.events.on('left', listener);
    return node.events.on('joined', (peer) => {
      const ban = book.ban(peer.id);
      if (ban) this.#keepOut(peer.id, ban);
      else if (peer.kind === 'nimiq') listener(peer);
    });
  }

  request<K extends RequestKind>(
    peer: PeerId,
    kind: K,
    body: RequestBody<K>,
    options?: { readonly signal?: AbortSignal | undefined; readonly timeout?: number | undefined },
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
    onReport?.(peer);
  }

  disconnect(peer: PeerId, reason: string): void {
    // It may be gone already; either way it is not connected afterwards.
    void this.#options.node.disconnect(peer, reason).catch(() => undefined);
  }

  #keepOut(peer: PeerId, ban: Ban): void {
    this.#options.node.ban(peer, { ms: Math.max(0, ban.until - this.#options.clock.monotonic()), code: ban.code });
  }
}
