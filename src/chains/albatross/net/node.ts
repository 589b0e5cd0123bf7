import type { Connection, Ed25519PrivateKey } from '@libp2p/interface';
import { peerIdFromPrivateKey } from '@libp2p/peer-id';
import { CODE_P2P } from '@multiformats/multiaddr';
import { sha256 } from '../../../crypto/sha256.ts';
import { type NodePeer, RequestError } from '../../../engine/peers/peer-net.ts';
import type { PeerId } from '../../../engine/peers/peer-net.ts';
import { concatBytes } from '../../../base/bytes.ts';
import type { PeerContact } from '../wire/discovery.ts';
import { gossipTopics } from '../wire/gossip.ts';
import type { RequestBody, RequestKind, ResponseBody } from '../wire/requests.ts';
import { Emitter } from '../../../base/emitter.ts';
import type { LogCode } from '../../../base/log-codes.ts';
import { banKeyOf, dialRefusal, namesPrivateNetwork, parseMultiaddr, rangeOf, socketText } from '../../../network/addresses.ts';
import type { SocketAddress } from '../../../network/addresses.ts';
import { BanList } from '../../../network/ban-list.ts';
import type { Ban } from '../../../network/ban-list.ts';
import { yamuxBreach } from '../../../network/guarded-yamux.ts';
import { identityKey } from '../../../network/identity-key.ts';
import { createLibp2pNode } from '../../../network/libp2p-node.ts';
import { limitFor, lineLimits } from '../../../network/line-limits.ts';
import type { LineLimit, LineLimits } from '../../../network/line-limits.ts';
import type { Libp2pNode } from '../../../network/libp2p-node.ts';
import { PetrelPeers } from '../../../network/petrel/petrel-peers.ts';
import { ping } from '../../../network/ping.ts';
import { Pinger } from '../../../network/pinger.ts';
import { reattachGossip } from '../../../network/unsigned-gossip.ts';
import type { WebRtc } from '../../../network/webrtc/webrtc.ts';
import { Dialer, MAX_OPENING } from '../../../network/node/dialer.ts';
import { ContactBook } from './contact-book.ts';
import { DialError, dialErrorCode } from '../../../network/node/dial-error.ts';
import { DISCOVERY_PROTOCOL, DiscoverySession } from './discovery.ts';
import { banGater } from '../../../network/node/ban-gater.ts';
import { Gossip } from '../../../network/node/gossip.ts';
import { GossipBudget } from '../../../network/node/gossip-budget.ts';
import type { GossipListener } from '../../../network/node/gossip.ts';
import { JoinedPeers } from '../../../network/node/joined-peers.ts';
import { Links } from '../../../network/node/links.ts';
import type { Link } from '../../../network/node/links.ts';
import { loadWebRtc } from '../../../network/node/load-web-rtc.ts';
import { NodeError } from './node-types.ts';
import type { AlbatrossNode, AlbatrossNodeEvents, AlbatrossNodeOptions } from './node-types.ts';
import { OwnContact } from './own-contact.ts';
import { fullRanges } from '../../../network/node/range-share.ts';
import { REQRES_PROTOCOL } from './reqres-frame.ts';
import { dialTarget } from '../../../network/node/dial-candidate.ts';
import type { Candidate } from '../../../network/node/dial-candidate.ts';
import { REQUEST_TIMEOUT, RequestClient } from './request-client.ts';
import type { RequestOptions } from './request-client.ts';
import { RequestServer } from './request-server.ts';
import type { RequestHandler } from './request-server.ts';

export type { AlbatrossNode, AlbatrossNodeOptions } from './node-types.ts';

/** Consensus needs three agreeing witnesses and as many live peers; the rest replaces peers that turn out useless. */
const DEFAULT_DESIRED_PEERS = 8;
const DEFAULT_MAX_PEERS = 16;
const DEFAULT_MAX_PEERS_LISTENING = 512;
/** Inbound request streams per connection. A listening node allows as many as the official ones. */
const MAX_REQUEST_STREAMS = 128;
const MAX_REQUEST_STREAMS_LISTENING = 1000;
/** Discovery uses one stream. More are let in so that this code, not libp2p, sees and punishes the extra ones. */
const MAX_DISCOVERY_STREAMS = 8;

/** Milliseconds between pings; rust-libp2p's own value. */
const PING_INTERVAL = 15_000;

/** Milliseconds a connection may stay open after its discovery streams have closed. */
const CLOSING_GRACE = 1000;

/** Peers that may be kept beyond `desiredPeers`, see `setPace`. */
const MAX_BESIDES = 8;
const encoder = new TextEncoder();

/** SHA-256 over the topic's name and the data (Albatross network reference, 4.1). */
function messageId(topic: string, data: Uint8Array): Uint8Array {
  return sha256(concatBytes(encoder.encode(topic), data));
}

class Libp2pAlbatrossNode implements AlbatrossNode {
  /** A listener's error must not reach libp2p, in whose callbacks most events are emitted. */
  readonly events = new Emitter<AlbatrossNodeEvents>((error, event) => this.#log('error', 'listener-failed', { event, error: String(error) }));
  readonly peerId: PeerId;
  readonly #options: AlbatrossNodeOptions;
  readonly #key: Ed25519PrivateKey;
  readonly #maxPeers: number;
  readonly #bans: BanList;
  readonly #book: ContactBook;
  readonly #own: OwnContact;
  readonly #links: Links;
  readonly #dialer: Dialer;
  readonly #pinger: Pinger;
  readonly #client: RequestClient;
  readonly #server: RequestServer;
  readonly #gossip: Gossip;
  readonly #gossipBudget: GossipBudget;
  readonly #peers: JoinedPeers;
  readonly #petrel: PetrelPeers | undefined;
  #libp2p: Libp2pNode | undefined;
  #webRtc: WebRtc | undefined;
  /** Milliseconds each socket took to open, by address, while it is becoming a connection. */
  readonly #opened = new Map<string, number>();
  #stopping = new AbortController();

  constructor(options: AlbatrossNodeOptions, key: Ed25519PrivateKey) {
    const { clock, random, requiredServices, allowInsecure = false } = options;
    const privateContacts = namesPrivateNetwork(options.seeds);
    const operators = new Map(Array.from(options.operators ?? [], ([address, operator]) => [socketText(address)?.text ?? address, operator]));
    this.#options = options;
    this.#key = key;
    this.peerId = peerIdFromPrivateKey(key).toString();
    this.#maxPeers = options.maxPeers ?? (this.#listens ? DEFAULT_MAX_PEERS_LISTENING : DEFAULT_MAX_PEERS);
    this.#bans = new BanList(clock);
    this.#book = new ContactBook({ clock, random, ownId: this.peerId, requiredServices, allowInsecure, privateContacts });
    this.#own = new OwnContact({ clock, key, services: options.services, addresses: () => this.addresses });
    this.#links = new Links(this.peerId, operators);
    this.#client = new RequestClient(clock, options.closePatience);
    this.#peers = new JoinedPeers({
      clock,
      links: this.#links,
      petrel: options.petrel !== undefined,
      grace: (link) => this.#least(this.#limits.petrelGrace, link) ?? this.#limits.petrelGrace.least,
      joined: (peer) => this.events.emit('joined', peer),
      changed: (peer) => this.events.emit('changed', peer),
      left: (peer, reason) => this.events.emit('left', { ...peer, reason }),
    });
    this.#client.onLatency = (peer, latency) => this.#peers.setLatency(peer, latency);
    this.#client.onAnswer = (peer, size) => this.#peers.countReceived(peer, size);
    this.#server = new RequestServer(clock, {
      received: (request) => this.events.emit('request', request),
      finished: (request) => this.events.emit('request-finished', request),
    }, options.rateWindow);
    this.#gossipBudget = new GossipBudget(clock);
    this.#gossip = new Gossip(clock, options.topics ?? [], {
      received: (message) => {
        this.#peers.countReceived(message.from, message.size);
        this.events.emit('gossip', message);
        if (message.fault !== undefined) this.#countGossip(message.from, message.fault, message.size);
      },
      listenerFailed: (topic, error) => this.#log('error', 'gossip-listener-failed', { topic, error: String(error) }),
    });
    this.#pinger = new Pinger({
      clock, interval: PING_INTERVAL, patience: options.pingPatience,
      connections: () => [
        ...this.#links.all().flatMap((link) => (link.closeCode === undefined ? [{ id: link.connection.id, ping: (signal: AbortSignal) => this.#ping(link, signal), patience: this.#least(this.#limits.ping, link), drop: () => this.#dropSilent(link) }] : [])),
        ...(this.#webRtc?.relays.connections ?? []).map((relay) => ({ id: relay.id, ping: (signal: AbortSignal) => ping(relay, signal), drop: () => relay.abort(new DialError('no-ping')) })),
      ],
    });
    this.#dialer = new Dialer({
      clock, random, seeds: options.seeds, remembered: options.remembered, operators, allowInsecure, privateContacts, book: this.#book, bans: this.#bans,
      desiredPeers: Math.min(options.desiredPeers ?? DEFAULT_DESIRED_PEERS, this.#maxPeers),
      connected: () => this.#links.peers(),
      dial: (candidate, signal) => this.#dial(candidate, signal),
      dialing: (candidate) => this.events.emit('dialing', { address: candidate.address.text }),
      down: (candidate, code, retryIn, dial) => {
        const { seen } = candidate;
        this.events.emit('down', { address: candidate.address.text, ...(seen === undefined ? {} : { id: seen }), code, retryAt: clock.now() + retryIn, dial });
      },
      endArriving: () => {
        for (const link of this.#links.dialledArriving()) this.#close(link, 'surplus');
      },
      unusable: (address, code) => this.#log('warning', 'seed-unusable', { address, reason: code }),
      browsers: () => this.#webRtc && { ownId: this.peerId, isOwnRelay: (relay) => this.#webRtc?.relays.isOwn(relay) === true },
    });
    this.#petrel = this.#makePetrelPeers(options);
  }

  #makePetrelPeers({ clock, random, genesisHash, seeds, allowInsecure = false, petrel }: AlbatrossNodeOptions): PetrelPeers | undefined {
    const own = seeds.map((seed) => socketText(seed)?.text);
    const privateContacts = namesPrivateNetwork(seeds);
    return petrel && new PetrelPeers({
      clock, random, genesisHash,
      ownId: this.peerId,
      services: petrel.services,
      own: () => this.browserAddresses,
      // A relay on loopback or in a private network is accepted only if it is our own relay, a seed, or an address we are connected to.
      reachable: (relay: SocketAddress) => dialRefusal(relay, { source: 'contact', allowInsecure, privateContacts }) === undefined || this.#webRtc?.relays.isOwn(relay) === true || own.includes(relay.text) || this.#links.all().some(({ address }) => address === relay.text),
      said: (peer, services) => this.#onPetrel(peer, services),
      browsers: (told) => this.#dialer.addBrowsers(told),
      failed: (connection, code) => {
        const link = this.#links.get(connection);
        if (link) this.#close(link, code);
        else connection.abort(new DialError(code));
      },
    });
  }

  /** A ping takes two round trips: stream negotiation, and the ping itself. */
  async #ping(link: Link, signal: AbortSignal): Promise<void> {
    const begun = this.#options.clock.monotonic();
    await ping(link.connection, signal, this.#options.strict);
    link.roundTrip = (this.#options.clock.monotonic() - begun) / 2;
  }

  /** The limit computed from the link's round trip; undefined if that was not measured. */
  #least(limit: LineLimit, link: Link | undefined): number | undefined {
    return link?.roundTrip === undefined ? undefined : limitFor(limit, link.roundTrip);
  }

  #countGossip(peer: PeerId, kind: 'read' | 'padded' | 'undecodable', bytes: number): void {
    const code = this.#gossipBudget.count(peer, kind, bytes);
    if (code === undefined || this.#links.of(peer).length === 0) return;
    // Emit before closing: a listener that bans the peer needs the addresses of its connections.
    this.events.emit('gossip-excess', { peer, code });
    for (const link of this.#links.of(peer)) this.#close(link, code);
  }

  get #limits(): LineLimits {
    return this.#options.limits ?? lineLimits;
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

  #loadWebRtc(): Promise<WebRtc | undefined> {
    const { clock, random, relays = [], relayCap, rtc, seeds, allowInsecure = false } = this.#options;
    return loadWebRtc({
      clock, random, ownId: this.peerId, relays, seeds, relayCap, allowInsecure, host: rtc,
      // A browser that reconnects may have an old connection that we have not yet noticed is dead, so two are allowed.
      welcomes: (peer) => this.#bans.get(peer) === undefined && this.#browsers().length < this.#maxPeers / 2 && this.#links.of(peer).length < 2,
      log: (level, code, data) => this.#log(level, code, data),
      onChange: () => {
        this.#petrel?.changed();
        this.events.emit('browser-addresses', this.browserAddresses);
      },
      onFailed: () => this.#log('warning', 'webrtc-not-loaded', {}),
    });
  }

  #browsers(): Link[] {
    return this.#links.all().filter((link) => link.browser && link.closeCode === undefined);
  }

  async start(): Promise<void> {
    if (this.#libp2p !== undefined) throw new NodeError('already-started', 'the node is running');
    this.#webRtc = await this.#loadWebRtc();
    const libp2p = await createLibp2pNode({
      transports: this.#webRtc?.transports, clock: this.#options.clock,
      privateKey: this.#key, listen: this.#options.listen ?? [], maxConnections: 2 * this.#maxPeers + 64, parallelDials: MAX_OPENING, gater: banGater(this.#bans), limits: this.#limits,
      opened: (to, ms) => this.#opened.set(to.decapsulateCode(CODE_P2P).toString(), ms),
      scoredTopics: Object.keys(gossipTopics), messageId,
      gossipInput: (peer, bytes, input) => this.#countGossip(peer.toString(), input === 'unheard' ? 'undecodable' : input, bytes),
    });
    this.#libp2p = libp2p;
    this.#stopping = new AbortController();
    libp2p.addEventListener('connection:open', (event) => this.#onOpen(event.detail));
    libp2p.addEventListener('connection:close', (event) => this.#onClose(event.detail));
    libp2p.services.pubsub.addEventListener('subscription-change', (event) => {
      for (const { topic, subscribe } of event.detail.subscriptions) this.events.emit('subscription', { peer: event.detail.peerId.toString(), topic, subscribed: subscribe });
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
    this.#dialer.start();
    this.#pinger.start();
  }

  async stop(): Promise<void> {
    const libp2p = this.#libp2p;
    if (libp2p === undefined) return;
    this.#stopping.abort(new DialError('stopped'));
    this.#dialer.stop();
    this.#pinger.stop();
    this.#petrel?.stop();
    this.#webRtc?.stop();
    this.#gossip.detach();
    for (const link of this.#links.all()) this.#close(link, 'stopped');
    await libp2p.stop();
    this.#libp2p = undefined;
  }

  peers(): readonly NodePeer[] {
    return this.#peers.all();
  }

  async request<K extends RequestKind>(peer: PeerId, kind: K, body: RequestBody<K>, options?: RequestOptions): Promise<ResponseBody<K>> {
    if (!this.#peers.has(peer)) throw new RequestError('disconnected', 'the peer is not connected');
    const link = () => this.#links.of(peer).find(({ joined }) => joined);
    const timeout = Math.max(options?.timeout ?? REQUEST_TIMEOUT, this.#least(this.#limits.request, link()) ?? 0);
    return this.#client.request(peer, () => link()?.connection, kind, body, { ...options, timeout });
  }

  handle<K extends RequestKind>(kind: K, handler: RequestHandler<K>, only?: NodePeer['kind']): void {
    this.#server.handle(kind, handler, (peer) => only === undefined || this.#peers.kindOf(peer) === only);
  }

  servicesChanged(): void {
    this.#petrel?.changed();
  }

  onGossip(topic: string, listener: GossipListener): void {
    this.#gossip.listen(topic, listener);
  }

  async publish(topic: string, data: Uint8Array): Promise<readonly PeerId[]> {
    const recipients = await this.#gossip.publish(topic, data);
    this.events.emit('published', { topic, size: data.length, recipients });
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
      // The port of an incoming connection is temporary. Its host may be banned unless it is a private one, which several nodes may share.
      if (link.socket !== undefined && (link.connection.direction === 'outbound' || !link.socket.privateHost)) this.#bans.add(banKeyOf(link.socket), ms, code, peer);
      this.#close(link, code);
    }
    this.#book.remove(peer);
    this.#petrel?.remove(peer);
    this.events.emit('banned', { peer, code, until: this.#options.clock.now() + ms });
  }

  pardon(peer: PeerId): void {
    this.#bans.pardon(peer);
    void this.#book.restore(peer).then(() => this.#dialer.pardoned(peer));
  }

  isBanned(peer: PeerId): Ban | undefined {
    return this.#bans.get(peer);
  }

  bans(): readonly Ban[] {
    return this.#bans.all();
  }

  retryNow(): void {
    this.#dialer.retryNow();
  }

  setPace({ desiredPeers, pingInterval, besides = 0 }: { readonly desiredPeers: number; readonly pingInterval: number; readonly besides?: number }): void {
    this.#pinger.setInterval(pingInterval);
    this.#dialer.want(Math.min(desiredPeers, this.#maxPeers) + Math.min(besides, MAX_BESIDES));
  }

  checkLinks(patience: number): Promise<number> {
    return this.#pinger.check(patience);
  }

  async #dial(candidate: Candidate, givenUp: AbortSignal): Promise<PeerId> {
    const libp2p = this.#libp2p;
    const address = parseMultiaddr(dialTarget(candidate));
    if (libp2p === undefined || address === undefined) throw new DialError('stopped');
    let connection: Connection;
    try {
      // A connection of our own to a relay is not a connection with a peer: libp2p must not return that one, or close the new one because
      // of it.
      connection = await libp2p.dial(address, { signal: givenUp, force: this.#webRtc !== undefined });
    } catch (error) {
      throw new DialError(dialErrorCode(error));
    } finally {
      this.#opened.delete(address.decapsulateCode(CODE_P2P).toString());
    }
    const peer = connection.remotePeer.toString();
    const link = this.#links.get(connection);
    // The address leads to one of our own relays.
    if (link === undefined) connection.abort(new DialError('closed-at-once'));
    // libp2p may hand back another connection to the same address, or one that we have closed since.
    if (link?.address !== candidate.address.text || link.closeCode === 'duplicate') throw new DialError(this.#links.of(peer).length > 0 ? 'duplicate' : 'closed-at-once', peer);
    return peer;
  }

  /** Takes a connection in. The same connection may be reported several times; only the first report counts. Returns undefined if it was turned away. */
  #onOpen(connection: Connection): Link | undefined {
    const known = this.#links.get(connection);
    if (known !== undefined || connection.status !== 'open' || this.#webRtc?.isRelay(connection)) return known;
    const { clock, random, genesisHash, requiredServices, strict = false } = this.#options;
    const roundTrip = connection.direction === 'outbound' ? this.#opened.get(connection.remoteAddr.decapsulateCode(CODE_P2P).toString()) : undefined;
    const session: DiscoverySession = new DiscoverySession(connection, {
      clock, random, key: this.#key, genesisHash, network: this.#links.tellerOf(connection), requiredServices, strict, book: this.#book, own: this.#own,
      stateTimeout: this.#options.discoveryPatience ?? limitFor(this.#limits.discoveryState, roundTrip),
      joined: (contact) => this.#onJoined(connection, contact),
      learned: () => {
        this.events.emit('contacts', { size: this.#book.size });
        this.#dialer.fill();
      },
      failed: (error) => {
        const link = this.#links.get(connection);
        if (link === undefined) return;
        // When the other side closes a connection, its streams close first. Wait for the connection's end before treating this as a fault.
        if (error.code === 'discovery-closed') this.#closeSoon(link, error.code);
        else this.#close(link, error.code);
      },
    });
    const link = this.#links.add(connection, session, clock.monotonic());
    link.roundTrip = roundTrip;
    void this.#links.judge(link);
    this.events.emit('connection-open', { connectionId: connection.id, peer: link.peer, direction: connection.direction, address: link.address });
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

  /** Whether other peers of its /16 already take up a third of `maxPeers`. */
  #crowded({ peer, subnet }: Link): boolean {
    const others = Array.from(this.#links.peers()).flatMap(([id, other]) => (id === peer ? [] : [other.subnet]));
    return fullRanges(others, this.#maxPeers).has(rangeOf(subnet));
  }

  #onJoined(connection: Connection, contact: PeerContact): void {
    const link = this.#links.get(connection);
    if (link === undefined || link.closeCode !== undefined) return;
    link.joined = true;
    for (const other of this.#links.crossed(link)) this.#close(other, 'duplicate');
    this.#dialer.fill();
    this.#peers.arrived(link, { services: contact.services, signedAt: contact.timestamp * 1000 });
  }

  #onPetrel(peer: PeerId, services: number): void {
    if (this.#links.of(peer).length === 0) return;
    this.#book.keepOut(peer);
    this.#peers.isPetrel(peer, services);
  }

  #onClose(connection: Connection): void {
    const link = this.#links.get(connection);
    if (link === undefined) return;
    this.#links.remove(connection);
    link.cancelClose?.();
    link.session.close();
    const code = link.closeCode ?? yamuxBreach(connection)?.code ?? 'remote-closed';
    link.closeCode = code;
    this.events.emit('connection-close', { connectionId: connection.id, peer: link.peer, code });
    const rest = this.#links.of(link.peer);
    this.#peers.closed(link.peer, rest, code);
    const libp2p = this.#libp2p;
    if (libp2p !== undefined && rest[0] !== undefined) reattachGossip(libp2p.services.pubsub, rest[0].connection);
    if (connection.direction === 'outbound') this.#dialer.lost(link.address, code, this.#options.clock.monotonic() - link.openedAt);
    this.#dialer.fill();
  }

  /** The ping failed. A strict node must tell a silent peer from one that closed the connection, so it waits for the close as above. */
  #dropSilent(link: Link): void {
    if (this.#options.strict) this.#closeSoon(link, 'no-ping');
    else this.#close(link, 'no-ping');
  }

  #closeSoon(link: Link, code: string): void {
    link.cancelClose?.();
    if (link.closeCode === undefined) link.cancelClose = this.#options.clock.after(CLOSING_GRACE, () => this.#close(link, code));
  }

  /** Ends a connection at once. The first code given is kept. */
  #close(link: Link, code: string): void {
    if (link.closeCode !== undefined) return;
    link.closeCode = code;
    link.cancelClose?.();
    link.session.close();
    this.#log('info', 'connection-closed', { peer: link.peer, reason: code });
    link.connection.abort(new DialError(code));
  }

  #log(level: 'info' | 'warning' | 'error', code: LogCode, data: Readonly<Record<string, string | number>>): void {
    this.#options.log?.({ level, code, data });
  }
}

/** Makes a node; it is not started yet. Throws `NodeError` `invalid-options`. */
export async function createAlbatrossNode(options: AlbatrossNodeOptions): Promise<AlbatrossNode> {
  const seed = options.privateKey ?? options.random.bytes(32);
  if (seed.length !== 32) throw new NodeError('invalid-options', `a private key of ${seed.length} bytes instead of 32`);
  if (!/^[0-9a-f]{64}$/.test(options.genesisHash)) throw new NodeError('invalid-options', 'the genesis hash is not 64 lower-case hex digits');
  return new Libp2pAlbatrossNode(options, await identityKey(seed));
}
