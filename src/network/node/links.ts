import type { Connection, Stream } from '@libp2p/interface';
import { CODE_P2P } from '@multiformats/multiaddr';
import type { PeerId } from '../../engine/peers/peer-net.ts';
import { isUnjudged } from '../../engine/peers/witness-network.ts';
import { socketAddress } from '../addresses.ts';
import type { SocketAddress } from '../addresses.ts';
import { browserAddress, tellerOf } from '../browser-addresses.ts';
import { loadPublicSuffixes } from '../registrable-domain.ts';

/** Connections to one peer; the official nodes allow as many (Albatross network reference, 1.7). */
const MAX_LINKS_PER_PEER = 2;

/** The chain's own handshake on one connection. */
export interface Session {
  /** Runs until the connection is closed. Never rejects. */
  run(): Promise<void>;
  /** Takes a stream of the handshake that the other side opened. */
  accept(stream: Stream): void;
  /** The connection is gone. */
  close(): void;
}

/** One connection, and what we know about it. */
export interface Link {
  readonly connection: Connection;
  readonly peer: PeerId;
  readonly session: Session;
  /** Address of the far end, without `/p2p`; for an outbound link the dialled address. A browser's address includes its own id. */
  readonly address: string;
  /** The far end is another browser. */
  readonly browser: boolean;
  readonly socket: SocketAddress | undefined;
  /** See `judge`. */
  subnet: string;
  /** Monotonic milliseconds. */
  readonly openedAt: number;
  joined: boolean;
  /** Milliseconds, as measured last; undefined before the first measurement. */
  roundTrip: number | undefined;
  /** Cancels the planned closing of the connection. */
  cancelClose: (() => void) | undefined;
  /** Why we closed it; undefined while it is open, or when the other side closed it. */
  closeCode: string | undefined;
}

/** All open connections. */
export class Links {
  readonly #links = new Map<string, Link>();
  readonly #ownId: PeerId;
  readonly #operators: ReadonlyMap<string, string> | undefined;

  /** `operators`: operators of seeds, by address. */
  constructor(ownId: PeerId, operators?: ReadonlyMap<string, string>) {
    this.#ownId = ownId;
    this.#operators = operators;
  }

  add(connection: Connection, session: Session, openedAt: number): Link {
    const peer = connection.remotePeer.toString();
    const browser = browserAddress(connection.remoteAddr);
    const socket = socketAddress(connection.remoteAddr);
    const address = browser?.text ?? socket?.text ?? connection.remoteAddr.decapsulateCode(CODE_P2P).toString();
    const subnet = browser === undefined ? this.tellerOf(connection) : peer;
    const link: Link = { connection, peer, session, address, browser: browser !== undefined, socket, subnet, openedAt, joined: false, roundTrip: undefined, cancelClose: undefined, closeCode: undefined };
    this.#links.set(connection.id, link);
    return link;
  }

  /**
   * The network whose share the far end's reports of other peers take. A peer that dials us never counts as a seed's operator: its port is
   * temporary, so its address matches no seed.
   */
  tellerOf({ remoteAddr, remotePeer, direction }: Connection): string {
    return tellerOf(remoteAddr, remotePeer.toString(), direction === 'outbound' ? this.#operators : undefined);
  }

  /**
   * Loads what the judgement of a host name needs, if the far end is known only by a name. Until then its network is the one of all names
   * that are not judged. A peer that has joined before keeps that network until it connects again: its statements may have been counted.
   */
  async judge(link: Link): Promise<void> {
    if (isUnjudged(link.subnet) && (await loadPublicSuffixes())) link.subnet = this.tellerOf(link.connection);
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

  /** Distinct peers with an open link. `arrivingSince`: monotonic milliseconds, for a peer that has not joined by any of its links yet. */
  peers(): Map<PeerId, { readonly subnet: string; readonly browser: boolean; readonly arrivingSince?: number }> {
    const open = this.all().filter(({ closeCode }) => closeCode === undefined);
    const joined = new Set(open.filter((link) => link.joined).map(({ peer }) => peer));
    return new Map(open.map(({ peer, subnet, browser, openedAt }) => [peer, { subnet, browser, ...(!joined.has(peer) && { arrivingSince: openedAt }) }]));
  }

  /** Outbound WebSocket links of peers that have not joined by any of their links yet. */
  dialledArriving(): readonly Link[] {
    const peers = this.peers();
    return this.all().filter(({ peer, connection, browser }) => connection.direction === 'outbound' && !browser && peers.get(peer)?.arrivingSince !== undefined);
  }

  /**
   * The links that a new link to its peer makes superfluous. Two nodes that dial each other at the same time must not both close the
   * connection they dialled: only the one with the greater id does. A node that dials twice closes the second connection.
   */
  superfluous(link: Link): readonly { readonly link: Link; readonly code: 'duplicate' | 'replaced' }[] {
    const others = this.of(link.peer).filter((other) => other !== link);
    if (others.length === 0) return [];
    if (link.connection.direction === 'outbound') {
      const dialledTwice = others.some((other) => other.connection.direction === 'outbound');
      return dialledTwice || this.#ownId > link.peer ? [{ link, code: 'duplicate' }] : [];
    }
    // The peer may have come back before we noticed that its old connection was dead: the newest connection is the living one.
    const tooMany = others.length + 1 - MAX_LINKS_PER_PEER;
    return others.slice(0, Math.max(0, tooMany)).map((other) => ({ link: other, code: 'replaced' }));
  }

  /**
   * The links that are superfluous once a link has joined: if two nodes dialled each other at the same time, both connections may have been
   * opened before either side saw two. The rule is that of `superfluous`, applied only once the other link, which stays, has joined too.
   */
  crossed({ peer }: Link): readonly Link[] {
    const joined = this.of(peer).filter((link) => link.joined);
    const dialled = (link: Link) => link.connection.direction === 'outbound';
    return this.#ownId > peer && joined.some((link) => !dialled(link)) ? joined.filter(dialled) : [];
  }
}
