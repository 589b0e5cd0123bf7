import type { Connection } from '@libp2p/interface';
import type { PeerId } from '../../engine/peers/peer-net.ts';
import type { Libp2pNode } from '../libp2p-node.ts';
import type { StatedFacts } from './joined-peers.ts';
import type { ToldPeer } from './known-addresses.ts';
import type { Session } from './links.ts';

/** The node's side of a handshake. */
export interface SessionContext {
  /** The network whose share the peer's reports of others take, see `Links.tellerOf`. */
  readonly network: string;
  /** Milliseconds that a round trip took while the connection was opened; undefined if that was not measured. */
  readonly roundTrip: number | undefined;
  /** The handshake is done. */
  joined(stated: StatedFacts): void;
  /** Peers were added to the book. */
  learned(): void;
  /** The connection is to be closed. `ended`: only the handshake's streams have ended, perhaps because the other side closes the connection. Called at most once. */
  failed(code: string, ended: boolean): void;
}

/** What a chain adds to the node that all chains have: its handshake, its book of peers, its other protocols, its gossip. */
export interface ChainProtocol {
  readonly handshake: { readonly protocol: string; /** On one connection. */ readonly maxInboundStreams: number };
  openSession(connection: Connection, context: SessionContext): Session;
  /** Registers the chain's other protocols. The node is not started yet. */
  attach(libp2p: Libp2pNode): Promise<void>;
  /** The peers that others report in handshakes. */
  readonly book: {
    dialable(): readonly ToldPeer[];
    readonly size: number;
    /** The peer is banned. */
    remove(peer: PeerId): void;
    /** The peer's ban is lifted. */
    restore(peer: PeerId): Promise<unknown>;
    /** The peer is another Petrel client, which is of no use to nodes. */
    keepOut(peer: PeerId): void;
  };
  /** Gossip topics on which invalid messages cost a peer its score. */
  readonly topics: readonly string[];
  messageId(topic: string, data: Uint8Array): Uint8Array;
}
