import type { LightChain } from '../albatross/chain/light-chain.ts';
import type { NetworkParameters } from '../albatross/chain/network-parameters.ts';
import { AlbatrossSync } from '../albatross/sync/block-sync.ts';
import type { BulkVerifier } from '../albatross/sync/bulk-verifier.ts';
import type { PeerId, PeerReport, SyncNet } from '../albatross/sync/net.ts';
import type { ProofKeeper } from '../albatross/chain/proof-record.ts';
import type { ProofProgress } from '../albatross/sync/prover.ts';
import { syncDefaults, type SyncSettings } from '../albatross/sync/settings.ts';
import { encodeGossip } from '../albatross/wire/gossip.ts';
import type { PeerView, SharingView, Status } from '../bridge/contract.ts';
import type { Clock } from '../engine/clock.ts';
import { type KeptBan, PeerBook } from '../engine/peer-book.ts';
import type { Random } from '../engine/random.ts';
import type { Anchor } from '../engine/trust.ts';
import { createAlbatrossNode } from '../network/albatross/node.ts';
import type { AlbatrossNode } from '../network/albatross/node-types.ts';
import type { RtcHost } from '../network/webrtc/rtc-host.ts';
import type { Attention } from './attention.ts';
import type { ClientLog } from './client-log.ts';
import { PeerCare } from './peer-care.ts';
import { AddressBook, peerViews } from './peer-views.ts';
import type { Settings } from './settings.ts';
import { standstill } from './standstill.ts';
import type { Sharing } from './sharing.ts';
import { HubNet } from './sync-net.ts';

export interface ClientNetworkOptions {
  readonly network: NetworkParameters;
  readonly chain: LightChain;
  /** What the chain stands on when a sync is started. */
  readonly anchor: () => Anchor;
  /** Verifies many election blocks at once. */
  readonly bulk: BulkVerifier;
  /** What of the past is verified, as of when a sync is started. */
  readonly proofs: () => ProofKeeper;
  readonly rtc?: RtcHost | undefined;
  readonly clock: Clock;
  readonly random: Random;
  readonly settings: Settings;
  /** Overrides single values of the sync. */
  readonly sync?: Partial<SyncSettings> | undefined;
  readonly createNode?: typeof createAlbatrossNode | undefined;
  readonly log: ClientLog;
  readonly sharing: Sharing;
  /** Where bans outlive the client. Neither may reject. */
  readonly bans: { load(): Promise<readonly KeptBan[]>; save(bans: readonly KeptBan[]): void };
  readonly onAnchor: (anchor: Anchor) => void;
  readonly onProof: () => void;
  readonly onPeers: () => void;
  readonly onStatus: () => void;
}

/** Dials in a row that fail before nobody counts as reachable: as many as are tried at once. */
const FAILED_DIALS = 4;

/** Peers by WebSocket that stay when peers are let go: links to browsers end with a tab, here or there. */
const KEPT_SOCKETS = 2;

/** The client's way to the peers: libp2p node, peer book and sync. The node lives as long as this; the sync can be made anew. */
export class ClientNetwork {
  readonly #options: ClientNetworkOptions;
  readonly #book: PeerBook;
  readonly #addresses = new AddressBook();
  readonly #sync: SyncSettings;
  #node: AlbatrossNode | undefined;
  #net: HubNet | undefined;
  #running: AlbatrossSync | undefined;
  #care: PeerCare | undefined;
  #attention: Attention | undefined;
  /** Failed dials since the last peer joined. */
  #failedDials = 0;
  #stopped = false;

  constructor(options: ClientNetworkOptions) {
    const { settings } = options;
    this.#options = options;
    this.#book = new PeerBook(options.clock);
    this.#sync = { ...syncDefaults, witnesses: settings.witnesses, witnessWait: settings.witnessWait, minPeers: settings.minPeers, prove: settings.prove, ...options.sync };
  }

  get #seeds(): readonly string[] {
    const { settings, network } = this.#options;
    return settings.seeds.length > 0 ? settings.seeds : network.seeds;
  }

  /** Undefined before `start`. */
  get net(): SyncNet | undefined {
    return this.#net;
  }

  get status(): Pick<Status, 'phase' | 'consensus' | 'progress' | 'peers' | 'reason'> {
    const sync = this.#running;
    const live = sync?.peers.filter(({ state }) => state === 'live').length ?? 0;
    const connected = this.#node?.peers().length ?? 0;
    return {
      phase: sync?.phase ?? 'starting',
      consensus: sync?.consensus ?? 'connecting',
      progress: sync?.progress,
      peers: { connected, live, wanted: this.#care?.wanted ?? this.#options.settings.desiredPeers },
      reason: sync?.reason,
      ...standstill({ phase: sync?.phase, reason: sync?.reason, connected, unreachable: this.#failedDials >= Math.min(FAILED_DIALS, this.#seeds.length), offline: this.#care?.offline ?? false, stale: this.#care?.stale }),
    };
  }

  /** What of the sharing is about links: peer connections, relays, and where we are reached. */
  get sharing(): Pick<SharingView, 'rtc' | 'relay' | 'addresses'> {
    const rtc = this.#options.rtc?.counts ?? { open: 0, made: 0, limit: 0 };
    return { rtc, relay: this.#node?.relayUse ?? { bytes: 0, cap: 0 }, addresses: this.#node?.browserAddresses ?? [] };
  }

  /** Who looks, and whether the device says that it is online. */
  setAttention(attention: Attention): void {
    this.#attention = attention;
    this.#options.sharing.setSaveData(attention.saveData);
    this.#care?.setAttention(attention);
  }

  headMoved(): void {
    this.#care?.headMoved();
  }

  /** Undefined when there is nothing to prove. */
  get proof(): ProofProgress | undefined {
    return this.#running?.proof;
  }

  get peers(): readonly PeerView[] {
    const score = (peer: PeerId): number => this.#book.score(peer);
    return peerViews({ joined: this.#node?.peers() ?? [], sync: this.#running?.peers ?? [], bans: this.#book.bans(), addresses: this.#addresses, score });
  }

  /** Whether questions may go to it: it is not kept aside. */
  hears(peer: PeerId): boolean {
    return this.#running?.peers.every(({ id, state }) => id !== peer || state !== 'aside') ?? true;
  }

  /** The network without those who are kept aside at this moment: their word does not count. */
  get heardNet(): Pick<SyncNet, 'peers' | 'request'> | undefined {
    const net = this.#net;
    const aside = new Set(this.#running?.peers.flatMap(({ id, state }) => (state === 'aside' ? [id] : [])));
    return net && { peers: () => net.peers().filter(({ id }) => !aside.has(id)), request: (...question) => net.request(...question) };
  }

  /** What was seen of a peer outside of the sync. It is judged with what the sync sees: together it may be an error of our own. */
  report(peer: PeerId, report: PeerReport): void {
    (this.#running ?? this.#net)?.report(peer, report);
  }

  /** Best first. */
  rank(peers: readonly PeerId[]): readonly PeerId[] {
    return this.#book.rank(peers);
  }

  /** Throws `NodeError` and whatever the making of a node throws. */
  async start(): Promise<void> {
    const { network, settings, rtc, clock, random, log, sharing, createNode = createAlbatrossNode } = this.#options;
    const node = await createNode({
      genesisHash: network.genesisHash,
      seeds: this.#seeds,
      // To nodes of the network a light client has nothing to offer.
      services: 0,
      petrel: { services: () => sharing.services },
      requiredServices: this.#sync.requiredServices,
      desiredPeers: Math.max(settings.desiredPeers, settings.minPeers),
      maxPeers: Math.max(settings.maxPeers, settings.desiredPeers, settings.minPeers),
      allowInsecure: settings.allowInsecure,
      relays: settings.relays,
      relayCap: settings.relayCap,
      rtc,
      clock,
      random,
      log: ({ level, code, data }) => void log.add('network', level, code, data),
    });
    this.#book.restore(await this.#options.bans.load());
    if (this.#stopped) return;
    this.#node = node;
    this.#watch(node);
    this.#net = this.#makeNet(node);
    sharing.attach(node);
    this.#care = this.#makeCare(node);
    // First the sync, so that it hears of every peer that joins.
    this.startSync();
    await node.start();
    if (this.#attention) this.#care.setAttention(this.#attention);
    this.#options.onStatus();
  }

  /** Bans from another store count too. */
  restoreBans(bans: readonly KeptBan[]): void {
    this.#book.restore(bans);
    this.#options.bans.save(this.#book.kept());
  }

  /** A new sync on what the chain is now. Nothing happens before `start` and after `stop`. */
  startSync(): void {
    const { chain, bulk, proofs, clock, random, log, anchor, onAnchor, onProof, onPeers, onStatus } = this.#options;
    const net = this.#net;
    if (!net || this.#stopped || this.#running) return;
    const sync = new AlbatrossSync({ net, chain, bulk, proofs: proofs(), clock, random, settings: this.#sync, log: (area, level, code, data) => void log.add(area, level, code, data) });
    this.#running = sync;
    sync.restoreAnchor(anchor());
    sync.events.on('anchor', onAnchor);
    sync.events.on('proof', onProof);
    sync.events.on('notice', ({ level, code, data }) => log.notice('sync', level, code, data));
    sync.events.on('storage-abandoned', (data) => void log.add('storage', 'warning', 'storage-abandoned', data));
    sync.events.on('peer', ({ state }) => {
      if (state === 'aside' || state === 'asking') this.#care?.review();
      onPeers();
      onStatus();
    });
    for (const name of ['phase', 'consensus'] as const) {
      sync.events.on(name, () => {
        this.#care?.review();
        onStatus();
      });
    }
    sync.start();
    onStatus();
  }

  async stopSync(): Promise<void> {
    const sync = this.#running;
    this.#running = undefined;
    await sync?.stop();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#care?.stop();
    this.#options.sharing.stop();
    await this.stopSync();
    await this.#node?.stop();
  }

  #makeNet(node: AlbatrossNode): HubNet {
    const { clock, log, onPeers, bans, sharing } = this.#options;
    return new HubNet({
      node,
      book: this.#book,
      clock,
      onBan: (peer, ban, address) => {
        if (address !== undefined) this.#addresses.banned(peer, address);
        bans.save(this.#book.kept());
        log.notice('peers', 'warning', 'peer-banned', { ...ban.evidence, peer, reason: ban.code });
      },
      onPardon: () => {
        bans.save(this.#book.kept());
        onPeers();
      },
      onReport: onPeers,
      passesOn: (from, message) => sharing.passesOn(from, 'block-header', encodeGossip('block-header', message).length),
    });
  }

  #makeCare(node: AlbatrossNode): PeerCare {
    const { clock, settings, network, log, onStatus } = this.#options;
    return new PeerCare({
      node,
      clock,
      peers: { full: Math.max(settings.desiredPeers, settings.minPeers), low: settings.minPeers },
      best: () => this.#best(node),
      aside: () => this.#running?.peers.filter(({ state }) => state === 'aside').length ?? 0,
      established: () => this.#running?.consensus === 'established',
      following: () => this.#running?.phase === 'established' || this.#running?.phase === 'live-sync',
      staleAfter: settings.staleBlocks * network.blockSeparationTime,
      resyncAfter: network.blocksPerBatch * network.blockSeparationTime,
      resync: () => void this.stopSync().then(() => this.startSync()),
      log: (level, code, data) => void log.add('peers', level, code, data),
      onStatus,
    });
  }

  /** Those in live sync first, each kind by its rank; but before all two that are no browsers, whatever else goes. */
  #best(node: AlbatrossNode): readonly PeerId[] {
    const live = new Set(this.#running?.peers.flatMap(({ id, state }) => (state === 'live' ? [id] : [])));
    const sockets = new Set(node.peers().flatMap(({ id, transport }) => (transport === 'webrtc' ? [] : [id])));
    const ranked = this.rank(node.peers().map(({ id }) => id));
    const order = [...ranked.filter((id) => live.has(id)), ...ranked.filter((id) => !live.has(id))];
    const first = order.filter((id) => sockets.has(id)).slice(0, KEPT_SOCKETS);
    return [...first, ...order.filter((id) => !first.includes(id))];
  }

  #watch(node: AlbatrossNode): void {
    node.events.on('joined', () => {
      this.#failedDials = 0;
      this.#care?.review();
    });
    node.events.on('down', () => void this.#failedDials++);
    node.events.on('joined', (peer) => this.#addresses.joined(peer));
    node.events.on('dialing', (event) => this.#addresses.dialing(event));
    node.events.on('down', (event) => this.#addresses.down(event));
    node.events.on('browser-addresses', () => this.#options.onStatus());
    for (const name of ['joined', 'changed', 'left', 'dialing', 'down'] as const) {
      node.events.on(name, () => {
        this.#options.onPeers();
        this.#options.onStatus();
      });
    }
  }
}
