// Tests: `src/network/petrel/petrel-peers.test.ts`, `src/chains/albatross/net/discovery.test.ts`.
import type { NodePeer, PeerId } from '../../engine/peers/peer-net.ts';
import type { Clock } from '../../base/clock.ts';
import type { Link, Links } from './links.ts';

export interface JoinedPeersOptions {
  readonly clock: Clock;
  readonly links: Links;
  /** We are a Petrel client ourselves, so other Petrel clients tell us that they are. */
  readonly petrel: boolean;
  /** Milliseconds within which the peer at the other end of this link says that it is a Petrel client, if it is one. */
  readonly grace: (link: Link) => number;
  readonly joined: (peer: NodePeer) => void;
  readonly changed: (peer: NodePeer) => void;
  readonly left: (peer: NodePeer, reason: string) => void;
}

/** What a peer says of itself in the chain's handshake; see `NodePeer`. */
export type StatedFacts = Pick<NodePeer, 'services' | 'signedAt'>;

/** The peers whose handshake is done, and which of them are Petrel clients. */
export class JoinedPeers {
  readonly #options: JoinedPeersOptions;
  readonly #peers = new Map<PeerId, NodePeer>();
  /** The services that each connected Petrel client states. */
  readonly #petrels = new Map<PeerId, number>();
  /** Peers that may still say that they are Petrel clients. `join` ends the wait. */
  readonly #arriving = new Map<PeerId, { readonly join: () => void; readonly cancel: () => void }>();

  constructor(options: JoinedPeersOptions) {
    this.#options = options;
  }

  has(peer: PeerId): boolean {
    return this.#peers.has(peer);
  }

  all(): readonly NodePeer[] {
    return Array.from(this.#peers.values());
  }

  /** A peer is a Petrel client if it says so or is reached by WebRTC: no other node of the network is. */
  kindOf(peer: PeerId): NodePeer['kind'] {
    return this.#petrels.has(peer) || this.#options.links.of(peer).some(({ browser }) => browser) ? 'petrel' : 'node';
  }

  /** The handshake on this link is done. */
  arrived(link: Link, stated: StatedFacts): void {
    const { clock, petrel, grace, joined } = this.#options;
    if (this.#peers.has(link.peer) || this.#arriving.has(link.peer)) return;
    const join = () => {
      this.#arriving.delete(link.peer);
      const services = this.#petrels.get(link.peer);
      const kind = this.kindOf(link.peer);
      const peer: NodePeer = {
        id: link.peer, services: services ?? (kind === 'petrel' ? 0 : stated.services), subnet: link.subnet, address: link.address,
        transport: link.browser ? 'webrtc' : (link.socket?.transport ?? 'ws'), kind,
        direction: link.connection.direction, joinedAt: clock.now(), signedAt: stated.signedAt, latency: undefined, received: 0,
      };
      this.#peers.set(link.peer, peer);
      joined(peer);
    };
    const known = this.#petrels.has(link.peer) || (stated.services !== 0 && this.kindOf(link.peer) === 'node');
    // Wait before it counts as joined. Useful nodes offer services, so they skip this wait. A Petrel client that is asked too early takes us
    // for a node and does not answer.
    if (!petrel || known) join();
    else this.#arriving.set(link.peer, { join, cancel: clock.after(grace(link), join) });
  }

  /** A connected peer says that it is a Petrel client, with these services. */
  isPetrel(id: PeerId, services: number): void {
    this.#petrels.set(id, services);
    const arriving = this.#arriving.get(id);
    arriving?.cancel();
    arriving?.join();
    const known = this.#peers.get(id);
    if (known === undefined || (known.kind === 'petrel' && known.services === services)) return;
    const changed: NodePeer = { ...known, kind: 'petrel', services };
    this.#peers.set(id, changed);
    this.#options.changed(changed);
  }

  /** A connection ended. The peer has left if none of the `rest` of its links has joined. */
  closed(id: PeerId, rest: readonly Link[], reason: string): void {
    if (rest.length === 0) this.#petrels.delete(id);
    if (rest.some(({ joined }) => joined)) return;
    this.#arriving.get(id)?.cancel();
    this.#arriving.delete(id);
    const peer = this.#peers.get(id);
    this.#peers.delete(id);
    if (peer) this.#options.left(peer, reason);
  }

  /** Its last answered request took so many milliseconds. */
  setLatency(id: PeerId, latency: number): void {
    const known = this.#peers.get(id);
    if (known) this.#peers.set(id, { ...known, latency });
  }

  /** It has sent so many bytes more. */
  countReceived(id: PeerId, size: number): void {
    const known = this.#peers.get(id);
    if (known) this.#peers.set(id, { ...known, received: known.received + size });
  }
}
