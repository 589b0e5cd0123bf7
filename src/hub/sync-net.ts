import type { GossipVerdict, PeerId, PeerReport, SyncNet, SyncPeer } from '../albatross/sync/net.ts';
import type { RequestBody, RequestKind, ResponseBody } from '../albatross/wire/requests.ts';
import { providesServices, services } from '../albatross/wire/services.ts';
import type { BlockHeaderMessage } from '../albatross/wire/types.ts';
import type { Clock } from '../engine/clock.ts';
import type { Ban, PeerBook } from '../engine/peer-book.ts';
import { onBlockHeader } from '../network/albatross/block-headers.ts';
import type { AlbatrossNode, NodePeer } from '../network/albatross/node-types.ts';

/** A Petrel client that serves nothing has no answers for the sync. We may be of use to it all the same. */
function isOfUse({ kind, services: offered }: NodePeer): boolean {
  return kind === 'nimiq' || providesServices(offered, services.headers);
}

function syncPeer({ id, services: offered, subnet, kind }: NodePeer): SyncPeer {
  return { id, services: offered, subnet, witness: kind === 'nimiq' };
}

export interface HubNetOptions {
  readonly node: AlbatrossNode;
  readonly book: PeerBook;
  readonly clock: Pick<Clock, 'monotonic'>;
  /** Whether an accepted announcement may be passed on. */
  passesOn?(from: PeerId, message: BlockHeaderMessage): boolean;
  /** A peer was caught lying and is kept out. */
  onBan?(peer: PeerId, ban: Ban, address: string | undefined): void;
  /** A ban was lifted. */
  onPardon?(peer: PeerId): void;
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
    onBlockHeader(options.node, async (from, message) => {
      const verdict = (await this.#listener?.(from, message)) ?? 'ignore';
      return verdict === 'accept' && options.passesOn?.(from, message) === false ? 'ignore' : verdict;
    });
  }

  peers(): readonly SyncPeer[] {
    return this.#options.node.peers().filter((peer) => isOfUse(peer) && !this.#options.book.ban(peer.id)).map(syncPeer);
  }

  /** A peer whose kind or services have changed joins once more, or leaves. */
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

  pardon(peer: PeerId, code: string): void {
    const { book, node, onPardon } = this.#options;
    if (!book.pardon(peer, code)) return;
    node.pardon(peer);
    onPardon?.(peer);
  }

  disconnect(peer: PeerId, reason: string): void {
    // It may be gone already; either way it is not connected afterwards.
    void this.#options.node.disconnect(peer, reason).catch(() => undefined);
  }

  #keepOut(peer: PeerId, ban: Ban): void {
    this.#options.node.ban(peer, { ms: Math.max(0, ban.until - this.#options.clock.monotonic()), code: ban.code });
  }
}
