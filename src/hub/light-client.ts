import { type ChainChange, LightChain } from '../albatross/chain/light-chain.ts';
import type { NetworkParameters } from '../albatross/chain/network-parameters.ts';
import { BulkVerifier } from '../albatross/sync/bulk-verifier.ts';
import type { ProofRecord } from '../albatross/chain/proof-record.ts';
import type { SyncSettings } from '../albatross/sync/settings.ts';
import type { BlockView, ClientEvents, Head, HeadView, LogEntry, Notice, PeerView, Status, TrustRecord } from '../bridge/contract.ts';
import type { DecodedKey, Verify } from '../crypto/jobs.ts';
import type { Clock } from '../engine/clock.ts';
import type { Emitter } from '../engine/emitter.ts';
import type { Random } from '../engine/random.ts';
import type { Anchor } from '../engine/trust.ts';
import type { createAlbatrossNode } from '../network/albatross/node.ts';
import type { RtcHost } from '../network/webrtc/rtc-host.ts';
import { decodeSnapshot, encodeSnapshot } from '../storage/snapshot.ts';
import type { LoadOutcome, Store } from '../storage/store.ts';
import type { Attention } from './attention.ts';
import { BlockFinder } from './block-finder.ts';
import { chainEntry } from './chain-log.ts';
import { ClientLog } from './client-log.ts';
import { ClientNetwork } from './client-network.ts';
import { Evidence, genesisAnchor } from './evidence.ts';
import { Persistence } from './persistence.ts';
import { StoredArchive } from './stored-archive.ts';
import { StoredProofs } from './stored-proofs.ts';
import { Sharing } from './sharing.ts';
import { SafeEmitter } from './safe-emitter.ts';
import type { Settings } from './settings.ts';
import { importSnapshot } from './snapshot-import.ts';
import { StoreReturn, mayReturn } from './store-return.ts';
import { StoreSeat } from './store-seat.ts';
import { loadStore, restoreChain } from './stored-chain.ts';
import { blockView, headOf, headView, networkView, type Standing, standingOf } from './views.ts';
import { ourChainStands } from './which-chain.ts';

export interface LightClientOptions {
  readonly network: NetworkParameters;
  /** Its fencing number has been taken. The client closes it. */
  readonly store: Store;
  /** Opens the store that lasts, its fencing number taken, for a client that works in memory. Throws `StorageError`. Without it that stays so. */
  readonly reopen?: (() => Promise<Store>) | undefined;
  readonly verify: Verify;
  /** Who makes peer connections; without it there is no WebRTC. */
  readonly rtc?: RtcHost | undefined;
  readonly clock: Clock;
  readonly random: Random;
  readonly settings: Settings;
  /** What the client says of its host; who hosts it may overwrite it in what it hands on. */
  readonly host: Status['host'];
  readonly createNode?: typeof createAlbatrossNode | undefined;
  /** Overrides single values of the sync; for tests. */
  readonly sync?: Partial<SyncSettings> | undefined;
}

/** The one client: chain, sync, network and store of one Albatross network, free of tabs and workers. */
export interface LightClient {
  getStatus(): Status;
  getHead(): Head;
  getPeers(): readonly PeerView[];
  getTrust(): TrustRecord;
  /** Oldest first. */
  getLog(): readonly LogEntry[];
  /**
   * A block of the main chain by hash (64 lower-case hex digits) or height: from the chain, the store, or the peers, but only what hangs on a
   * verified block by hashes; else undefined. Rejects with the signal's reason only.
   */
  getBlock(hashOrHeight: string | number, options?: { readonly signal?: AbortSignal | undefined }): Promise<BlockView | undefined>;
  readonly events: Emitter<ClientEvents>;
  /** Forgets everything stored and starts over from genesis. Throws `StorageError`; the client then goes on as it was. */
  wipe(): Promise<void>;
  /** The chain as it stands, to carry elsewhere: its newest election block, checkpoint and running batch. */
  exportSnapshot(): Uint8Array;
  /**
   * Takes over what another client exported, if it leads further; all of it is verified here, and nothing is believed of it.
   * Throws `SnapshotError` (nothing has changed then) or the signal's reason.
   */
  importSnapshot(bytes: Uint8Array, options?: { readonly signal?: AbortSignal | undefined }): Promise<void>;
  /** Works in memory, and may do otherwise by now: the database is opened and the client goes on in it, tried again with back-off until that works. */
  returnToStore(): void;
  /** Who looks: decides how many peers there are. When nobody can, everything is written. */
  setAttention(attention: Attention): void;
  /** Stops, writes what is not written yet, and closes the store. */
  close(): Promise<void>;
}

/** Milliseconds between two `peers` events: scores and latencies move all the time, and nobody reads faster. */
const PEERS_INTERVAL = 250;

/**
 * Shows the stored head as soon as it is verified again, and starts network and sync in the background: whatever fails there is told by
 * the status, not by a rejection.
 * @throws NetworkParametersError
 */
export async function startLightClient(options: LightClientOptions): Promise<LightClient> {
  const { network, verify, clock } = options;
  const events = new SafeEmitter<ClientEvents>();
  // Nobody can listen before the client is there: what is to be told till then is told right after.
  const early: Notice[] = [];
  let tell = (notice: Notice): void => void early.push(notice);
  const log = new ClientLog(clock, options.settings.logEntries, (entry) => events.emit('log', entry), (notice) => tell(notice));
  const store = new StoreSeat(options.store);
  const verification = {
    network,
    verify,
    clock,
    decodedKeys: (compressed: Uint8Array[]) => store.decodedKeys(compressed),
    rememberKeys: (keys: readonly DecodedKey[]) => void store.putDecodedKeys(keys).catch(() => log.add('storage', 'info', 'keys-not-stored')),
  };
  const chain = new LightChain(verification);
  const bulk = new BulkVerifier(verification);
  const loaded = await loadStore(options.store, network);
  if (loaded.failure) await store.change(loaded.store);
  if (loaded.failure) log.notice('storage', 'warning', `storage-${loaded.failure.code}`);
  const restored = await restoreChain(chain, loaded.outcome);
  if (restored.kind === 'refused') log.notice('storage', 'warning', 'stored-chain-refused', { ...restored.data, reason: restored.code });
  if (restored.kind === 'restored') log.add('storage', 'info', 'stored-chain-restored', { height: chain.head.height, hash: chain.head.hash });
  const proofs = await store.proofs().catch(() => []);
  const client = new HubLightClient(options, { chain, bulk, proofs, store, events, log, anchor: restored.kind === 'restored' ? restored.anchor : undefined });
  client.start(restored.kind === 'refused', loaded.failure?.code);
  tell = (notice) => events.emit('notice', notice);
  clock.after(0, () => {
    for (const notice of early) tell(notice);
  });
  return client;
}

interface Parts {
  readonly chain: LightChain;
  readonly bulk: BulkVerifier;
  /** Of earlier sessions. */
  readonly proofs: readonly ProofRecord[];
  readonly store: StoreSeat;
  readonly events: Emitter<ClientEvents>;
  readonly log: ClientLog;
  /** Of the restored chain. */
  readonly anchor: Anchor | undefined;
}

class HubLightClient implements LightClient {
  readonly events: Emitter<ClientEvents>;
  readonly #options: LightClientOptions;
  readonly #chain: LightChain;
  readonly #store: StoreSeat;
  readonly #log: ClientLog;
  readonly #network: ClientNetwork;
  readonly #finder: BlockFinder;
  readonly #persistence: Persistence;
  readonly #ending = new AbortController();
  readonly #evidence: Evidence;
  readonly #proofs: StoredProofs;
  readonly #archive: StoredArchive;
  readonly #sharing: Sharing;
  readonly #return: StoreReturn;
  #starting: Promise<void> | undefined;
  #failure: Status['reason'];
  #storeKind: Status['storage']['kind'];
  #storedBytes = 0;
  /** Something was written since the start. */
  #committed = false;
  #statusDue = false;
  #cancelPeers: (() => void) | undefined;
  #closing: Promise<void> | undefined;

  constructor(options: LightClientOptions, { chain, bulk, proofs, store, events, log, anchor }: Parts) {
    this.events = events;
    this.#options = options;
    this.#chain = chain;
    this.#store = store;
    this.#log = log;
    this.#evidence = new Evidence(chain, anchor);
    this.#proofs = new StoredProofs(store, proofs, () => log.add('storage', 'info', 'proof-not-stored'), {
      verified: (blocks) => {
        for (const { hash, block } of blocks) this.#archive.add(hash, block);
      },
      verifiedByProof: (message, block) => this.#archive.addProof(message, block),
    });
    this.#storeKind = store.kind;
    // Whoever gives nothing need not keep anything for it.
    this.#archive = new StoredArchive({
      store, chain, onFailed: () => log.add('storage', 'info', 'archive-not-stored'),
      maxBytes: options.settings.uploadCap > 0 ? undefined : 0,
    });
    this.#archiveElection();
    this.#sharing = new Sharing({
      clock: options.clock,
      cap: options.settings.uploadCap,
      chain: this.#archive.served,
      genesis: chain.genesis,
      proof: () => this.#archive.proof,
      // At genesis there is something to show only once it is sure that there is nothing more.
      ready: () => this.#evidence.fits && (chain.head.height > chain.genesis.height || this.#network.status.consensus === 'established'),
    });
    this.#network = new ClientNetwork({
      ...options,
      chain,
      log,
      sharing: this.#sharing,
      anchor: () => this.#evidence.anchor,
      bulk,
      proofs: () => this.#proofs,
      bans: {
        load: () => this.#store.bans().catch(() => []),
        save: (bans) => void this.#store.putBans(bans).catch(() => this.#log.add('storage', 'info', 'bans-not-stored')),
      },
      onAnchor: (next) => this.#setAnchor(next),
      onProof: () => {
        this.events.emit('trust', this.getTrust());
        // What the verifiers do goes with it: no block may come meanwhile.
        this.#statusChanged();
      },
      onPeers: () => this.#peersChanged(),
      onStatus: () => this.#statusChanged(),
    });
    this.#finder = new BlockFinder({
      chain,
      store,
      net: () => this.#network.net,
      report: (peer, report) => this.#network.report(peer, report),
      rank: (peers) => this.#network.rank(peers.filter((peer) => this.#network.hears(peer))),
    });
    this.#persistence = new Persistence({
      store,
      chain,
      evidence: () => (this.#evidence.fits ? { anchor: this.#evidence.anchor, checked: chain.checked } : undefined),
      log: (level, code, data) => void this.#log.notice('storage', level, code, data),
      onCommitted: (macro) => {
        // The first one too: what was measured before it is next to nothing.
        if (macro || !this.#committed) this.#measureStore();
        this.#committed = true;
      },
      onLost: () => {
        this.#log.notice('storage', 'warning', 'storage-lost');
        this.#proofs.rewrite();
        this.#archive.rewrite();
      },
      onGivenUp: (code) => this.#onGivenUp(code),
    });
    this.#return = new StoreReturn({
      clock: options.clock,
      attempt: () => this.#moveToStore(),
      onFailed: (code) => this.#log.add('storage', 'info', 'storage-not-yet', { reason: code }),
    });
    chain.events.on('change', (change) => this.#onChange(change));
  }

  /** `startsOver`: what is stored is not to be used. `failure`: why the store could not be read. */
  start(startsOver: boolean, failure: string | undefined): void {
    if (startsOver) this.#persistence.startOver();
    if (failure !== undefined && mayReturn(failure)) this.#return.begin();
    this.#measureStore();
    this.#restoreArchive();
    this.#starting = this.#network.start().catch((error: unknown) => this.#failed(error));
  }

  getStatus(): Status {
    const { network, host } = this.#options;
    const status = this.#network.status;
    return {
      ...status,
      network: networkView(network, this.#chain.genesis.height),
      phase: this.#closing ? 'stopped' : this.#failure ? 'failed' : status.phase,
      host,
      // Whoever owns the verifiers fills this in.
      verification: { queued: 0, running: 0, done: 0, failed: 0, workers: 0, verifiers: [] },
      storage: { kind: this.#storeKind, bytes: this.#storedBytes, cap: this.#options.settings.storageCap },
      sharing: { ...this.#sharing.view, ...this.#network.sharing },
      reason: this.#failure ?? status.reason,
    };
  }

  getHead(): Head {
    return headOf(this.#chain, this.getTrust().level);
  }

  getTrust(): TrustRecord {
    return { ...this.#evidence.record, proof: this.#network.proof };
  }

  getLog(): readonly LogEntry[] {
    return this.#log.entries();
  }

  getPeers(): readonly PeerView[] {
    return this.#network.peers;
  }

  async getBlock(hashOrHeight: string | number, { signal }: { readonly signal?: AbortSignal | undefined } = {}): Promise<BlockView | undefined> {
    const found = await this.#finder.find(hashOrHeight, signal);
    return found && blockView(found, this.#chain.policy, this.#standing());
  }

  async wipe(): Promise<void> {
    await this.#starting;
    if (this.#closing) return;
    // Nothing may be written in between, and nothing pushed.
    await this.#network.stopSync();
    try {
      await this.#persistence.flush();
      await this.#proofs.flush();
      await this.#archive.flush();
      await this.#store.wipe();
      this.#proofs.clear();
      this.#archive.clear();
      this.#chain.reset();
      this.#setAnchor(genesisAnchor(this.#chain));
      this.#log.notice('storage', 'info', 'wiped');
      this.#measureStore();
    } finally {
      this.#network.startSync();
    }
  }

  exportSnapshot(): Uint8Array {
    const { electionHead, macroHead, head, genesis, network } = this.#chain;
    const tail = [];
    for (let height = macroHead.height + 1; height <= head.height; height++) tail.push(this.#chain.blockAt(height)!.block);
    return encodeSnapshot({
      genesisHash: network.genesisHash, tail,
      election: electionHead.hash === genesis.hash ? undefined : electionHead.block,
      checkpoint: macroHead.kind === 'checkpoint' ? macroHead.block : undefined,
    });
  }

  async importSnapshot(bytes: Uint8Array, { signal }: { readonly signal?: AbortSignal | undefined } = {}): Promise<void> {
    const { network, verify, clock, settings } = this.#options;
    const snapshot = decodeSnapshot(bytes, network.genesisHash);
    await this.#starting;
    signal?.throwIfAborted();
    if (this.#closing) return;
    const net = this.#network.heardNet;
    // Nothing else may be pushed in between.
    await this.#network.stopSync();
    try {
      const anchor = await importSnapshot(snapshot, {
        chain: this.#chain, net, witnesses: settings.witnesses, signal,
        trialChain: () => new LightChain({ network, verify, clock, decodedKeys: (compressed) => this.#store.decodedKeys(compressed) }),
        now: () => clock.now(),
      });
      if (anchor) this.#setAnchor(anchor);
      const { height, hash } = this.#chain.head;
      this.#log.notice('storage', 'info', 'snapshot-imported', { height, hash });
    } finally {
      this.#network.startSync();
    }
  }

  returnToStore(): void {
    this.#return.begin(true);
  }

  setAttention(attention: Attention): void {
    this.#network.setAttention(attention);
    if (attention.mode === 'none') void this.#persistence.flush();
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#ending.abort(new DOMException('the client was closed', 'AbortError'));
    this.#cancelPeers?.();
    await Promise.all([this.#starting, this.#return.stop()]);
    try {
      await this.#network.stop();
    } finally {
      await this.#persistence.close();
      await this.#proofs.flush();
      await this.#archive.flush();
      await this.#store.close();
    }
    this.events.emit('status', this.getStatus());
  }

  #onGivenUp(code: string): void {
    if (this.#storeKind === 'memory') return;
    this.#storeKind = 'memory';
    this.#storedBytes = 0;
    this.#log.notice('storage', 'warning', 'storage-given-up', { reason: code });
    this.#statusChanged();
    if (this.#options.reopen && mayReturn(code)) this.#return.begin();
  }

  /** From memory to the store that lasts. Throws where that cannot be had, read or written. */
  async #moveToStore(): Promise<void> {
    const { reopen } = this.#options;
    if (!reopen) return;
    const store = await reopen();
    const outcome = await store.load().catch(async (error: unknown) => {
      await store.close();
      throw error;
    });
    await this.#starting;
    if (this.#closing) return store.close();
    const stored = outcome.kind === 'chain' ? outcome.chain : undefined;
    this.#persistence.suspend('unavailable');
    this.#proofs.merge(await store.proofs());
    const stands = !stored || ourChainStands(this.#chain, this.#evidence.anchor, stored);
    const usable = stands || (await this.#takeOver(outcome));
    await this.#store.change(store);
    this.#proofs.rewrite();
    this.#archive.rewrite();
    this.#restoreArchive();
    await this.#persistence.resume(usable ? stored : undefined);
    this.#network.restoreBans(await store.bans());
    this.#storeKind = store.kind;
    this.#log.notice('storage', 'info', 'storage-resumed');
    this.#measureStore();
    this.#statusChanged();
  }

  /** Nobody waits for it: what is not there yet is not shown yet. */
  #restoreArchive(): void {
    this.#archive.restore().catch(() => this.#log.add('storage', 'info', 'archive-not-read'));
  }

  /** The stored chain instead of ours; the sync goes on from there. False where it is refused. */
  async #takeOver(outcome: LoadOutcome): Promise<boolean> {
    await this.#network.stopSync();
    try {
      const restored = await restoreChain(this.#chain, outcome);
      if (restored.kind === 'restored') this.#setAnchor(restored.anchor);
      if (restored.kind === 'refused') this.#log.notice('storage', 'warning', 'stored-chain-refused', { ...restored.data, reason: restored.code });
      return restored.kind === 'restored';
    } finally {
      this.#network.startSync();
    }
  }

  #setAnchor(anchor: Anchor): void {
    this.#evidence.set(anchor);
    this.#persistence.touch();
    this.events.emit('trust', this.getTrust());
    // The head's level may be another now.
    this.events.emit('head', { head: this.getHead(), adopted: [], reverted: [] });
  }

  #onChange(change: ChainChange): void {
    const entry = chainEntry(change);
    if (entry) this.#log.add('chain', entry.level, entry.code, entry.data);
    if (change.kind === 'stored') return;
    for (const { hash, kind, block } of change.adopted) if (kind === 'election' && block.type === 'macro') this.#archive.add(hash, block);
    if (change.kind === 'reset' || change.kind === 'relisted') this.#archiveElection();
    this.#network.headMoved();
    if (change.kind === 'reset') {
      this.#finder.reset();
    }
    const standing = this.#standing();
    const view = (item: ChainChange['adopted'][number]): HeadView => headView(item, this.#chain.policy, standing);
    this.events.emit('head', { head: this.getHead(), adopted: change.adopted.map(view), reverted: change.reverted.map(view) });
    this.events.emit('trust', this.getTrust());
    this.#statusChanged();
  }

  /** The election head, which did not come as an adopted block. */
  #archiveElection(): void {
    const { electionHead, genesis } = this.#chain;
    if (electionHead.hash !== genesis.hash) this.#archive.add(electionHead.hash, electionHead.block);
  }

  #standing(): Standing {
    return standingOf(this.#chain, this.getTrust().level);
  }

  #failed(error: unknown): void {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'internal';
    this.#failure = { code, data: { name, message: message.slice(0, 200) } };
    this.#log.notice('hub', 'error', 'network-failed', this.#failure.data);
    this.#statusChanged();
  }

  #measureStore(): void {
    this.#store.trim(this.#options.settings.storageCap).then(
      (bytes) => {
        this.#storedBytes = bytes;
        this.#statusChanged();
      },
      () => undefined,
    );
  }

  /** Once for everything that happens in one turn. */
  #statusChanged(): void {
    if (this.#statusDue) return;
    this.#statusDue = true;
    queueMicrotask(() => {
      this.#statusDue = false;
      this.#sharing.review();
      if (!this.#ending.signal.aborted) this.events.emit('status', this.getStatus());
    });
  }

  #peersChanged(): void {
    if (this.#cancelPeers || this.#ending.signal.aborted) return;
    this.#cancelPeers = this.#options.clock.after(PEERS_INTERVAL, () => {
      this.#cancelPeers = undefined;
      this.events.emit('peers', this.getPeers());
    });
  }
}
