// Tests: `test/client/silence.test.ts`, `test/client/bans.test.ts`.
import type { LightChain } from '../chain/light-chain.ts';
import { type NetworkParameters, seedAddress } from '../chain/network.ts';
import { AlbatrossSync } from '../sync/albatross-sync.ts';
import type { BulkVerifier } from '../sync/past/bulk-verifier.ts';
import type { PeerId, PeerReport } from '../../../engine/peers/peer-net.ts';
import type { SyncNet } from '../sync/net.ts';
import type { ProofKeeper } from '../chain/proof-record.ts';
import type { ProofProgress } from '../sync/proof-progress.ts';
import { syncDefaults, type SyncSettings } from '../sync/settings.ts';
import type { AddressNotification } from '../wire/gossip.ts';
import type { PeerView, SharingView } from '../../../engine/view.ts';
import type { Clock } from '../../../base/clock.ts';
import { type KeptBan, PeerBook } from '../../../engine/peers/peer-book.ts';
import type { Random } from '../../../base/random.ts';
import type { RememberedPeer } from '../../../engine/peers/remembered-peers.ts';
import type { Anchor } from '../../../engine/trust.ts';
import { onAddressNotification } from '../net/address-notifications.ts';
import { createAlbatrossNode } from '../net/node.ts';
import type { AlbatrossNode } from '../net/node-types.ts';
import type { RtcHost } from '../../../engine/rtc-host.ts';
import type { Attention } from '../../../engine/live/attention.ts';
import type { ClientLog } from '../../../engine/client-log.ts';
import { PeerCare } from '../../../engine/peers/peer-care.ts';
import { PeerMemory } from '../../../engine/peers/peer-memory.ts';
import { DialWatch } from './dial-watch.ts';
import { keptFirst } from './kept-first.ts';
import { LiveStatus } from './live-status.ts';
import { peerViews } from './peer-views.ts';
import type { Settings } from '../../../engine/settings.ts';
import type { Sharing } from './sharing.ts';
import { Libp2pSyncNet } from './libp2p-sync-net.ts';

export interface PeersAndSyncOptions {
  readonly network: NetworkParameters;
  readonly chain: LightChain;
  /** What the chain rests on when a sync is started. */
  readonly anchor: () => Anchor;
  /** Verifies many election blocks at once. */
  readonly bulk: BulkVerifier;
  /** The verified part of the past when a sync is started. */
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
  /** Stores bans beyond the life of the client. Neither function may reject. */
  readonly bans: { load(): Promise<readonly KeptBan[]>; save(bans: readonly KeptBan[]): void };
  /** Stores the peers that served us well beyond the life of the client. Neither function may reject. */
  readonly remembered: { load(): Promise<readonly RememberedPeer[]>; save(peers: readonly RememberedPeer[]): void };
  readonly onAnchor: (anchor: Anchor) => void;
  readonly onProof: () => void;
  readonly onPeers: () => void;
  readonly onStatus: () => void;
}

/** The client's access to peers: libp2p node, peer book and sync. The node lives as long as this object; the sync can be recreated. */
export class PeersAndSync {
  readonly #options: PeersAndSyncOptions;
  readonly #book: PeerBook;
  readonly #memory: PeerMemory;
  readonly #dials: DialWatch;
  readonly #sync: SyncSettings;
  #node: AlbatrossNode | undefined;
  #net: Libp2pSyncNet | undefined;
  #running: AlbatrossSync | undefined;
  /** How many have stopped the sync and not started it again yet. */
  #held = 0;
  /** Settles when the sync that was stopped last has ended. */
  #ending: Promise<void> | undefined;
  #care: PeerCare | undefined;
  #attention: Attention | undefined;
  #stopped = false;
  readonly #seeds: readonly string[];
  readonly #status: LiveStatus;

  constructor(options: PeersAndSyncOptions) {
    const { settings } = options;
    this.#options = options;
    this.#book = new PeerBook(options.clock);
    this.#memory = new PeerMemory({
      clock: options.clock,
      joined: () => this.#node?.peers() ?? [],
      live: () => this.#live,
      save: (peers) => options.remembered.save(peers),
    });
    this.#dials = new DialWatch(options.clock, options.log, (peer) => this.#book.ban(peer) !== undefined);
    // A higher trust level can be reached only with the proof.
    const prove = settings.prove || settings.trustAtLeast !== 'witnessed';
    this.#sync = { ...syncDefaults, witnesses: settings.witnesses, witnessWait: settings.witnessWait, minPeers: settings.minPeers, trustAtLeast: settings.trustAtLeast, prove, ...options.sync };
    this.#seeds = settings.seeds.length > 0 ? settings.seeds : options.network.seeds.map(seedAddress);
    this.#status = new LiveStatus({
      network: options.network,
      chain: options.chain,
      clock: options.clock,
      settings,
      leastPeers: this.#sync.minPeers,
      seeds: this.#seeds,
      browser: options.rtc !== undefined,
      dials: this.#dials,
      peers: () => ({ connected: this.#node?.peers().length ?? 0, live: this.#live.length }),
      sync: () => this.#running,
      care: () => this.#care,
      // With a wrong clock the sync may have rejected what the corrected clock allows.
      onClockRight: () => void this.stopSync().then(() => this.startSync()),
      onChange: options.onStatus,
    });
  }

  get #live(): readonly PeerId[] {
    return this.#running?.peers.flatMap(({ id, state }) => (state === 'live' ? [id] : [])) ?? [];
  }

  /** Undefined before `start`. */
  get net(): SyncNet | undefined {
    return this.#net;
  }

  get status(): LiveStatus['view'] {
    return this.#status.view;
  }

  /** The part of the sharing view that concerns links: peer connections, relays, and the addresses where we can be reached. */
  get sharing(): Pick<SharingView, 'rtc' | 'relay' | 'addresses'> {
    const rtc = this.#options.rtc?.counts ?? { open: 0, made: 0, limit: 0 };
    return { rtc, relay: this.#node?.relayUse ?? { bytes: 0, cap: 0 }, addresses: this.#node?.browserAddresses ?? [] };
  }

  /** Which pages are visible, and whether the device says that it is online. */
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
    return peerViews({ joined: this.#node?.peers() ?? [], sync: this.#running?.peers ?? [], bans: this.#book.bans(), addresses: this.#dials.addresses, score });
  }

  /** Whether requests may go to this peer, because it is not set aside. */
  hears(peer: PeerId): boolean {
    return this.#running?.peers.every(({ id, state }) => id !== peer || state !== 'aside') ?? true;
  }

  /** The network without the peers that are set aside now: what those say does not count. */
  get heardNet(): Pick<SyncNet, 'peers' | 'request'> | undefined {
    const net = this.#net;
    const aside = new Set(this.#running?.peers.flatMap(({ id, state }) => (state === 'aside' ? [id] : [])));
    return net && { peers: () => net.peers().filter(({ id }) => !aside.has(id)), request: (...question) => net.request(...question) };
  }

  /**
   * Reports what was seen of a peer outside of the sync. It is judged together with the sync's reports: both together may show an error of
   * our own. So while no sync runs, a lie has no effect.
   */
  report(peer: PeerId, report: PeerReport): void {
    if (this.#running) this.#running.report(peer, report);
    else if (report.kind !== 'lie') this.#net?.report(peer, report);
  }

  /** Best first. */
  rank(peers: readonly PeerId[]): readonly PeerId[] {
    return this.#book.rank(peers);
  }

  /** Gives a transaction to the network; resolves with the number of peers that got it. */
  async publish(topic: 'regular-transaction' | 'control-transaction', data: Uint8Array): Promise<number> {
    return (await this.#node?.publish(topic, data))?.length ?? 0;
  }

  /** Listens to what nodes tell us of the addresses we subscribed to. Does nothing before `start`. */
  onNotification(listener: (from: PeerId, message: AddressNotification) => void): void {
    if (this.#node) onAddressNotification(this.#node, listener);
  }

  /** Throws `NodeError` and any error from creating a node. */
  async start(): Promise<void> {
    const { network, settings, rtc, clock, random, log, sharing, bans, remembered, createNode = createAlbatrossNode } = this.#options;
    const node = await createNode({
      genesisHash: network.genesisHash,
      seeds: this.#seeds,
      operators: new Map(network.seeds.flatMap((seed) => (typeof seed === 'string' ? [] : [[seed.address, seed.operator]]))),
      remembered: () => this.#memory.peers,
      // A light client has nothing to offer to full nodes.
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
    const [kept, peers] = await Promise.all([bans.load(), remembered.load()]);
    this.#book.restore(kept);
    // The clock was set back: the terms are written as they are by this clock, or they would begin anew at each start.
    if (kept.some(({ at }) => at > clock.now())) bans.save(this.#book.kept());
    this.#memory.restore(peers.filter(({ peer }) => !this.#book.ban(peer)));
    if (this.#stopped) return;
    this.#node = node;
    this.#listen(node);
    this.#net = this.#makeNet(node);
    sharing.attach(node);
    this.#care = this.#makeCare(node);
    // Start the sync first, so that it sees every peer that joins.
    this.#beginSync();
    await node.start();
    this.#memory.start();
    if (this.#attention) this.#care.setAttention(this.#attention);
    this.#options.onStatus();
  }

  /** Adds bans from another store, and the peers that served us well. */
  restorePeers(bans: readonly KeptBan[], remembered: readonly RememberedPeer[]): void {
    this.#book.restore(bans);
    this.#options.bans.save(this.#book.kept());
    this.#memory.restore(remembered.filter(({ peer }) => !this.#book.ban(peer)));
    this.#options.remembered.save(this.#memory.peers);
  }

  /** The stored peers were wiped. */
  forgetPeers(): void {
    this.#memory.clear();
  }

  /** Starts a new sync on the current chain, once all that stopped it have called this. Does nothing before `start` and after `stop`. */
  startSync(): void {
    this.#held = Math.max(0, this.#held - 1);
    this.#beginSync();
  }

  #beginSync(): void {
    const { chain, bulk, proofs, clock, random, log, anchor, onAnchor, onProof, onPeers, onStatus } = this.#options;
    const net = this.#net;
    if (!net || this.#held > 0 || this.#stopped || this.#running) return;
    const sync = new AlbatrossSync({ net, chain, bulk, proofs: proofs(), bans: this.#book.bans(), clock, random, settings: this.#sync, log: (area, level, code, data) => void log.add(area, level, code, data) });
    this.#running = sync;
    sync.restoreAnchor(anchor());
    sync.events.on('anchor', onAnchor);
    sync.events.on('proof', onProof);
    sync.events.on('notice', ({ level, code, data }) => log.notice('sync', level, code, data));
    sync.events.on('storage-abandoned', (data) => void log.add('storage', 'warning', 'storage-abandoned', data));
    sync.events.on('peer', ({ state, doubted }) => {
      if (doubted || state === 'asking') this.#care?.review();
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

  /** The anchor of the restored chain was checked; the sync announces it. Returns false if no sync is running. */
  confirmAnchor(anchor: Anchor): boolean {
    this.#running?.confirmAnchor(anchor);
    return this.#running !== undefined;
  }

  /** Stops the sync until `startSync`. */
  async stopSync(): Promise<void> {
    this.#held += 1;
    const sync = this.#running;
    this.#running = undefined;
    // The sync may already have been stopped by another caller, and be ending still.
    if (sync) this.#ending = sync.stop();
    await this.#ending;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#memory.stop();
    this.#status.stop();
    this.#care?.stop();
    this.#options.sharing.stop();
    await this.stopSync();
    await this.#node?.stop();
  }

  #makeNet(node: AlbatrossNode): Libp2pSyncNet {
    const { clock, log, onPeers, bans, sharing } = this.#options;
    return new Libp2pSyncNet({
      node,
      book: this.#book,
      clock,
      onBan: (peer, ban, address) => {
        if (address !== undefined) this.#dials.addresses.banned(peer, address);
        bans.save(this.#book.kept());
        this.#memory.drop(peer);
        log.notice('peers', 'warning', 'peer-banned', { ...ban.evidence, peer, reason: ban.code });
      },
      onPardon: () => {
        bans.save(this.#book.kept());
        onPeers();
      },
      onReport: (peer, report) => {
        if (report.kind === 'useful') this.#memory.served(peer);
        onPeers();
      },
      onHeader: (from, message) => this.#status.time.announced(node.peers().find(({ id }) => id === from), message),
      passesOn: (from, size) => sharing.passesOn(from, 'block-header', size),
    });
  }

  #makeCare(node: AlbatrossNode): PeerCare {
    const { clock, settings, network, log, onStatus } = this.#options;
    return new PeerCare({
      node,
      clock,
      peers: { full: Math.max(settings.desiredPeers, settings.minPeers), low: settings.minPeers },
      best: () => keptFirst(node.peers(), this.rank(node.peers().map(({ id }) => id)), new Set(this.#live)),
      aside: () => this.#running?.peers.filter(({ doubted }) => doubted).length ?? 0,
      established: () => this.#running?.consensus === 'established',
      following: () => this.#running?.phase === 'established' || this.#running?.phase === 'live-sync',
      staleAfter: this.#status.staleAfter,
      resyncAfter: network.blocksPerBatch * network.blockSeparationTime,
      woke: () => this.#status.time.slept(),
      resync: () => void this.stopSync().then(() => this.startSync()),
      log: (level, code, data) => void log.add('peers', level, code, data),
      onStatus,
    });
  }

  #listen(node: AlbatrossNode): void {
    this.#dials.listen(node);
    node.events.on('joined', (peer) => {
      this.#status.time.joined(peer);
      this.#care?.review();
    });
    node.events.on('browser-addresses', () => this.#options.onStatus());
    for (const name of ['joined', 'changed', 'left', 'dialing', 'down'] as const) {
      node.events.on(name, () => {
        this.#options.onPeers();
        this.#options.onStatus();
      });
    }
  }
}
