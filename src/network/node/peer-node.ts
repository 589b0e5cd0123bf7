// Tests: `src/chains/albatross/net/node.test.ts`, `src/network/petrel/petrel-peers.test.ts`.
import type { Connection, Ed25519PrivateKey } from '@libp2p/interface';
import { peerIdFromPrivateKey } from '@libp2p/peer-id';
import { CODE_P2P } from '@multiformats/multiaddr';
import type { Emitter } from '../../base/emitter.ts';
import type { LogCode } from '../../base/log-codes.ts';
import type { NodePeer, PeerId } from '../../engine/peers/peer-net.ts';
import { banKeyOf, dialRefusal, namesPrivateNetwork, parseMultiaddr, socketText } from '../addresses.ts';
import type { SocketAddress } from '../addresses.ts';
import { BanList } from '../ban-list.ts';
import type { Ban } from '../ban-list.ts';
import { createLibp2pNode } from '../libp2p-node.ts';
import type { Libp2pNode } from '../libp2p-node.ts';
import { limitFor, lineLimits } from '../line-limits.ts';
import type { LineLimit, LineLimits } from '../line-limits.ts';
import { PetrelPeers } from '../petrel/petrel-peers.ts';
import { ping } from '../ping.ts';
import { Pinger } from '../pinger.ts';
import { reattachGossip } from '../unsigned-gossip.ts';
import type { WebRtc } from '../webrtc/webrtc.ts';
import { banGater } from './ban-gater.ts';
import type { ChainProtocol } from './chain-protocol.ts';
import { DialError, dialErrorCode } from './dial-error.ts';
import { dialTarget } from './dial-candidate.ts';
import type { Candidate } from './dial-candidate.ts';
import { Dialer, MAX_OPENING } from './dialer.ts';
import { Gossip } from './gossip.ts';
import { GossipBudget } from './gossip-budget.ts';
import type { GossipListener } from './gossip.ts';
import { JoinedPeers } from './joined-peers.ts';
import { LinkKeeper } from './link-keeper.ts';
import { Links } from './links.ts';
import type { Link } from './links.ts';
import { loadWebRtc } from './load-web-rtc.ts';
import { NodeError } from './node-error.ts';
import type { PeerNode, PeerNodeEvents, PeerNodeOptions } from './peer-node-types.ts';

/** Consensus needs three agreeing witnesses and as many live peers; the rest replaces peers that turn out useless. */
const DEFAULT_DESIRED_PEERS = 8;
const DEFAULT_MAX_PEERS = 16;
const DEFAULT_MAX_PEERS_LISTENING = 512;

/** Milliseconds between pings; rust-libp2p's own value. */
const PING_INTERVAL = 15_000;

/** Peers that may be kept beyond `desiredPeers`, see `setPace`. */
const MAX_BESIDES = 8;

/** What every chain's node does, over libp2p: dials, takes peers in, pings, gossips, bans. The chain's own protocols come from a `ChainProtocol`. */
export class Libp2pPeerNode implements PeerNode {
  readonly events: Emitter<PeerNodeEvents>;
  readonly peerId: PeerId;
  /** For the chain's own protocols. */
  readonly joined: JoinedPeers;
  readonly #options: PeerNodeOptions;
  readonly #chain: ChainProtocol;
  readonly #key: Ed25519PrivateKey;
  readonly #maxPeers: number;
  readonly #bans: BanList;
  readonly #links: Links;
  readonly #keeper: LinkKeeper;
  readonly #dialer: Dialer;
  readonly #pinger: Pinger;
  readonly #gossip: Gossip;
  readonly #gossipBudget: GossipBudget;
  readonly #petrel: PetrelPeers | undefined;
  #libp2p: Libp2pNode | undefined;
  #webRtc: WebRtc | undefined;
  /** Milliseconds each socket took to open, by address, while it is becoming a connection. */
  readonly #opened = new Map<string, number>();
  #stopping = new AbortController();

  /** @param events Takes its listeners' errors: most events are emitted in callbacks of libp2p, which those errors must not reach. */
  constructor(options: PeerNodeOptions, key: Ed25519PrivateKey, chain: ChainProtocol, events: Emitter<PeerNodeEvents>) {
    const { clock, random, allowInsecure = false } = options;
    const operators = new Map(Array.from(options.operators ?? [], ([address, operator]) => [socketText(address)?.text ?? address, operator]));
    this.#options = options;
    this.#chain = chain;
    this.#key = key;
    this.events = events;
    this.peerId = peerIdFromPrivateKey(key).toString();
    this.#maxPeers = options.maxPeers ?? (this.#listens ? DEFAULT_MAX_PEERS_LISTENING : DEFAULT_MAX_PEERS);
    this.#bans = new BanList(clock);
    this.#links = new Links(this.peerId, operators);
    this.joined = new JoinedPeers({
      clock,
      links: this.#links,
      petrel: options.petrel !== undefined,
      grace: (link) => this.#least(this.#limits.petrelGrace, link) ?? this.#limits.petrelGrace.least,
      joined: (peer) => events.emit('joined', peer),
      changed: (peer) => events.emit('changed', peer),
      left: (peer, reason) => events.emit('left', { ...peer, reason }),
    });
    this.#gossipBudget = new GossipBudget(clock);
    this.#gossip = new Gossip(clock, options.topics ?? [], {
      received: (message) => {
        this.joined.countReceived(message.from, message.size);
        events.emit('gossip', message);
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
      clock, random, seeds: options.seeds, remembered: options.remembered, operators, allowInsecure, privateContacts: namesPrivateNetwork(options.seeds), book: chain.book, bans: this.#bans,
      desiredPeers: Math.min(options.desiredPeers ?? DEFAULT_DESIRED_PEERS, this.#maxPeers),
      connected: () => this.#links.peers(),
      dial: (candidate, signal) => this.#dial(candidate, signal),
      dialing: (candidate) => events.emit('dialing', { address: candidate.address.text }),
      down: (candidate, code, retryIn, dial) => {
        const { seen } = candidate;
        events.emit('down', { address: candidate.address.text, ...(seen === undefined ? {} : { id: seen }), code, retryAt: clock.now() + retryIn, dial });
      },
      endArriving: () => {
        for (const link of this.#links.dialledArriving()) this.#keeper.close(link, 'surplus');
      },
      unusable: (address, code) => this.#log('warning', 'seed-unusable', { address, reason: code }),
      browsers: () => this.#webRtc && { ownId: this.peerId, isOwnRelay: (relay) => this.#webRtc?.relays.isOwn(relay) === true },
    });
    this.#keeper = this.#makeKeeper();
    this.#petrel = this.#makePetrelPeers(options);
  }

  #makeKeeper(): LinkKeeper {
    const { clock, strict = false } = this.#options;
    return new LinkKeeper({
      clock, links: this.#links, bans: this.#bans, chain: this.#chain, events: this.events, maxPeers: this.#maxPeers, closingGrace: this.#options.closingGrace,
      roundTrip: ({ remoteAddr }) => this.#opened.get(remoteAddr.decapsulateCode(CODE_P2P).toString()),
      isRelay: (connection) => this.#webRtc?.isRelay(connection) === true,
      isStopping: () => this.#stopping.signal.aborted,
      opened: ({ connection }) => {
        if (strict) this.#pinger.first(connection.id);
      },
      joined: (link, stated) => {
        this.#dialer.fill();
        this.joined.arrived(link, stated);
      },
      learned: () => this.#dialer.fill(),
      closed: (link, rest, code) => {
        this.joined.closed(link.peer, rest, code);
        if (this.#libp2p !== undefined && rest[0] !== undefined) reattachGossip(this.#libp2p.services.pubsub, rest[0].connection);
        if (link.connection.direction === 'outbound') this.#dialer.lost(link.address, code, clock.monotonic() - link.openedAt);
        this.#dialer.fill();
      },
      log: (level, code, data) => this.#log(level, code, data),
    });
  }

  #makePetrelPeers({ clock, random, genesisHash, seeds, allowInsecure = false, petrel }: PeerNodeOptions): PetrelPeers | undefined {
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
        if (link) this.#keeper.close(link, code);
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

  /** The ping failed. A strict node must tell a silent peer from one that closed the connection, so it waits for the close. */
  #dropSilent(link: Link): void {
    if (this.#options.strict) this.#keeper.closeSoon(link, 'no-ping');
    else this.#keeper.close(link, 'no-ping');
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
    this.#closeAll(peer, code);
  }

  #closeAll(peer: PeerId, code: string): void {
    for (const link of this.#links.of(peer)) this.#keeper.close(link, code);
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
      scoredTopics: this.#chain.topics, messageId: (topic, data) => this.#chain.messageId(topic, data),
      gossipInput: (peer, bytes, input) => this.#countGossip(peer.toString(), input === 'unheard' ? 'undecodable' : input, bytes),
    });
    this.#libp2p = libp2p;
    this.#stopping = new AbortController();
    libp2p.addEventListener('connection:open', (event) => this.#keeper.open(event.detail));
    libp2p.addEventListener('connection:close', (event) => this.#keeper.gone(event.detail));
    libp2p.services.pubsub.addEventListener('subscription-change', (event) => {
      for (const { topic, subscribe } of event.detail.subscriptions) this.events.emit('subscription', { peer: event.detail.peerId.toString(), topic, subscribed: subscribe });
    });
    try {
      const { protocol, maxInboundStreams } = this.#chain.handshake;
      await libp2p.handle(protocol, (stream, connection) => this.#keeper.open(connection)?.session.accept(stream), { maxInboundStreams });
      await this.#chain.attach(libp2p);
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
    for (const link of this.#links.all()) this.#keeper.close(link, 'stopped');
    await libp2p.stop();
    this.#libp2p = undefined;
  }

  peers(): readonly NodePeer[] {
    return this.joined.all();
  }

  /** The connection on which a joined peer is asked. `least`: milliseconds that a request on it needs at least; undefined if that was not measured. */
  lineTo(peer: PeerId): { readonly connection: Connection; readonly least: number | undefined } | undefined {
    const link = this.#links.of(peer).find(({ joined }) => joined);
    return link && { connection: link.connection, least: this.#least(this.#limits.request, link) };
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
    this.#closeAll(peer, reason);
  }

  ban(peer: PeerId, { ms, code }: { readonly ms: number; readonly code: string }): void {
    this.#bans.add(peer, ms, code, peer);
    for (const link of this.#links.of(peer)) {
      // The port of an incoming connection is temporary. Its host may be banned unless it is a private one, which several nodes may share.
      if (link.socket !== undefined && (link.connection.direction === 'outbound' || !link.socket.privateHost)) this.#bans.add(banKeyOf(link.socket), ms, code, peer);
      this.#keeper.close(link, code);
    }
    this.#chain.book.remove(peer);
    this.#petrel?.remove(peer);
    this.events.emit('banned', { peer, code, until: this.#options.clock.now() + ms });
  }

  pardon(peer: PeerId): void {
    this.#bans.pardon(peer);
    void this.#chain.book.restore(peer).then(() => this.#dialer.pardoned(peer));
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

  #onPetrel(peer: PeerId, services: number): void {
    if (this.#links.of(peer).length === 0) return;
    this.#chain.book.keepOut(peer);
    this.joined.isPetrel(peer, services);
  }

  #log(level: 'info' | 'warning' | 'error', code: LogCode, data: Readonly<Record<string, string | number>>): void {
    this.#options.log?.({ level, code, data });
  }
}
