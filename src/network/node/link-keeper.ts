// Tests: `src/network/node/link-keeper.test.ts`, `src/chains/albatross/net/limits.test.ts`, `devnet/two-connections.test.ts`.
import type { Connection } from '@libp2p/interface';
import type { Clock } from '../../base/clock.ts';
import type { Emitter } from '../../base/emitter.ts';
import type { LogCode } from '../../base/log-codes.ts';
import { rangeOf } from '../addresses.ts';
import type { BanList } from '../ban-list.ts';
import { yamuxBreach } from '../guarded-yamux.ts';
import type { ChainProtocol } from './chain-protocol.ts';
import { DialError } from './dial-error.ts';
import type { StatedFacts } from './joined-peers.ts';
import type { Link, Links } from './links.ts';
import type { PeerNodeEvents } from './peer-node-types.ts';
import { fullRanges } from './range-share.ts';

/** Milliseconds a connection may stay open after its handshake's streams have closed. */
export const CLOSING_GRACE = 1000;

export interface LinkKeeperOptions {
  readonly clock: Clock;
  readonly links: Links;
  readonly bans: BanList;
  readonly chain: Pick<ChainProtocol, 'openSession' | 'book'>;
  readonly events: Emitter<PeerNodeEvents>;
  /** Maximum number of peers: beyond it, incoming connections are closed. */
  readonly maxPeers: number;
  /** See `PeerNodeOptions`. */
  readonly closingGrace?: number | undefined;
  /** Milliseconds that it took to open the connection's socket; undefined if that was not measured. */
  readonly roundTrip: (connection: Connection) => number | undefined;
  /** Whether the connection leads to one of our relays, and not to a peer. */
  readonly isRelay: (connection: Connection) => boolean;
  readonly isStopping: () => boolean;
  /** The connection was taken in and its handshake begins. */
  readonly opened: (link: Link) => void;
  readonly joined: (link: Link, stated: StatedFacts) => void;
  /** The book of peers has grown. */
  readonly learned: () => void;
  /** The connection is gone. `rest`: other open links to its peer. */
  readonly closed: (link: Link, rest: readonly Link[], code: string) => void;
  readonly log: (level: 'info', code: LogCode, data: Readonly<Record<string, string>>) => void;
}

/** Takes connections in or turns them away, runs the chain's handshake on each, and ends them. */
export class LinkKeeper {
  readonly #options: LinkKeeperOptions;

  constructor(options: LinkKeeperOptions) {
    this.#options = options;
  }

  /** Takes a connection in. The same connection may be reported several times; only the first report counts. Returns undefined if it was turned away. */
  open(connection: Connection): Link | undefined {
    const { links, chain, clock, events } = this.#options;
    const known = links.get(connection);
    if (known !== undefined || connection.status !== 'open' || this.#options.isRelay(connection)) return known;
    const roundTrip = connection.direction === 'outbound' ? this.#options.roundTrip(connection) : undefined;
    const session = chain.openSession(connection, {
      network: links.tellerOf(connection),
      roundTrip,
      joined: (stated) => this.#onJoined(connection, stated),
      learned: () => {
        events.emit('contacts', { size: chain.book.size });
        this.#options.learned();
      },
      failed: (code, ended) => {
        const link = links.get(connection);
        if (link === undefined) return;
        // When the other side closes a connection, its streams close first. Wait for the connection's end before treating this as a fault.
        if (ended) this.closeSoon(link, code);
        else this.close(link, code);
      },
    });
    const link = links.add(connection, session, clock.monotonic());
    link.roundTrip = roundTrip;
    void links.judge(link);
    events.emit('connection-open', { connectionId: connection.id, peer: link.peer, direction: connection.direction, address: link.address });
    const refusal = this.#refusal(link);
    if (refusal !== undefined) this.close(link, refusal);
    for (const { link: other, code } of links.superfluous(link)) this.close(other, code);
    if (link.closeCode === undefined) void session.run();
    if (link.closeCode === undefined) this.#options.opened(link);
    return link;
  }

  /** Why a new connection is turned away. */
  #refusal(link: Link): string | undefined {
    const { bans, links, maxPeers } = this.#options;
    if (this.#options.isStopping()) return 'stopped';
    const ban = bans.get(link.peer);
    if (ban !== undefined) return ban.code;
    if (link.connection.direction === 'outbound') return undefined;
    if (links.peers().size > maxPeers) return 'too-many-peers';
    return this.#crowded(link) ? 'too-many-of-range' : undefined;
  }

  /** Whether other peers of its /16 already take up a third of `maxPeers`. */
  #crowded({ peer, subnet }: Link): boolean {
    const others = Array.from(this.#options.links.peers()).flatMap(([id, other]) => (id === peer ? [] : [other.subnet]));
    return fullRanges(others, this.#options.maxPeers).has(rangeOf(subnet));
  }

  #onJoined(connection: Connection, stated: StatedFacts): void {
    const { links } = this.#options;
    const link = links.get(connection);
    if (link === undefined || link.closeCode !== undefined) return;
    link.joined = true;
    for (const other of links.crossed(link)) this.close(other, 'duplicate');
    this.#options.joined(link, stated);
  }

  /** The connection is gone. */
  gone(connection: Connection): void {
    const { links, events } = this.#options;
    const link = links.get(connection);
    if (link === undefined) return;
    links.remove(connection);
    link.cancelClose?.();
    link.session.close();
    const code = link.closeCode ?? yamuxBreach(connection)?.code ?? 'remote-closed';
    link.closeCode = code;
    events.emit('connection-close', { connectionId: connection.id, peer: link.peer, code });
    this.#options.closed(link, links.of(link.peer), code);
  }

  /** Ends a connection unless it ends by itself within the closing grace. */
  closeSoon(link: Link, code: string): void {
    const { clock, closingGrace = CLOSING_GRACE } = this.#options;
    link.cancelClose?.();
    if (link.closeCode === undefined) link.cancelClose = clock.after(closingGrace, () => this.close(link, code));
  }

  /** Ends a connection at once. The first code given is kept. */
  close(link: Link, code: string): void {
    if (link.closeCode !== undefined) return;
    link.closeCode = code;
    link.cancelClose?.();
    link.session.close();
    this.#options.log('info', 'connection-closed', { peer: link.peer, reason: code });
    link.connection.abort(new DialError(code));
  }
}
