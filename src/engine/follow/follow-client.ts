/**
 * The client of a chain that brings its rules as a `FollowedChain`: dials its nodes, syncs by the sync manager, follows it live, and tells pages.
 * @module
 */

import { unlessAborted } from '../../base/unless-aborted.ts';
import type { ChainClient } from '../driver.ts';
import type { Attention } from '../live/attention.ts';
import { watchSleep } from '../live/sleep-watch.ts';
import { CodedError } from '../../base/coded-error.ts';
import { QuestionError } from '../questions.ts';
import { SyncManager, type SyncManagerOptions } from '../sync/sync-manager.ts';
import { type BlockView, type ClientStatus, type Head, type HeadEvent, type LogEntry, noSharing, type PeerView, type TrustRecord } from '../view.ts';
import { FollowNetwork } from './follow-network.ts';
import { FollowStatus, haltCode } from './follow-status.ts';
import type { FollowedChain, FollowOptions, Halt } from './followed-chain.ts';
import { HeadTeller } from './head-teller.ts';
import { LiveFollower } from './live-follower.ts';
import { observedChain } from './observed-chain.ts';
import { askWhenReady, type Readiness } from './ask-when-ready.ts';
import { syncQuestions } from './sync-questions.ts';

/** Milliseconds between two `peers` events: latencies change all the time, and no person reads faster. */
const PEERS_INTERVAL = 250;
const HASH = /^[0-9a-f]{64}$/;

/** A snapshot breaks a rule, whose code it has. */
class SnapshotError extends CodedError {
  override readonly name = 'SnapshotError';
}

export interface FollowParts<B, F> extends FollowOptions {
  readonly chain: FollowedChain<B, F>;
  /** For tests. Default: `SyncManager`. */
  readonly createSync?: ((options: SyncManagerOptions<B>) => SyncManager<B>) | undefined;
}

export class FollowClient<B, F> implements ChainClient {
  readonly events: FollowOptions['events'];
  readonly #options: FollowParts<B, F>;
  readonly #chain: FollowedChain<B, F>;
  readonly #sync: SyncManager<B>;
  readonly #network: FollowNetwork<B, F>;
  readonly #follower: LiveFollower<B, F>;
  readonly #teller: HeadTeller<B, F>;
  readonly #status: FollowStatus<B, F>;
  readonly #questions: ReturnType<typeof syncQuestions>;
  readonly #ending = new AbortController();
  readonly #cancels: (() => void)[] = [];
  #halt: Halt | undefined;
  #storeKind: 'indexeddb' | 'memory';
  #headKnown = false;
  #consensus: ClientStatus['consensus'] = 'connecting';
  #statusDue = false;
  #cancelPeers: (() => void) | undefined;
  #closing: Promise<void> | undefined;

  constructor(options: FollowParts<B, F>) {
    const { chain, clock, random, log, events, sync: config, settings, seeds, refusal, choose, plans, headersOnly = false, createSync = (given) => new SyncManager(given) } = options;
    this.#options = options;
    this.#chain = chain;
    this.#storeKind = chain.store.kind;
    this.events = events;
    this.#teller = new HeadTeller({ chain, established: () => this.#status.established, tell: (event) => this.#tellHead(event) });
    const observed = observedChain(chain, { applied: (items) => this.#teller.moved(items, []), imported: () => this.#teller.moved([chain.tip()], []) });
    this.#sync = createSync({ chain: observed, chunks: chain.store.chunks, clock, random, config, choose, plans, headersOnly, report: (peer, report) => this.#network.report(peer, report) });
    this.#network = new FollowNetwork({
      chain, clock, random, log, seeds, refusal, settings,
      timeout: config.connectionTimeout,
      sync: () => this.#sync,
      follower: () => this.#follower,
      onChange: () => this.#peersChanged(),
    });
    this.#follower = new LiveFollower({
      chain, clock, log, headersOnly, sync: this.#sync, maxBehindBlocks: config.maxBehindBlocks, peerTimeout: config.peerTimeout,
      peer: (id) => this.#network.peers.get(id),
      peers: () => this.#network.peers.all,
      fault: (peer, fault) => this.#network.fault(peer, fault),
      asked: (peer, claimed, proven) => this.#network.asked(peer, claimed, proven),
      moved: ({ adopted, reverted }) => this.#teller.moved(adopted, reverted),
      onHalted: (halt) => this.#halted(halt),
      onChange: () => {
        this.#network.dialer.review();
        this.#peersChanged();
      },
    });
    this.#status = new FollowStatus({
      clock, chain, settings, blockTime: options.blockTime, maxBehindBlocks: config.maxBehindBlocks,
      dialer: () => this.#network.dialer,
      peers: () => this.#network.peers.all,
      wanted: () => this.#network.wanted,
      mode: () => this.#follower.mode,
      halt: () => this.#halt,
      progress: () => this.#sync.getSyncProgress(),
      offline: () => this.#network.offline,
      onStale: (still) => {
        log.add('chain', 'warning', 'head-stale', { seconds: Math.round(still / 1000) });
        this.#follower.resync();
      },
      onChange: () => this.#statusChanged(),
    });
    this.#questions = syncQuestions({
      sync: this.#sync, follower: this.#follower, decodeItem: chain.decodeItem?.bind(chain), halt: () => this.#halt,
      addAddress: (address) => this.#network.add(address),
      remove: (addressOrId) => this.#network.remove(addressOrId),
    });
  }

  /** Begins to dial and to sync. */
  start(): void {
    const { clock } = this.#options;
    this.#cancels.push(
      this.#sync.events.on('progress', () => this.#statusChanged()),
      this.#sync.events.on('status', () => this.#statusChanged()),
      watchSleep(clock, (slept) => {
        this.#options.log.add('network', 'info', 'woke-up', { seconds: Math.round(slept / 1000) });
        this.#network.dialer.retryNow();
        this.#follower.resync();
      }),
    );
    this.#follower.start();
    this.#network.start();
  }

  getStatus(): ClientStatus {
    const { chain, settings } = this.#options;
    const view = this.#status.view;
    const { kind, bytes } = chain.store;
    return { ...view, phase: this.#closing ? 'stopped' : view.phase, reason: this.#closing ? undefined : view.reason, network: chain.network, storage: { kind, bytes, cap: settings.storageCap }, sharing: chain.sharing?.() ?? { ...noSharing, never: true } };
  }

  getHead(): Head {
    return this.#teller.head;
  }

  getPeers(): readonly PeerView[] {
    return this.#network.peers.views((peer) => this.#status.stateOf(peer), this.#network.dialer.dialled);
  }

  getTrust(): TrustRecord {
    return this.#chain.trust();
  }

  getLog(): readonly LogEntry[] {
    return this.#options.log.entries();
  }

  async getBlock(key: string | number, { signal }: { readonly signal?: AbortSignal | undefined } = {}): Promise<BlockView | undefined> {
    signal?.throwIfAborted();
    if (typeof key === 'number' ? !Number.isSafeInteger(key) || key < 0 : !HASH.test(key)) return undefined;
    const both = signal ?? this.#ending.signal;
    const found = this.#chain.block(key).then((block) => block ?? (this.#closing ? undefined : this.#chain.fetchBlock?.(key, this.#network.peers.all, { signal: both })));
    // Peers that fail to answer, and a chain that closes, mean that nobody has it.
    return unlessAborted(found.catch(() => undefined), signal);
  }

  async ask(question: string, args: readonly unknown[], { signal }: { readonly signal?: AbortSignal | undefined } = {}): Promise<unknown> {
    signal?.throwIfAborted();
    const ofSync = this.#questions.get(question);
    if (ofSync) return unlessAborted((async () => ofSync(args))(), signal);
    const { questions } = this.#chain;
    if (!Object.hasOwn(questions, question)) throw new QuestionError('unknown-question', { question: question.slice(0, 64) });
    const own = signal ?? this.#ending.signal;
    const asked = askWhenReady(async () => questions[question]!(args, { peers: this.#network.peers.all, signal: own }), {
      readiness: () => this.#readiness,
      hasPeers: () => this.#network.peers.all.length > 0,
      onStatus: (listener) => this.events.on('status', listener),
      signal: own,
    });
    return unlessAborted(asked, signal);
  }

  async wipe(): Promise<void> {
    await this.#follower.exclusive(async () => {
      const before = this.#teller.head.latest;
      await this.#chain.store.wipe();
      this.#sync.forget();
      this.#network.forget();
      this.#halt = undefined;
      const { wipeOwed } = this.#chain.store;
      this.#options.log.notice('storage', 'info', wipeOwed ? 'wiped-later' : 'wiped', wipeOwed && { marked: String(wipeOwed === 'marked') });
      this.#teller.replaced(before);
      this.#follower.restart();
    });
  }

  exportSnapshot(): Uint8Array {
    return this.#chain.exportSnapshot();
  }

  async importSnapshot(bytes: Uint8Array, { signal }: { readonly signal?: AbortSignal | undefined } = {}): Promise<void> {
    signal?.throwIfAborted();
    await this.#follower.exclusive(async (ending) => {
      signal?.throwIfAborted();
      const before = this.#teller.head.latest;
      const outcome = await this.#chain.importSnapshot(bytes, signal ?? ending);
      if (outcome.kind === 'halted') {
        this.#follower.halt(outcome);
        throw new SnapshotError('refused', 'it proves another final block', { reason: 'halted' });
      }
      if (outcome.kind === 'fault') throw new SnapshotError(outcome.fault.code, outcome.fault.code, outcome.fault.data);
      if (outcome.kind === 'adopted' && outcome.adopted.length > 0) this.#teller.moved(outcome.adopted, outcome.reverted);
      else if (this.#chain.head().id !== before.hash) this.#teller.replaced(undefined);
      const { height, id: hash } = this.#chain.head();
      this.#options.log.notice('storage', 'info', 'snapshot-imported', { height, hash });
    });
  }

  returnToStore(): void {
    const { returning, log } = this.#options;
    if (this.#chain.store.kind === 'indexeddb') return;
    if (returning) returning.begin(true);
    else log.add('storage', 'info', 'storage-not-yet', { reason: 'unavailable' });
  }

  /** The store has changed its kind, or its size. */
  storeChanged(): void {
    const { kind } = this.#chain.store;
    const isBack = kind !== this.#storeKind && kind === 'indexeddb';
    this.#storeKind = kind;
    if (isBack) {
      // Another client may have found it, and stored it there.
      const halt = this.#chain.halted?.();
      if (halt) this.#follower.halt(halt);
      this.#network.storeReturned();
    }
    this.#statusChanged();
  }

  setAttention(attention: Attention): void {
    // Before peers are dialled or left for it.
    this.#chain.attention?.(attention);
    this.#network.setAttention(attention);
    if (attention.mode === 'none') void this.#chain.store.flush().catch(() => undefined);
    this.#statusChanged();
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const reason = new DOMException('the client was closed', 'AbortError');
    this.#ending.abort(reason);
    this.#cancelPeers?.();
    for (const cancel of this.#cancels) cancel();
    this.#status.stop();
    this.#network.stop(reason);
    try {
      await Promise.all([this.#follower.stop(reason), this.#options.returning?.stop()]);
      await this.#sync.close();
    } finally {
      this.#network.peers.closeAll();
      await this.#chain.store.flush().catch(() => undefined);
      await this.#chain.store.close();
    }
    this.events.emit('status', this.getStatus());
  }

  /** Whether a question that finds nothing here should wait. */
  get #readiness(): Readiness {
    const { dialer, peers, offline, wanted } = this.#network;
    const { mode } = this.#follower;
    if (this.#closing || mode === 'halted' || mode === 'paused' || offline || wanted === 0) return 'stopped';
    if (peers.all.length > 0) return mode === 'live' ? 'ready' : 'on-its-way';
    return dialer.unreachable || dialer.seeds.refused.length === dialer.seeds.count ? 'unreachable' : 'on-its-way';
  }

  #halted(halt: Halt): void {
    this.#halt = halt;
    this.#options.log.notice('chain', 'error', haltCode(halt), { height: halt.height });
    this.#statusChanged();
  }

  #tellHead(event: HeadEvent): void {
    if (this.#ending.signal.aborted) return;
    this.#status.headMoved();
    this.#headKnown = event.head.known;
    this.events.emit('head', event);
    this.events.emit('trust', this.getTrust());
    // How peers stand depends on our head.
    this.#peersChanged();
  }

  /** Emits the status once for all changes within one turn of the event loop. */
  #statusChanged(): void {
    if (this.#statusDue) return;
    this.#statusDue = true;
    queueMicrotask(() => {
      this.#statusDue = false;
      if (this.#ending.signal.aborted) return;
      const status = this.getStatus();
      if (status.consensus !== this.#consensus) {
        this.#consensus = status.consensus;
        this.#options.log.add('chain', 'info', `consensus-${status.consensus}`, { height: this.#chain.head().height });
      }
      if (this.getHead().known !== this.#headKnown) this.#teller.repeat();
      this.events.emit('status', status);
    });
  }

  #peersChanged(): void {
    this.#statusChanged();
    if (this.#cancelPeers || this.#ending.signal.aborted) return;
    this.#cancelPeers = this.#options.clock.after(PEERS_INTERVAL, () => {
      this.#cancelPeers = undefined;
      this.events.emit('peers', this.getPeers());
    });
  }
}
