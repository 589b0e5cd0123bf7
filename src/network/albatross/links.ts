import type { Connection } from '@libp2p/interface';
import { CODE_P2P } from '@multiformats/multiaddr';
import type { PeerId } from '../../albatross/sync/net.ts';
import { remoteSubnet, socketAddress } from '../addresses.ts';
import type { SocketAddress } from '../addresses.ts';
import { browserAddress } from '../browser-addresses.ts';
import type { DiscoverySession } from './discovery.ts';

/** Connections to one peer; the official nodes allow as many (Albatross network reference, 1.7). */
const MAX_LINKS_PER_PEER = 2;

/** One connection, and what we know about it. */
export interface Link {
  readonly connection: Connection;
  readonly peer: PeerId;
  readonly session: DiscoverySession;
  /** Of the far end, without `/p2p`; for an outbound link what was dialled. A browser's own id is part of it. */
  readonly address: string;
  /** The far end is another browser. */
  readonly browser: boolean;
  readonly socket: SocketAddress | undefined;
  readonly subnet: string;
  /** Monotonic milliseconds. */
  readonly openedAt: number;
  joined: boolean;
  /** Why we closed it; undefined while it is open, or when the other side closed it. */
  closeCode: string | undefined;
}

/** All open connections. */
export class Links {
  readonly #links = new Map<string, Link>();
  readonly #ownId: PeerId;

  constructor(ownId: PeerId) {
    this.#ownId = ownId;
  }

  add(connection: Connection, session: DiscoverySession, openedAt: number): Link {
    const peer = connection.remotePeer.toString();
    const browser = browserAddress(connection.remoteAddr);
    const address = browser?.text ?? connection.remoteAddr.decapsulateCode(CODE_P2P).toString();
    const socket = socketAddress(connection.remoteAddr);
    const link: Link = { connection, peer, session, address, browser: browser !== undefined, socket, subnet: remoteSubnet(connection.remoteAddr, peer), openedAt, joined: false, closeCode: undefined };
    this.#links.set(connection.id, link);
    return link;
  }

  get(connection: Connection): Link | undefined {
    return this.#links.get(connection.id);
  }

  remove(connection: Connection): void {
    this.#links.delete(connection.id);
  }

  all(): Link[] {
    return Array.from(this.#links.values());
  }

  /** Open links to a peer, oldest first. */
  of(peer: PeerId): Link[] {
    return this.all().filter((link) => link.peer === peer && link.closeCode === undefined);
  }

  /** Distinct peers with an open link. */
  peers(): Map<PeerId, { readonly subnet: string; readonly browser: boolean }> {
    return new Map(this.all().flatMap((link) => (link.closeCode === undefined ? [[link.peer, { subnet: link.subnet, browser: link.browser }]] : [])));
  }

  /**
   * Which links to the peer of a new one are too many. Two nodes that dial each other at the same time must not both close the
   * connection they dialled: the one with the greater id does. Whoever dials twice closes the second.
   */
  superfluous(link: Link): readonly { readonly link: Link; readonly code: 'duplicate' | 'replaced' }[] {
    const others = this.of(link.peer).filter((other) => other !== link);
    if (others.length === 0) return [];
    if (link.connection.direction === 'outbound') {
      const dialledTwice = others.some((other) => other.connection.direction === 'outbound');
      return dialledTwice || this.#ownId > link.peer ? [{ link, code: 'duplicate' }] : [];
    }
    // A peer that comes back before we noticed that it was gone: the newest connection is the living one.
    const tooMany = others.length + 1 - MAX_LINKS_PER_PEER;
    return others.slice(0, Math.max(0, tooMany)).map((other) => ({ link: other, code: 'replaced' }));
  }

  /**
   * Which links are too many once one has joined: of two that were dialled at the same time both may have been opened before either side saw two. By
   * the same rule, and not before the other one is joined as well, which stays.
   */
  crossed({ peer }: Link): readonly Link[] {
    const joined = this.of(peer).filter((link) => link.joined);
    const dialled = (link: Link) => link.connection.direction === 'outbound';
    return this.#ownId > peer && joined.some((link) => !dialled(link)) ? joined.filter(dialled) : [];
  }
}
