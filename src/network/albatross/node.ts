import { generateKeyPairFromSeed } from '@libp2p/crypto/keys';
import type { Connection, Ed25519PrivateKey } from '@libp2p/interface';
import { peerIdFromPrivateKey } from '@libp2p/peer-id';
import { CODE_P2P } from '@multiformats/multiaddr';
import { sha256 } from '../../crypto/sha256.ts';
import { RequestError } from '../../albatross/sync/net.ts';
import type { PeerId } from '../../albatross/sync/net.ts';
import { concatBytes } from '../../albatross/wire/bytes.ts';
import type { PeerContact, SignedPeerContact } from '../../albatross/wire/discovery.ts';
import { gossipTopics } from '../../albatross/wire/gossip.ts';
import type { RequestBody, RequestKind, ResponseBody } from '../../albatross/wire/requests.ts';
import { Emitter } from '../../engine/emitter.ts';
import { banKeyOf, dialRefusal, parseMultiaddr, rangeOf, socketAddress } from '../addresses.ts';
import type { SocketAddress } from '../addresses.ts';
import { BanList } from '../ban-list.ts';
import type { Ban } from '../ban-list.ts';
import { parseBrowserAddress } from '../browser-addresses.ts';
import { createLibp2pNode } from '../libp2p-node.ts';
import type { Libp2pNode } from '../libp2p-node.ts';
import { PetrelPeers } from '../petrel/petrel-peers.ts';
import { ping } from '../ping.ts';
import { Pinger } from '../pinger.ts';
import { reattachGossip } from '../unsigned-gossip.ts';
import { RtcError } from '../webrtc/rtc-host.ts';
import type { WebRtc } from '../webrtc/webrtc.ts';
import { ConnectionPool, PARALLEL_DIALS } from './connection-pool.ts';
import type { Candidate } from './connection-pool.ts';
import { ContactBook } from './contact-book.ts';
import { DISCOVERY_PROTOCOL, DiscoverySession } from './discovery.ts';
import { banGater } from './gater.ts';
import { Gossip } from './gossip.ts';
import type { GossipListener } from './gossip.ts';
import { Links } from './links.ts';
import type { Link } from './links.ts';
import { NodeError } from './node-types.ts';
import type { AlbatrossNode, AlbatrossNodeEvents, AlbatrossNodeOptions, NodePeer } from './node-types.ts';
import { OwnContact } from './own-contact.ts';
import { fullRanges } from './range-share.ts';
import { REQRES_PROTOCOL } from './reqres-frame.ts';
import { RequestClient } from './request-client.ts';
import type { RequestOptions } from './request-client.ts';
import { RequestServer } from './request-server.ts';
import type { RequestHandler } from './request-server.ts';

export type { AlbatrossNode, AlbatrossNodeOptions } from './node-types.ts';

/** Three agreeing witnesses and as many live peers are needed; the rest is for peers that turn out useless. */
const DEFAULT_DESIRED_PEERS = 8;
const DEFAULT_MAX_PEERS = 16;
const DEFAULT_MAX_PEERS_LISTENING = 512;
/** Inbound request streams per connection. A listening node allows as many as the official ones. */
const MAX_REQUEST_STREAMS = 128;
const MAX_REQUEST_STREAMS_LISTENING = 1000;
/** Discovery has one stream; more are let in so that it is us who see and punish them. */
const MAX_DISCOVERY_STREAMS = 8;

/** Milliseconds between pings; rust-libp2p's own. */
const PING_INTERVAL = 15_000;

/** Milliseconds a connection may live on without its discovery streams. */
const CLOSING_GRACE = 1000;

/**
 * Milliseconds that a peer without services is given to say that it is a Petrel client, before it counts as a node of the network. Nodes that
 * are of use have services; and a Petrel client that is asked too early takes us for such a node and does not answer.
 */
const PETREL_GRACE = 2000;

/** Peers that may be kept beside those that count. */
const MAX_BESIDES = 8;
/** Contacts of banned peers kept. A ban is lifted within a minute or two, or not at all; at the bound the oldest goes. */
const MAX_REMOVED = 64;

/** A dial that did not lead to a usable connection. */
class DialError extends Error {
  override readonly name = 'DialError';
  readonly code: string;
  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

const encoder = new TextEncoder();

/** SHA-256 over the topic's name and the data (Albatross network reference, 4.1). */
function messageId(topic: string, data: Uint8Array): Uint8Array {
  return sha256(concatBytes(encoder.encode(topic), data));
}

class Libp2pAlbatrossNode implements AlbatrossNode {
  readonly events = new Emitter<AlbatrossNodeEvents>();
  readonly peerId: PeerId;
  readonly #options: AlbatrossNodeOptions;
  readonly #seed: Uint8Array;
  readonly #key: Ed25519PrivateKey;
  readonly #maxPeers: number;
  readonly #bans: BanList;
  readonly #book: ContactBook;
  readonly #own: OwnContact;
  readonly #links: Links;
  readonly #pool: ConnectionPool;
  readonly #pinger: Pinger;
  readonly #client: RequestClient;
  readonly #server: RequestServer;
  readonly #gossip: Gossip;
  readonly #peers = new Map<PeerId, NodePeer>();
  readonly #petrel: PetrelPeers | undefined;
  /** What connected Petrel clients serve. */
  readonly #petrels = new Map<PeerId, number>();
  /** Peers that may yet say that they are Petrel clients: ends the wait. */
  readonly #arriving = new Map<PeerId, { readonly join: () => void; readonly cancel: () => void }>();
  /** Contacts of banned peers, for the case that they are pardoned. */
  readonly #removed = new Map<PeerId, SignedPeerContact>();
  #libp2p: Libp2pNode | undefined;
  #webRtc: WebRtc | undefined;
  #stopping = new AbortController();

  constructor(options: AlbatrossNodeOptions, seed: Uint8Array, key: Ed25519PrivateKey) {
    const { clock, random, requiredServices, allowInsecure = false, strict = false } = options;
    this.#options = options;
    this.#seed = seed;
    this.#key = key;
    this.peerId = peerIdFromPrivateKey(key).toString();
    this.#maxPeers = options.maxPeers ?? (this.#listens ? DEFAULT_MAX_PEERS_LISTENING : DEFAULT_MAX_PEERS);
    this.#bans = new BanList(clock);
    this.#book = new ContactBook({ clock, random, ownId: this.peerId, requiredServices, allowInsecure });
    this.#own = new OwnContact({ clock, key, services: options.services, addresses: () => this.addresses });
    this.#links = new Links(this.peerId);
    this.#client = new RequestClient(clock);
    this.#client.onLatency = (peer, latency) => {
      const known = this.#peers.get(peer);
      if (known !== undefined) this.#peers.set(peer, { ...known, latency });
    };
    this.#client.onAnswer = (peer, size) => this.#countReceived(peer, size);
    this.#server = new RequestServer(clock, {
      received: (request) => this.#emit('request', request),
      finished: (request) => this.#emit('request-finished', request),
    }, options.rateWindow);
    this.#gossip = new Gossip(clock, options.topics ?? [], {
      received: (message) => {
        this.#countReceived(message.from, message.size);
        this.#emit('gossip', message);
      },
      listenerFailed: (topic, error) => this.#log('error', 'gossip-listener-failed', { topic, error: String(error) }),
    });
    this.#pinger = new Pinger({
      clock, interval: PING_INTERVAL, patience: options.pingPatience,
      connections: () => [
        ...this.#links.all().flatMap((link) => (link.closeCode === undefined ? [{ id: link.connection.id, ping: (signal: AbortSignal) => ping(link.connection, signal, strict), drop: () => this.#dropSilent(link) }] : [])),
        ...(this.#webRtc?.relays.connections ?? []).map((relay) => ({ id: relay.id, ping: (signal: AbortSignal) => ping(relay, signal), drop: () => relay.abort(new DialError('no-ping')) })),
      ],
    });
    this.#pool = new ConnectionPool({
      clock, random, seeds: options.seeds, allowInsecure, book: this.#book, bans: this.#bans,
      desiredPeers: Math.min(options.desiredPeers ?? DEFAULT_DESIRED_PEERS, this.#maxPeers),
      connected: () => this.#links.peers(),
      dial: (candidate) => this.#dial(candidate),
      dialing: (candidate) => this.#emit('dialing', { address: candidate.address.text }),
      down: (candidate, code, retryIn) => {
        const { peerId } = candidate;
        this.#emit('down', { address: candidate.address.text, ...(peerId === undefined ? {} : { id: peerId }), code, retryAt: clock.now() + retryIn });
      },
      unusable: (address, code) => this.#log('warning', 'seed-unusable', { address, reason: code }),
      browsers: () => this.#webRtc && { ownId: this.peerId, isOwnRelay: (relay) => this.#webRtc?.relays.isOwn(relay) === true },
    });
    this.#petrel = this.#makePetrelPeers(options);
  }

  #makePetrelPeers({ clock, random, genesisHash, seeds, allowInsecure = false, petrel }: AlbatrossNodeOptions): PetrelPeers | undefined {
    const own = seeds.map((seed) => parseMultiaddr(seed)).map((seed) => seed && socketAddress(seed)?.text);
    return petrel && new PetrelPeers({
      clock, random, genesisHash,
      ownId: this.peerId,
      services: petrel.services,
      own: () => this.browserAddresses,
      // On loopback only where we are ourselves, or were sent.
      reachable: (relay: SocketAddress) => dialRefusal(relay, { source: 'contact', allowInsecure }) === undefined || this.#webRtc?.relays.isOwn(relay) === true || own.includes(relay.text) || this.#links.all().some(({ address }) => address === relay.text),
      said: (peer, services) => this.#onPetrel(peer, services),
      browsers: (addresses) => this.#pool.addBrowsers(addresses),
      failed: (connection, code) => {
        const link = this.#links.get(connection);
        if (link) this.#close(link, code);
        else connection.abort(new DialError(code));
      },
    });
  }

  #countReceived(peer: PeerId, size: number): void {
    const known = this.#peers.get(peer);
    if (known !== undefined) this.#peers.set(peer, { ...known, received: known.received + size });
  }

  get #listens(): boolean {
    return (this.#options.listen ?? []).length > 0;
  }

  get addresses(): readonly string[] {
    return this.#libp2p?.getMultiaddrs().map((address) => address.decapsulateCode(CODE_P2P).toString()) ?? [];
  }

  get browserAddresses(): readonly string[] {
    return this.#webRtc?.relays.addresses ?? [];
  }

  get relayUse(): { readonly bytes: number; readonly cap: number } {
    return this.#webRtc?.relayUse ?? { bytes: 0, cap: 0 };
  }

  /** The code for it is loaded by those who have a relay, or a browser to dial. */
  async #loadWebRtc(): Promise<WebRtc | undefined> {
    const { clock, random, relays = [], relayCap, rtc, seeds, allowInsecure = false } = this.#options;
    if (rtc === undefined || (relays.length === 0 && seeds.every((seed) => parseBrowserAddress(seed) === undefined))) return undefined;
    const { createWebRtc } = await import('../webrtc/webrtc.ts');
    return createWebRtc({
      clock, random, ownId: this.peerId, relays, relayCap, allowInsecure, host: rtc,
      // Who comes back may be gone from here without our having noticed.
      welcomes: (peer) => this.#bans.get(peer) === undefined && this.#browsers().length < this.#maxPeers / 2 && this.#links.of(peer).length < 2,
      log: (level, code, data) => this.#log(level, code, data),
      onChange: () => {
        this.#petrel?.changed();
        this.#emit('browser-addresses', this.browserAddresses);
      },
    });
  }

  #browsers(): Link[] {
    return this.#links.all().filter((link) => link.browser && link.closeCode === undefined);
  }

  async start(): Promise<void> {
    if (this.#libp2p !== undefined) throw new NodeError('already-started', 'the node is running');
    this.#webRtc = await this.#loadWebRtc();
    const libp2p = await createLibp2pNode({
      transports: this.#webRtc?.transports,
      privateKey: this.#seed, listen: this.#options.listen ?? [], maxConnections: 2 * this.#maxPeers + 64, parallelDials: PARALLEL_DIALS, gater: banGater(this.#bans),
      scoredTopics: Object.keys(gossipTopics), messageId,
    });
    this.#libp2p = libp2p;
    this.#stopping = new AbortController();
    libp2p.addEventListener('connection:open', (event) => this.#onOpen(event.detail));
    libp2p.addEventListener('connection:close', (event) => this.#onClose(event.detail));
    libp2p.services.pubsub.addEventListener('subscription-change', (event) => {
      for (const { topic, subscribe } of event.detail.subscriptions) this.#emit('subscription', { peer: event.detail.peerId.toString(), topic, subscribed: subscribe });
    });
    try {
      await libp2p.handle(DISCOVERY_PROTOCOL, (stream, connection) => this.#onOpen(connection)?.session.accept(stream), { maxInboundStreams: MAX_DISCOVERY_STREAMS });
      await libp2p.handle(REQRES_PROTOCOL, (stream, connection) => void this.#server.serve(stream, connection), {
        maxInboundStreams: this.#listens ? MAX_REQUEST_STREAMS_LISTENING : MAX_REQUEST_STREAMS, maxOutboundStreams: MAX_REQUEST_STREAMS,
      });
      await this.#petrel?.attach(libp2p);
      await libp2p.start();
    } catch (error) {
      this.#libp2p = undefined;
      throw new NodeError('listen-failed', error instanceof Error ? error.message : String(error));
    }
    this.#gossip.attach(libp2p.services.pubsub);
    this.#webRtc?.start();
    this.#pool.start();
    this.#pinger.start();
  }

  async stop(): Promise<void> {
    const libp2p = this.#libp2p;
    if (libp2p === undefined) return;
    this.#stopping.abort(new DialError('stopped'));
    this.#pool.stop();
    this.#pinger.stop();
    this.#petrel?.stop();
    this.#webRtc?.stop();
    this.#gossip.detach();
    for (const link of this.#links.all()) this.#close(link, 'stopped');
    await libp2p.stop();
    this.#libp2p = undefined;
  }

  peers(): readonly NodePeer[] {
    return Array.from(this.#peers.values());
  }

  async request<K extends RequestKind>(peer: PeerId, kind: K, body: RequestBody<K>, options?: RequestOptions): Promise<ResponseBody<K>> {
    if (!this.#peers.has(peer)) throw new RequestError('disconnected', 'the peer is not connected');
    return this.#client.request(peer, () => this.#links.of(peer).find((link) => link.joined)?.connection, kind, body, options);
  }

  handle<K extends RequestKind>(kind: K, handler: RequestHandler<K>, only?: NodePeer['kind']): void {
    this.#server.handle(kind, handler, (peer) => only === undefined || this.#kindOf(peer) === only);
  }

  servicesChanged(): void {
    this.#petrel?.changed();
  }

  onGossip(topic: string, listener: GossipListener): void {
    this.#gossip.listen(topic, listener);
  }

  async publish(topic: string, data: Uint8Array): Promise<readonly PeerId[]> {
    const recipients = await this.#gossip.publish(topic, data);
    this.#emit('published', { topic, size: data.length, recipients });
    return recipients;
  }

  subscribers(topic: string): readonly PeerId[] {
    return this.#gossip.subscribers(topic);
  }

  async disconnect(peer: PeerId, reason: string): Promise<void> {
    for (const link of this.#links.of(peer)) this.#close(link, reason);
  }

  ban(peer: PeerId, { ms, code }: { readonly ms: number; readonly code: string }): void {
    this.#bans.add(peer, ms, code, peer);
    for (const link of this.#links.of(peer)) {
      // The port of an incoming connection is of one time only; its host may be banned where a host is one node's own.
      if (link.socket !== undefined && (link.connection.direction === 'outbound' || !link.socket.privateHost)) this.#bans.add(banKeyOf(link.socket), ms, code, peer);
      this.#close(link, code);
    }
    const contact = this.#book.remove(peer);
    if (contact !== undefined) this.#removed.set(peer, contact);
    for (const oldest of this.#removed.keys()) {
      if (this.#removed.size <= MAX_REMOVED) break;
      this.#removed.delete(oldest);
    }
    this.#petrel?.remove(peer);
    this.#emit('banned', { peer, code, until: this.#options.clock.now() + ms });
  }

  pardon(peer: PeerId): void {
    this.#bans.pardon(peer);
    const contact = this.#removed.get(peer);
    this.#removed.delete(peer);
    if (contact === undefined) this.#pool.pardoned(peer);
    else void this.#book.add(contact, { verified: true }).then(() => this.#pool.pardoned(peer));
  }

  isBanned(peer: PeerId): Ban | undefined {
    return this.#bans.get(peer);
  }

  bans(): readonly Ban[] {
    return this.#bans.all();
  }

  retryNow(): void {
    this.#pool.retryNow();
  }

  setPace({ desiredPeers, pingInterval, besides = 0 }: { readonly desiredPeers: number; readonly pingInterval: number; readonly besides?: number }): void {
    this.#pinger.setInterval(pingInterval);
    this.#pool.want(Math.min(desiredPeers, this.#maxPeers) + Math.min(besides, MAX_BESIDES));
  }

  checkLinks(patience: number): Promise<number> {
    return this.#pinger.check(patience);
  }

  async #dial(candidate: Candidate): Promise<PeerId> {
    const libp2p = this.#libp2p;
    const address = parseMultiaddr(dialTarget(candidate));
    if (libp2p === undefined || address === undefined) throw new DialError('stopped');
    let connection: Connection;
    try {
      connection = await libp2p.dial(address, { signal: this.#stopping.signal });
    } catch (error) {
      throw new DialError(dialErrorCode(error));
    }
    const peer = connection.remotePeer.toString();
    candidate.peerId = peer;
    const link = this.#links.get(connection);
    // libp2p may hand back another connection to the same address, or one that we have closed since.
    if (link?.address !== candidate.address.text || link.closeCode === 'duplicate') throw new DialError(this.#links.of(peer).length > 0 ? 'duplicate' : 'closed-at-once');
    return peer;
  }

  /** Takes a connection in; the same one may come by several ways, and only the first counts. Undefined: it was turned away. */
  #onOpen(connection: Connection): Link | undefined {
    const known = this.#links.get(connection);
    if (known !== undefined || connection.status !== 'open' || this.#webRtc?.isRelay(connection)) return known;
    const { clock, random, genesisHash, requiredServices, strict = false } = this.#options;
    const session: DiscoverySession = new DiscoverySession(connection, {
      clock, random, key: this.#key, genesisHash, requiredServices, strict, book: this.#book, own: this.#own,
      joined: (contact) => this.#onJoined(connection, contact),
      learned: () => {
        this.#emit('contacts', { size: this.#book.size });
        this.#pool.fill();
      },
      failed: (error) => {
        const link = this.#links.get(connection);
        if (link === undefined) return;
        // A connection that the other side closes loses its streams first: its end is awaited, not taken for a fault.
        if (error.code === 'discovery-closed') clock.after(CLOSING_GRACE, () => this.#close(link, error.code));
        else this.#close(link, error.code);
      },
    });
    const link = this.#links.add(connection, session, clock.monotonic());
    this.#emit('connection-open', { connectionId: connection.id, peer: link.peer, direction: connection.direction, address: link.address });
    const ban = this.#bans.get(link.peer);
    if (this.#stopping.signal.aborted) this.#close(link, 'stopped');
    else if (ban !== undefined) this.#close(link, ban.code);
    else if (connection.direction === 'inbound' && this.#links.peers().size > this.#maxPeers) this.#close(link, 'too-many-peers');
    else if (connection.direction === 'inbound' && this.#crowded(link)) this.#close(link, 'too-many-of-range');
    for (const { link: other, code } of this.#links.superfluous(link)) this.#close(other, code);
    if (link.closeCode === undefined) void session.run();
    if (link.closeCode === undefined && strict) this.#pinger.first(connection.id);
    return link;
  }

  /** Whether the others of its /16 are a third of all that may be here already. */
  #crowded({ peer, subnet }: Link): boolean {
    const others = Array.from(this.#links.peers()).flatMap(([id, other]) => (id === peer ? [] : [other.subnet]));
    return fullRanges(others, this.#maxPeers).has(rangeOf(subnet));
  }

  #onJoined(connection: Connection, contact: PeerContact): void {
    const link = this.#links.get(connection);
    if (link === undefined || link.closeCode !== undefined) return;
    link.joined = true;
    for (const other of this.#links.crossed(link)) this.#close(other, 'duplicate');
    if (this.#peers.has(link.peer) || this.#arriving.has(link.peer)) return;
    const join = () => {
      this.#arriving.delete(link.peer);
      const services = this.#petrels.get(link.peer);
      const kind = this.#kindOf(link.peer);
      const peer: NodePeer = {
        id: link.peer, services: services ?? (kind === 'petrel' ? 0 : contact.services), subnet: link.subnet, address: link.address,
        transport: link.browser ? 'webrtc' : (link.socket?.transport ?? 'ws'), kind,
        direction: connection.direction, joinedAt: this.#options.clock.now(), latency: undefined, received: 0,
      };
      this.#peers.set(link.peer, peer);
      this.#emit('joined', peer);
    };
    const known = this.#petrels.has(link.peer) || (contact.services !== 0 && this.#kindOf(link.peer) === 'nimiq');
    if (this.#petrel === undefined || known) join();
    else this.#arriving.set(link.peer, { join, cancel: this.#options.clock.after(PETREL_GRACE, join) });
  }

  /** Who says so is a Petrel client, and so is whoever is reached by WebRTC: no other node of the network is. */
  #kindOf(peer: PeerId): NodePeer['kind'] {
    return this.#petrels.has(peer) || this.#links.of(peer).some(({ browser }) => browser) ? 'petrel' : 'nimiq';
  }

  #onPetrel(peer: PeerId, services: number): void {
    if (this.#links.of(peer).length === 0) return;
    this.#petrels.set(peer, services);
    this.#book.keepOut(peer);
    const arriving = this.#arriving.get(peer);
    arriving?.cancel();
    arriving?.join();
    const known = this.#peers.get(peer);
    if (known === undefined || (known.kind === 'petrel' && known.services === services)) return;
    const changed: NodePeer = { ...known, kind: 'petrel', services };
    this.#peers.set(peer, changed);
    this.#emit('changed', changed);
  }

  #onClose(connection: Connection): void {
    const link = this.#links.get(connection);
    if (link === undefined) return;
    this.#links.remove(connection);
    link.session.close();
    const code = link.closeCode ?? 'remote-closed';
    link.closeCode = code;
    this.#emit('connection-close', { connectionId: connection.id, peer: link.peer, code });
    const rest = this.#links.of(link.peer);
    if (rest.length === 0) this.#petrels.delete(link.peer);
    if (!rest.some((other) => other.joined)) {
      this.#arriving.get(link.peer)?.cancel();
      this.#arriving.delete(link.peer);
    }
    const peer = this.#peers.get(link.peer);
    if (peer !== undefined && !rest.some((other) => other.joined)) {
      this.#peers.delete(link.peer);
      this.#emit('left', { ...peer, reason: code });
    }
    const libp2p = this.#libp2p;
    if (libp2p !== undefined && rest[0] !== undefined) reattachGossip(libp2p.services.pubsub, rest[0].connection);
    if (connection.direction === 'outbound') this.#pool.lost(link.address, code, this.#options.clock.monotonic() - link.openedAt);
    this.#pool.fill();
  }

  /** Its ping failed. A node that is strict has others to tell a silent peer from one that closed the connection: this is awaited as above. */
  #dropSilent(link: Link): void {
    if (this.#options.strict) this.#options.clock.after(CLOSING_GRACE, () => this.#close(link, 'no-ping'));
    else this.#close(link, 'no-ping');
  }

  /** Ends a connection at once. The first code given stays. */
  #close(link: Link, code: string): void {
    if (link.closeCode !== undefined) return;
    link.closeCode = code;
    link.session.close();
    this.#log('info', 'connection-closed', { peer: link.peer, reason: code });
    link.connection.abort(new DialError(code));
  }

  #log(level: 'info' | 'warning' | 'error', code: string, data: Readonly<Record<string, string | number>>): void {
    this.#options.log?.({ level, code, data });
  }

  /** A listener's error must not reach libp2p, in whose callbacks most events are emitted. */
  #emit<K extends keyof AlbatrossNodeEvents>(name: K, event: AlbatrossNodeEvents[K]): void {
    try {
      this.events.emit(name, event);
    } catch (error) {
      this.#log('error', 'listener-failed', { event: name, error: String(error) });
    }
  }
}

/** What libp2p is to dial: with the id of whoever must be there, where that is known from more than an earlier connection. */
function dialTarget({ address, source, peerId }: Candidate): string {
  if (source === 'browser') return address.text;
  const expected = source === 'contact' ? peerId : address.peerId;
  return expected === undefined ? address.text : `${address.text}/p2p/${expected}`;
}

function dialErrorCode(error: unknown): string {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  if (error instanceof RtcError) return `rtc-${error.code}`;
  if (name === 'DialError' && error instanceof DialError) return error.code;
  if (/dial self/i.test(message)) return 'own-address';
  if (name === 'DialDeniedError' || name === 'ConnectionInterceptedError') return 'banned';
  if (name === 'TimeoutError' || name === 'AbortError') return 'dial-timeout';
  if (/unexpected peer|did not match|payload identity key/i.test(message)) return 'wrong-identity';
  return 'dial-failed';
}

/** Makes a node; it is not started yet. Throws `NodeError` `invalid-options`. */
export async function createAlbatrossNode(options: AlbatrossNodeOptions): Promise<AlbatrossNode> {
  const seed = options.privateKey ?? options.random.bytes(32);
  if (seed.length !== 32) throw new NodeError('invalid-options', `a private key of ${seed.length} bytes instead of 32`);
  if (!/^[0-9a-f]{64}$/.test(options.genesisHash)) throw new NodeError('invalid-options', 'the genesis hash is not 64 lower-case hex digits');
  return new Libp2pAlbatrossNode(options, seed, await generateKeyPairFromSeed('Ed25519', seed));
}
