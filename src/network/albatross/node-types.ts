import type { GossipVerdict, PeerId } from '../../albatross/sync/net.ts';
import type { RequestBody, RequestKind, ResponseBody } from '../../albatross/wire/requests.ts';
import type { Hash } from '../../albatross/wire/types.ts';
import type { Clock } from '../../engine/clock.ts';
import type { Emitter } from '../../engine/emitter.ts';
import type { Random } from '../../engine/random.ts';
import type { Ban } from '../ban-list.ts';
import type { RtcHost } from '../webrtc/rtc-host.ts';
import type { GossipListener } from './gossip.ts';
import type { RequestOptions } from './request-client.ts';
import type { ReceivedRequest, RequestHandler, RequestOutcome } from './request-server.ts';

/** A peer whose discovery handshake is done. A snapshot. */
export interface NodePeer {
  readonly id: PeerId;
  /** Bits of `wire/services.ts`, as the peer's own contact says; of a Petrel client, as it says to others of its kind. */
  readonly services: number;
  /** What counts as one witness, see `subnetOf`. */
  readonly subnet: string;
  /** Multiaddress of the connection, without `/p2p`; of another browser with its own. */
  readonly address: string;
  readonly transport: 'ws' | 'wss' | 'webrtc';
  /** A node of the network, or another Petrel client: that one may serve what it has verified, and is nobody's witness. */
  readonly kind: 'nimiq' | 'petrel';
  readonly direction: 'inbound' | 'outbound';
  /** Unix milliseconds. */
  readonly joinedAt: number;
  /** Milliseconds the last answered request took; undefined before the first. */
  readonly latency: number | undefined;
  /** Bytes of its answers and gossip. */
  readonly received: number;
}

export interface AlbatrossNodeOptions {
  readonly genesisHash: Hash;
  /** Multiaddresses `<host>/tcp/<port>/(ws|wss)`, with or without `/p2p/<id>`; with `rtc` also of browsers (`browser-addresses.ts`). */
  readonly seeds: readonly string[];
  /** What this node offers. */
  readonly services: number;
  /** What contacts must offer to be kept, and what others are asked to send us contacts of. */
  readonly requiredServices: number;
  /** Multiaddresses to listen on, port 0 for any. Node only. */
  readonly listen?: readonly string[] | undefined;
  /** Ed25519 seed, 32 bytes. Default: a new identity. */
  readonly privateKey?: Uint8Array | undefined;
  /** Peers to have: below it, addresses are dialled. Default 8, 0 for a node that only listens. */
  readonly desiredPeers?: number | undefined;
  /** Peers at most: beyond, incoming connections are closed. Default 16, for a listening node 512. */
  readonly maxPeers?: number | undefined;
  /** Also dial `ws://` to hosts other than loopback. Default no. */
  readonly allowInsecure?: boolean | undefined;
  /**
   * Checks others as the strictest of the official nodes do, where we are lenient: pings at once, and drops who does not speak ping; every contact in a list must be
   * signed; updates every 30 s at most; a contact from the future never joins. For the local network. Default no.
   */
  readonly strict?: boolean | undefined;
  /** Milliseconds in which a ping must be answered. Default that of the pinger. */
  readonly pingPatience?: number | undefined;
  /** Milliseconds in which a peer may ask as often as the limits say. Default the network's 10 s. */
  readonly rateWindow?: number | undefined;
  readonly clock: Clock;
  readonly random: Random;
  /** Speaks `/petrel/peers/1` with other Petrel clients, and says there what `services` gives at the time; undefined: a node of the network like any other. */
  readonly petrel?: { readonly services: () => number } | undefined;
  /** Relays at which other browsers are to reach us, `<host>/tcp/<port>/(ws|wss)`, with or without `/p2p/<id>`. Default none; they need `rtc`. */
  readonly relays?: readonly string[] | undefined;
  /** Bytes that may go through relays within an hour. Default 2 000 000. */
  readonly relayCap?: number | undefined;
  /** Who makes peer connections; without it there is no WebRTC. */
  readonly rtc?: RtcHost | undefined;
  /** Gossip topics subscribed from the start, listener or not. */
  readonly topics?: readonly string[] | undefined;
  readonly log?: ((entry: { readonly level: 'info' | 'warning' | 'error'; readonly code: string; readonly data: Readonly<Record<string, string | number>> }) => void) | undefined;
}

export interface AlbatrossNodeEvents {
  /** The handshake with a peer is done, on its first connection. */
  joined: NodePeer;
  /** What is known of a joined peer is something else now: its kind, or what it serves. */
  changed: NodePeer;
  /** Its last connection is gone. `reason` is a code. */
  left: NodePeer & { readonly reason: string };
  dialing: { readonly address: string };
  /** A dial failed or a dialled connection was lost. `retryAt`: unix milliseconds. */
  down: { readonly address: string; readonly id?: PeerId; readonly code: string; readonly retryAt: number };
  'connection-open': { readonly connectionId: string; readonly peer: PeerId; readonly direction: 'inbound' | 'outbound'; readonly address: string };
  'connection-close': { readonly connectionId: string; readonly peer: PeerId; readonly code: string };
  /** A request of a known kind was received, before its handler is called. */
  request: ReceivedRequest;
  'request-finished': { readonly from: PeerId; readonly requestId: string; readonly connectionId: string; readonly kind: RequestKind | 'unknown'; readonly outcome: RequestOutcome };
  /** Something of ours was published. */
  published: { readonly topic: string; readonly size: number; readonly recipients: readonly PeerId[] };
  gossip: { readonly from: PeerId; readonly topic: string; readonly size: number; readonly verdict: GossipVerdict };
  /** A peer subscribed to or left a topic. */
  subscription: { readonly peer: PeerId; readonly topic: string; readonly subscribed: boolean };
  banned: { readonly peer: PeerId; readonly code: string; /** Unix milliseconds. */ readonly until: number };
  /** The contact book has grown. */
  contacts: { readonly size: number };
  /** Other browsers reach us elsewhere now. */
  'browser-addresses': readonly string[];
}

/** `already-started`, `listen-failed` (the address cannot be listened on: port in use, no such interface), `invalid-options`. */
export class NodeError extends Error {
  override readonly name = 'NodeError';
  readonly code: 'already-started' | 'listen-failed' | 'invalid-options';
  constructor(code: NodeError['code'], message: string) {
    super(message);
    this.code = code;
  }
}

/** One node of an Albatross network. The same in a browser's worker and in Node. */
export interface AlbatrossNode {
  readonly peerId: PeerId;
  /** Where it listens, without `/p2p`; empty before `start`. */
  readonly addresses: readonly string[];
  /** Where other browsers reach us, with all ids in it: for other Petrel clients alone, never for the network. Empty without relays. */
  readonly browserAddresses: readonly string[];
  /** Bytes that went through relays, and the most that may within an hour. */
  readonly relayUse: { readonly bytes: number; readonly cap: number };
  /** May be started again after `stop`. Throws `NodeError`. */
  start(): Promise<void>;
  /** Closes everything. Requests under way end with `disconnected`. */
  stop(): Promise<void>;
  /** In the order in which they joined. */
  peers(): readonly NodePeer[];
  readonly events: Emitter<AlbatrossNodeEvents>;
  /** Asks a joined peer. Waits its turn within the peer's rate limits. Throws `RequestError`, or the signal's reason. */
  request<K extends RequestKind>(peer: PeerId, kind: K, body: RequestBody<K>, options?: RequestOptions): Promise<ResponseBody<K>>;
  /** Answers requests of one kind; kinds without handler are answered `no-receiver`, and so are peers of another kind than `only`. */
  handle<K extends RequestKind>(kind: K, handler: RequestHandler<K>, only?: NodePeer['kind']): void;
  /** What `petrel.services` gives may be something else now: Petrel clients are told. */
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
  /** The ban that stands for a peer id. */
  isBanned(peer: PeerId): Ban | undefined;
  bans(): readonly Ban[];
  /** Dials whatever is waiting for its back-off now, because the network seems to be back. */
  retryNow(): void;
  /** Another pace from now on: as many peers are dialled as are wanted, and connections are pinged every so many milliseconds. Nobody is disconnected. */
  setPace(pace: { readonly desiredPeers: number; readonly pingInterval: number; /** Peers that are kept and do not count: so many more are dialled, at most eight. */ readonly besides?: number }): void;
  /** Pings all connections at once and closes those that do not answer within `patience` milliseconds. Resolves with their number. */
  checkLinks(patience: number): Promise<number>;
}
