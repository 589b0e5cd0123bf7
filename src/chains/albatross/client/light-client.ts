import { type ChainChange, LightChain } from '../chain/light-chain.ts';
import { BulkVerifier } from '../sync/past/bulk-verifier.ts';
import type { ProofRecord } from '../chain/proof-record.ts';
import type { BlockView, ChainClientEvents, ClientStatus, Head, HeadView, LogEntry, Notice, PeerView, TrustRecord } from '../../../engine/view.ts';
import type { ChainClient } from '../../../engine/driver.ts';
import { failureCode } from '../../../engine/reason-codes.ts';
import type { DecodedKey } from '../../../crypto/jobs.ts';
import { Emitter } from '../../../base/emitter.ts';
import type { Anchor } from '../../../engine/trust.ts';
import { decodeSnapshot, encodeSnapshot, type Snapshot } from '../store/snapshot.ts';
import { createMemoryStore } from '../store/memory-store.ts';
import type { Store } from '../store/store.ts';
import type { Attention } from '../../../engine/live/attention.ts';
import { BlockFinder } from './block-finder.ts';
import { chainEntry } from './chain-log.ts';
import { ClientLog } from '../../../engine/client-log.ts';
import { PeersAndSync } from './peers-and-sync.ts';
import { Questions } from './questions/questions.ts';
import { Evidence } from './evidence.ts';
import { ClientStore } from './client-store.ts';
import type { LightClientOptions } from './light-client-options.ts';
import { Sharing } from './sharing.ts';
import { importSnapshot } from './snapshot-import.ts';
import { SwappableStore } from '../store/swappable-store.ts';
import { type ElectionStepTest, loadStore, restoreChain } from './stored-chain.ts';
import { blockView, headOf, headView, networkView, type Standing, standingOf } from './block-views.ts';

/** Milliseconds between two `peers` events: scores and latencies change all the time, and no person reads faster. */
const PEERS_INTERVAL = 250;

/**
 * Shows the stored head as soon as it is consistent, and its trust level once it is verified again (`stored-check.ts`). Network and sync
 * start in the background: if they fail, the status says so and the promise does not reject.
 * @throws NetworkParametersError
 */
export async function startLightClient(options: LightClientOptions): Promise<ChainClient> {
  const { network, verify, clock } = options;
  // A listener's error must not reach the chain in the middle of a push. It is dropped, because the log is itself one of the events.
  const events = new Emitter<ChainClientEvents>(() => undefined);
  // No listener can exist before the client does. Notices from before are sent right after.
  const early: Notice[] = [];
  let tell = (notice: Notice): void => void early.push(notice);
  const log = new ClientLog(clock, options.settings.logEntries, (entry) => events.emit('log', entry), (notice) => tell(notice));
  const store = new SwappableStore(options.store, () => createMemoryStore({ network }));
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
  // The evidence is read while the first signatures are verified, so that its own verification can begin with the head.
  const archive = store.archive();
  archive.catch(() => undefined);
  const restored = await restoreChain(chain, loaded.outcome);
  if (restored.kind === 'refused') log.notice('storage', 'warning', 'stored-chain-refused', { ...restored.data, reason: restored.code });
  if (restored.kind === 'restored') log.add('storage', 'info', 'stored-chain-restored', { height: chain.head.height, hash: chain.head.hash });
  const proofs = await store.proofs().catch(() => []);
  const client = new HubLightClient(options, { chain, bulk, proofs, archive, store, events, log, ...(restored.kind === 'restored' && { anchor: restored.anchor, known: restored.known }) });
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
  /** From earlier sessions. */
  readonly proofs: readonly ProofRecord[];
  readonly archive: ReturnType<Store['archive']>;
  readonly store: SwappableStore;
  readonly events: Emitter<ChainClientEvents>;
  readonly log: ClientLog;
  /** The anchor of the restored chain. */
  readonly anchor?: Anchor;
  /** What was verified of it. */
  readonly known?: ElectionStepTest;
}

class HubLightClient implements ChainClient {
  readonly events: Emitter<ChainClientEvents>;
  readonly #options: LightClientOptions;
  readonly #chain: LightChain;
  readonly #store: SwappableStore;
  readonly #log: ClientLog;
  readonly #network: PeersAndSync;
  readonly #finder: BlockFinder;
  readonly #questions: Questions;
  readonly #kept: ClientStore;
  readonly #ending = new AbortController();
  readonly #evidence: Evidence;
  readonly #sharing: Sharing;
  #starting: Promise<void> | undefined;
  #failure: ClientStatus['reason'];
  #statusDue = false;
  /** Whether the last head that was shown was a known one. */
  #headKnown = false;
  #cancelPeers: (() => void) | undefined;
  #closing: Promise<void> | undefined;

  constructor(options: LightClientOptions, { chain, bulk, proofs, archive, store, events, log, anchor, known }: Parts) {
    this.events = events;
    this.#options = options;
    this.#chain = chain;
    this.#store = store;
    this.#log = log;
    this.#evidence = new Evidence(chain, anchor);
    this.#kept = new ClientStore({
      chain, bulk, proofs, archive, known, store, log,
      evidence: this.#evidence,
      clock: options.clock,
      cap: options.settings.storageCap,
      // A store that no longer answers is given up when the client starts.
      kind: store.silent ? options.store.kind : store.kind,
      reopen: options.reopen,
      markWipe: options.markWipe,
      network: () => this.#network,
      started: () => this.#starting,
      signal: this.#ending.signal,
      onAnchor: (next) => this.#setAnchor(next),
      onStatus: () => this.#statusChanged(),
    });
    this.#sharing = new Sharing({
      clock: options.clock,
      cap: options.settings.uploadCap,
      chain: this.#kept.archive.served,
      genesis: chain.genesis,
      proof: () => this.#kept.archive.proof,
      // A chain that is still at genesis is served only once consensus says that there is nothing newer.
      ready: () => this.#evidence.fits && (chain.head.height > chain.genesis.height || this.#network.status.consensus === 'established'),
    });
    this.#network = new PeersAndSync({
      ...options,
      chain,
      log,
      sharing: this.#sharing,
      anchor: () => this.#evidence.anchor,
      bulk,
      proofs: () => this.#kept.proofs,
      bans: {
        load: () => this.#store.bans().catch(() => []),
        save: (bans) => void this.#store.putBans(bans).catch(() => this.#log.add('storage', 'info', 'bans-not-stored')),
      },
      remembered: {
        load: () => this.#store.peers().catch(() => []),
        save: (peers) => void this.#store.putPeers(peers).catch(() => this.#log.add('storage', 'info', 'peers-not-stored')),
      },
      onAnchor: (next) => this.#setAnchor(next),
      onProof: () => {
        this.events.emit('trust', this.getTrust());
        // The verifiers' counts are part of the status, and no block may come for a while.
        this.#statusChanged();
      },
      onPeers: () => this.#peersChanged(),
      onStatus: () => this.#statusChanged(),
    });
    this.#finder = new BlockFinder({
      chain,
      clock: options.clock,
      store,
      net: () => this.#network.net,
      report: (peer, report) => this.#network.report(peer, report),
      rank: (peers) => this.#network.rank(peers.filter((peer) => this.#network.hears(peer))),
    });
    this.#questions = new Questions({
      chain,
      clock: options.clock,
      standing: () => this.#standing(),
      sync: this,
      net: () => this.#network.heardNet,
      report: (peer, report) => this.#network.report(peer, report),
      rank: (peers) => this.#network.rank(peers),
      find: (key, signal) => this.#finder.find(key, signal),
      store,
      startsOver: anchor === undefined,
      log: (code) => void log.add('storage', 'info', code),
      election: (hash) => {
        const block = this.#kept.archive.served.byHash(hash)?.block;
        return block?.type === 'macro' ? block : undefined;
      },
      zkProof: () => this.#kept.archive.proof,
      verify: options.verify,
      publish: (topic, data) => this.#network.publish(topic, data),
      listen: (listener) => void this.#starting?.then(() => this.#network.onNotification(listener)),
      signal: this.#ending.signal,
    });
    chain.events.on('change', (change) => this.#onChange(change));
  }

  /** `startsOver`: do not use what is stored. `failure`: why the store could not be read. */
  start(startsOver: boolean, failure: string | undefined): void {
    this.#kept.start(startsOver, failure);
    this.#starting = this.#network
      .start()
      .then(() => {
        const { net } = this.#network;
        net?.on('joined', () => this.#questions.joined());
        net?.on('left', ({ id }) => this.#questions.left(id));
      })
      .catch((error: unknown) => this.#failed(error));
  }

  getStatus(): ClientStatus {
    const { network } = this.#options;
    const status = this.#network.status;
    return {
      ...status,
      network: networkView(network, this.#chain.genesis.height),
      phase: this.#closing ? 'stopped' : this.#failure ? 'failed' : status.phase,
      storage: { kind: this.#kept.kind, bytes: this.#kept.bytes, cap: this.#options.settings.storageCap },
      sharing: { ...this.#sharing.view, ...this.#network.sharing },
      reason: this.#failure ?? status.reason,
    };
  }

  getHead(): Head {
    return headOf(this.#chain, this.getTrust().level, this.#network.status.consensus === 'established');
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

  ask(question: string, args: readonly unknown[], { signal }: { readonly signal?: AbortSignal | undefined } = {}): Promise<unknown> {
    return this.#questions.ask(question, args, signal);
  }

  async wipe(): Promise<void> {
    await this.#starting;
    return this.#kept.wipe();
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
    const snapshot = decodeSnapshot(bytes, this.#options.network.genesisHash);
    await this.#starting;
    // Not beside a wipe, another import or the move to another store: each stops the sync, and starts it again at its end.
    return this.#kept.alone(() => this.#import(snapshot, signal));
  }

  async #import(snapshot: Snapshot, signal: AbortSignal | undefined): Promise<void> {
    const { network, verify, clock, settings } = this.#options;
    signal?.throwIfAborted();
    if (this.#closing) return;
    const net = this.#network.heardNet;
    // Nothing else may be pushed in between.
    await this.#network.stopSync();
    try {
      const anchor = await importSnapshot(snapshot, {
        chain: this.#chain, net, clock, witnesses: settings.witnesses, signal,
        trialChain: () => new LightChain({ network, verify, clock, decodedKeys: (compressed) => this.#store.decodedKeys(compressed) }),
      });
      if (anchor) this.#setAnchor(anchor);
      const { height, hash } = this.#chain.head;
      this.#log.notice('storage', 'info', 'snapshot-imported', { height, hash });
    } finally {
      this.#network.startSync();
    }
  }

  returnToStore(): void {
    this.#kept.returnToStore();
  }

  setAttention(attention: Attention): void {
    this.#network.setAttention(attention);
    if (attention.mode === 'none') void this.#kept.flush();
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#ending.abort(new DOMException('the client was closed', 'AbortError'));
    this.#cancelPeers?.();
    await Promise.all([this.#starting, this.#kept.stopReturning()]);
    try {
      await this.#network.stop();
    } finally {
      await this.#kept.close();
    }
    this.events.emit('status', this.getStatus());
  }

  #setAnchor(anchor: Anchor): void {
    this.#evidence.set(anchor);
    this.#kept.touch();
    this.events.emit('trust', this.getTrust());
    // The head's trust level may have changed.
    this.events.emit('head', { head: this.getHead(), adopted: [], reverted: [] });
  }

  #onChange(change: ChainChange): void {
    const entry = chainEntry(change);
    if (entry) this.#log.add('chain', entry.level, entry.code, entry.data);
    if (change.kind === 'stored') return;
    this.#kept.onChange(change);
    this.#network.headMoved();
    if (change.kind === 'reset') this.#finder.reset();
    const standing = this.#standing();
    const view = (item: ChainChange['adopted'][number]): HeadView => headView(item, this.#chain.policy, standing);
    this.events.emit('head', { head: this.getHead(), adopted: change.adopted.map(view), reverted: change.reverted.map(view) });
    this.events.emit('trust', this.getTrust());
    this.#statusChanged();
  }

  #standing(): Standing {
    return standingOf(this.#chain, this.getTrust().level);
  }

  #failed(error: unknown): void {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'internal';
    this.#failure = { code: failureCode(code), data: { name, message: message.slice(0, 200) } };
    this.#log.notice('hub', 'error', 'network-failed', this.#failure.data);
    this.#statusChanged();
  }

  /** Emits the status once for all changes within one turn of the event loop. */
  #statusChanged(): void {
    if (this.#statusDue) return;
    this.#statusDue = true;
    queueMicrotask(() => {
      this.#statusDue = false;
      this.#sharing.review();
      if (this.#ending.signal.aborted) return;
      const head = this.getHead();
      if (head.known !== this.#headKnown) this.events.emit('head', { head, adopted: [], reverted: [] });
      this.#headKnown = head.known;
      this.events.emit('status', this.getStatus());
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
