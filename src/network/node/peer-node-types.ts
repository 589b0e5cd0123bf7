import type { Clock } from '../../base/clock.ts';
import type { Emitter } from '../../base/emitter.ts';
import type { Hash } from '../../base/hash.ts';
import type { LogCode } from '../../base/log-codes.ts';
import type { Random } from '../../base/random.ts';
import type { NodePeer, PeerId } from '../../engine/peers/peer-net.ts';
import type { RememberedPeer } from '../../engine/peers/remembered-peers.ts';
import type { RtcHost } from '../../engine/rtc-host.ts';
import type { Ban } from '../ban-list.ts';
import type { LineLimits } from '../line-limits.ts';
import type { GossipExcess } from './gossip-budget.ts';
import type { GossipListener, ReceivedGossip } from './gossip.ts';

/** What every chain's node is told. */
export interface PeerNodeOptions {
  readonly genesisHash: Hash;
  /** Multiaddresses `<host>/tcp/<port>/(ws|wss)`, with or without `/p2p/<id>`; with `rtc` also of browsers (`browser-addresses.ts`). */
  readonly seeds: readonly string[];
  /** The operator of each address, if the network file names one. A peer reached at that address counts as that operator. */
  readonly operators?: ReadonlyMap<string, string> | undefined;
  /**
   * Peers that served us well at an earlier time, read at each start: dialled beside the seeds, by the same rules. They are never passed on
   * to others. Default none.
   */
  readonly remembered?: (() => readonly RememberedPeer[]) | undefined;
  /** Multiaddresses to listen on, port 0 for any. Node only. */
  readonly listen?: readonly string[] | undefined;
  /** The wanted number of peers: below it, addresses are dialled. Default 8, 0 for a node that only listens. */
  readonly desiredPeers?: number | undefined;
  /** Maximum number of peers: beyond it, incoming connections are closed. Default 16, for a listening node 512. */
  readonly maxPeers?: number | undefined;
  /** Also dial `ws://` to hosts other than loopback. Default no. */
  readonly allowInsecure?: boolean | undefined;
  /**
   * Checks others as the strictest of the network's nodes do, where we are lenient: pings at once, and drops peers that do not speak ping.
   * For the local network. Default no.
   */
  readonly strict?: boolean | undefined;
  /** Milliseconds in which a ping must be answered. Default: the pinger's. */
  readonly pingPatience?: number | undefined;
  /** Milliseconds for which a connection may stay open after its streams have closed, before that is a fault. Default 1 s. */
  readonly closingGrace?: number | undefined;
  /** Default `lineLimits`. */
  readonly limits?: LineLimits | undefined;
  readonly clock: Clock;
  readonly random: Random;
  /**
   * Speaks `/petrel/peers/1` with other Petrel clients, and states there the current value of `services`. Undefined: behaves as a plain
   * node of the network.
   */
  readonly petrel?: { readonly services: () => number } | undefined;
  /** Relays through which other browsers are to reach us, `<host>/tcp/<port>/(ws|wss)`, with or without `/p2p/<id>`. Default none; they need `rtc`. */
  readonly relays?: readonly string[] | undefined;
  /** Bytes that may go through relays within an hour. Default 2 000 000. */
  readonly relayCap?: number | undefined;
  /** Makes peer connections; without it there is no WebRTC. */
  readonly rtc?: RtcHost | undefined;
  /** Gossip topics subscribed from the start, with or without a listener. */
  readonly topics?: readonly string[] | undefined;
  readonly log?: ((entry: { readonly level: 'info' | 'warning' | 'error'; readonly code: LogCode; readonly data: Readonly<Record<string, string | number>> }) => void) | undefined;
}

export interface PeerNodeEvents {
  /** The handshake with a peer is done, on its first connection. */
  joined: NodePeer;
  /** Facts about a joined peer changed: its kind, or what it serves. */
  changed: NodePeer;
  /** Its last connection is gone. `reason` is a code. */
  left: NodePeer & { readonly reason: string };
  dialing: { readonly address: string };
  /** A dial failed, a dialled connection was lost, or (`surplus`) a dial is no longer needed. `retryAt`: unix milliseconds. */
  down: { readonly address: string; readonly id?: PeerId; readonly code: string; readonly retryAt: number; /** A dial failed; no connection was lost. */ readonly dial: boolean };
  'connection-open': { readonly connectionId: string; readonly peer: PeerId; readonly direction: 'inbound' | 'outbound'; readonly address: string };
  'connection-close': { readonly connectionId: string; readonly peer: PeerId; readonly code: string };
  /** We published a message. */
  published: { readonly topic: string; readonly size: number; readonly recipients: readonly PeerId[] };
  gossip: ReceivedGossip;
  /** A peer sent too much useless gossip: its connections are closed after this event. */
  'gossip-excess': { readonly peer: PeerId; readonly code: GossipExcess };
  /** A peer subscribed to or left a topic. */
  subscription: { readonly peer: PeerId; readonly topic: string; readonly subscribed: boolean };
  banned: { readonly peer: PeerId; readonly code: string; /** Unix milliseconds. */ readonly until: number };
  /** The contact book has grown. */
  contacts: { readonly size: number };
  /** The addresses at which other browsers reach us changed. */
  'browser-addresses': readonly string[];
}

/** One node of a chain's network. The same in a browser's worker and in Node. */
export interface PeerNode {
  readonly peerId: PeerId;
  /** The addresses it listens on, without `/p2p`; empty before `start`. */
  readonly addresses: readonly string[];
  /** The addresses at which other browsers reach us, with all ids in them. They go only to other Petrel clients, never to the network. Empty without relays. */
  readonly browserAddresses: readonly string[];
  /** Bytes that went through relays within an hour, and the maximum. */
  readonly relayUse: { readonly bytes: number; readonly cap: number };
  /** May be started again after `stop`. Throws `NodeError`. */
  start(): Promise<void>;
  /** Closes everything. Requests under way end with `disconnected`. */
  stop(): Promise<void>;
  /** In the order in which the peers joined. */
  peers(): readonly NodePeer[];
  readonly events: Emitter<PeerNodeEvents>;
  /** The value of `petrel.services` may have changed: tells the connected Petrel clients. */
  servicesChanged(): void;
  /** Subscribes a topic. */
  onGossip(topic: string, listener: GossipListener): void;
  /** Resolves with the peers it was sent to directly. */
  publish(topic: string, data: Uint8Array): Promise<readonly PeerId[]>;
  subscribers(topic: string): readonly PeerId[];
  /** Closes the peer's connections without blame; a seed is dialled again after its back-off. */
  disconnect(peer: PeerId, reason: string): Promise<void>;
  /** Closes the peer's connections and refuses new ones, by its id and by the addresses it was connected with, for `ms`. */
  ban(peer: PeerId, ban: { readonly ms: number; readonly code: string }): void;
  /** Lifts the peer's ban, by its id and by its addresses, and dials it again as if there had been none. */
  pardon(peer: PeerId): void;
  /** The current ban of a peer id. */
  isBanned(peer: PeerId): Ban | undefined;
  bans(): readonly Ban[];
  /** Ends all back-offs and dials now, because the network seems to be back. */
  retryNow(): void;
  /** Changes the wanted number of peers and the interval of pings in milliseconds. No peer is disconnected. */
  setPace(pace: { readonly desiredPeers: number; readonly pingInterval: number; /** Peers that are kept but do not count towards `desiredPeers`: that many more are dialled, at most eight. */ readonly besides?: number }): void;
  /** Pings all connections at once and closes those that do not answer within `patience` milliseconds. Resolves with their number. */
  checkLinks(patience: number): Promise<number>;
}
