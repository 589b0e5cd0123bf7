import type { Clock } from '../../base/clock.ts';
import { Emitter } from '../../base/emitter.ts';
import type { Random } from '../../base/random.ts';
import type { PeerReport } from '../peers/peer-net.ts';
import { chooseStrategy } from './choose-strategy.ts';
import type { ChooseStrategy } from './choose-strategy.ts';
import { DiscoveredPeers } from './discovered-peers.ts';
import { DownloadCoordinator } from './download-coordinator.ts';
import { every } from './every.ts';
import { fetchBlocks } from './fetch-blocks.ts';
import { PeerAsker } from './peer-asker.ts';
import { Pipeline } from './pipeline.ts';
import { proveTarget } from './prove-target.ts';
import { fetchChunks, findSnapshot } from './snapshot-download.ts';
import { strategyPlan } from './strategy-plan.ts';
import type { PlanOf } from './strategy-plan.ts';
import type { ChunkStore, Item, Snapshot, SyncChain, Tip, Target } from './sync-chain.ts';
import type { SyncConfig } from './sync-config.ts';
import { SyncError, failureOf } from './sync-error.ts';
import { SyncMonitor } from './sync-monitor.ts';
import type { SyncPeer } from './sync-peer.ts';
import { SyncPeers } from './sync-peers.ts';
import { SyncReport } from './sync-report.ts';
import type { SyncEvents } from './sync-report.ts';
import { SyncRun } from './sync-run.ts';
import type { Goal } from './sync-run.ts';
import type { SyncMonitorView, SyncPeerView, SyncProgressView, SyncStatusView } from './sync-views.ts';
import { TokenBucket } from './token-bucket.ts';
import { verifyItems } from './verify-items.ts';
import type { ItemVerdict } from './verify-items.ts';

export interface SyncManagerOptions<B> {
  readonly chain: SyncChain<B>;
  /** Where chunks of a snapshot wait until all are there. */
  readonly chunks: ChunkStore;
  readonly clock: Clock;
  readonly random: Random;
  readonly config: SyncConfig;
  /** Takes what was seen of a peer. The owner closes connections and makes bans. */
  readonly report: (peer: string, report: PeerReport) => void;
  /** Default: `chooseStrategy`. */
  readonly choose?: ChooseStrategy | undefined;
  /** Default: `strategyPlan`. */
  readonly plans?: PlanOf | undefined;
  /** Blocks are fetched without payload, and no state is computed. Default false. */
  readonly headersOnly?: boolean | undefined;
}

/** Blocks that one call of `syncBlocks` gives at most: some megabytes. */
const MOST_BLOCKS = 4_096;

/** Fetches, verifies and applies a chain's blocks and state from peers. */
export class SyncManager<B> {
  readonly events: Emitter<SyncEvents>;
  readonly #options: SyncManagerOptions<B>;
  readonly #peers: SyncPeers<B>;
  readonly #discovered = new DiscoveredPeers();
  readonly #monitor: SyncMonitor;
  readonly #asker: PeerAsker<B>;
  readonly #coordinator: DownloadCoordinator;
  /** Kept from one sync to the next, so that what has come is not fetched again. */
  readonly #pipeline: Pipeline<B>;
  readonly #report: SyncReport;
  /** Ids that peers have proven, by height. */
  readonly #seen = new Map<number, Target>();
  readonly #closed = new AbortController();
  #running: { readonly run: SyncRun<B>; readonly stop: AbortController; readonly ended: Promise<unknown> } | undefined;

  constructor(options: SyncManagerOptions<B>) {
    const { chain, clock, config } = options;
    this.#options = options;
    this.#peers = new SyncPeers(options);
    this.#monitor = new SyncMonitor(config.performanceMonitoring, clock);
    this.events = new Emitter<SyncEvents>(() => this.#monitor.error('listener'));
    this.#asker = new PeerAsker({ peers: this.#peers, clock, timeout: config.peerTimeout, monitor: this.#monitor, report: options.report, banned: (peer) => this.#running?.run.peerGone(peer) });
    this.#coordinator = new DownloadCoordinator(config);
    this.#report = new SyncReport({ chain, clock, peers: this.#peers, events: this.events });
    this.#pipeline = new Pipeline({
      chain, clock, each: config.checkEachCertificate, headersOnly: options.headersOnly === true, size: config.validationPipelineSize,
      watch: {
        blame: (peer, fault) => this.#asker.blame(peer, fault),
        lost: (heights, peer) => this.#coordinator.lost(heights, peer),
        applied: (items, peerOf) => {
          this.#coordinator.applied(items.at(-1)!.height);
          for (const { height, size } of items) this.#asker.used(peerOf(height), size);
          this.#report.applied(items.length);
        },
        measured: (stage, milliseconds, height, blocks) => this.#monitor.stage(stage, milliseconds, height, blocks),
      },
    });
  }

  /**
   * Syncs to the newest height that a peer proves, and repeats until no peer proves more; with `target`, until that height is reached. Waits while
   * there is no peer. Resolves with the tip; rejects with `SyncError`: `busy`, `stopped`, `bad-range`, `retries-used-up`, `incomplete`, `halted`.
   */
  async startSync(target?: number): Promise<Tip> {
    if (target !== undefined && !isHeight(target)) throw new SyncError('bad-range', 'the target is no height', { from: 0, to: String(target) });
    return this.#run({ height: target, exact: false }, target === undefined ? 'live' : 'idle');
  }

  /** Ends the sync and its requests, and keeps what is verified. Resolves when nothing runs any more. */
  async stopSync(): Promise<void> {
    const running = this.#running;
    if (!running) return;
    running.stop.abort(new SyncError('stopped', 'the sync was stopped'));
    await running.ended;
  }

  getSyncStatus(): SyncStatusView {
    return this.#report.status();
  }

  /**
   * Fetches blocks and verifies structure, links and signatures; nothing is applied. Both ends are included.
   * @throws SyncError `bad-range`, `beyond-tip`, `no-peers`, `retries-used-up`, `stopped`
   */
  async syncBlocks(from: number, to: number): Promise<readonly Item<B>[]> {
    if (!isHeight(from) || !isHeight(to) || to < from || to - from >= MOST_BLOCKS) throw new SyncError('bad-range', 'no range of heights', { from: String(from), to: String(to) });
    const tip = await this.#provenHeight(to);
    if (to > tip) throw new SyncError('beyond-tip', `block ${to} is above ${tip}`, { height: to, tip });
    return fetchBlocks(this.#asking(), from, to);
  }

  /** As `syncBlocks`; undefined: the height is above the newest proven one. */
  async syncSingleBlock(height: number): Promise<Item<B> | undefined> {
    try {
      return (await this.syncBlocks(height, height))[0];
    } catch (error) {
      if (error instanceof SyncError && error.code === 'beyond-tip') return undefined;
      throw error;
    }
  }

  /** Verifies blocks that are there already: one verdict for each. Nothing is applied. */
  verifyBlockChain(items: readonly Item<B>[]): Promise<readonly ItemVerdict[]> {
    const { chain, config } = this.#options;
    return verifyItems(chain, items, chain.tip(), this.#report.target, config.checkEachCertificate, this.#closed.signal);
  }

  /**
   * Syncs to exactly this height, by a snapshot up to it and the blocks after, and checks the state there.
   * @throws SyncError `bad-range` below the tip, `unsupported` without a state, `wrong-state`, and those of `startSync`
   */
  async syncStateToHeight(height: number): Promise<Tip> {
    const { height: tip } = this.#options.chain.tip();
    if (!isHeight(height) || height < tip) throw new SyncError('bad-range', 'the state cannot go back', { from: tip, to: String(height) });
    const reached = await this.#run({ height, exact: true }, 'idle');
    if (!(await this.verifyStateConsistency(height))) throw new SyncError('wrong-state', `the state at ${height} has another root`, { height });
    return reached;
  }

  /**
   * Fetches the snapshot with this id, or the newest, into the chunk store. A later sync imports it and fetches nothing of it again.
   * @throws SyncError `unsupported`, `no-peers`, `retries-used-up`, `stopped`
   */
  async downloadStateSnapshot(id?: string): Promise<Snapshot> {
    const { chain, chunks, clock, config } = this.#options;
    if (!chain.snapshots) throw unsupported('downloadStateSnapshot');
    const bucket = new TokenBucket(clock, config.maxDownloadBandwidth);
    const options = { ...this.#asking(), rules: chain.snapshots, chunks, bucket, clock, inFlight: config.parallelDownloadLimit, retryAttempts: config.retryAttempts };
    const offer = await findSnapshot(options, undefined, id);
    if (!offer) throw new SyncError('no-peers', 'nobody offers the snapshot', id === undefined ? {} : { id });
    await fetchChunks(options, offer.snapshot);
    return offer.snapshot;
  }

  /** Whether the state root computed from what is stored is the one in the block. Rejects with `unsupported` if there is no state at this height. */
  async verifyStateConsistency(height: number): Promise<boolean> {
    const right = isHeight(height) ? await this.#options.chain.checkState(height) : undefined;
    if (right === undefined) throw unsupported('verifyStateConsistency');
    return right;
  }

  /** Adds a peer, also while a sync runs. */
  addSyncPeer(peer: SyncPeer<B>): void {
    if (this.#closed.signal.aborted) return;
    this.#peers.add(peer);
    this.#discovered.set(peer.address, 'connected');
    this.#running?.run.changed();
  }

  /** Forgets a peer; what it was asked for is asked of others. A ban stays. */
  removeSyncPeer(id: string): void {
    const address = this.#peers.get(id)?.address;
    if (address !== undefined) this.#discovered.set(address, 'known');
    this.#peers.remove(id);
    this.#running?.run.peerGone(id);
  }

  /** Ends the ban of a peer: the owner's term is over. */
  pardonSyncPeer(id: string): void {
    this.#peers.pardon(id);
  }

  getSyncPeers(): readonly SyncPeerView[] {
    return this.#peers.views();
  }

  /** The addresses of all peers, and of those that are told here: the owner dials. */
  discoverSyncPeers(learnt: readonly string[] = []): ReturnType<DiscoveredPeers['list']> {
    this.#discovered.learn(learnt);
    return this.#discovered.list();
  }

  /** A dial of this address has failed. */
  markUnreachable(address: string): void {
    this.#discovered.set(address, 'unreachable');
  }

  getSyncProgress(): SyncProgressView {
    return this.#report.progress();
  }

  /** Milliseconds until the target is reached; undefined until known. */
  estimateSyncCompletion(): number | undefined {
    return this.#report.progress().timeLeft;
  }

  /** Forgets what peers have proven, sent and done wrong: the chain was put back to its genesis. Not to be called while a sync runs. */
  forget(): void {
    this.#seen.clear();
    this.#peers.pardonAll();
    this.#report.forget();
    this.#pipeline.clear();
  }

  /** The samples so far. */
  getMonitor(): SyncMonitorView {
    return this.#monitor.view();
  }

  /** Stops the sync and forgets all peers. */
  async close(): Promise<void> {
    this.#closed.abort(new SyncError('stopped', 'the sync manager is closed'));
    await this.stopSync();
    for (const { id } of this.#peers.views()) this.#peers.remove(id);
    this.#pipeline.clear();
  }

  async #run(goal: Goal, after: 'live' | 'idle'): Promise<Tip> {
    if (this.#running) throw new SyncError('busy', 'a sync runs already');
    this.#closed.signal.throwIfAborted();
    const { choose = chooseStrategy, plans = strategyPlan, config, clock } = this.#options;
    const stop = new AbortController();
    const run = new SyncRun<B>({
      ...this.#options, choose, plans, headersOnly: this.#options.headersOnly === true, peers: this.#peers, asker: this.#asker, monitor: this.#monitor,
      pipeline: this.#pipeline, coordinator: this.#coordinator, seen: this.#seen, signal: stop.signal,
      phase: (phase, strategy) => this.#report.phase(phase, strategy),
      target: (target) => this.#report.proven(target),
    });
    const cancels = [every(clock, config.progressReportInterval, () => this.#report.emitProgress()), every(clock, config.peerRotationInterval, () => void this.#peers.rotate())];
    this.#monitor.started();
    this.#report.started();
    const work = run.run(goal);
    this.#running = { run, stop, ended: work.catch(() => undefined) };
    const ended = () => {
      for (const cancel of cancels) cancel();
      this.#monitor.stopped();
      this.#running = undefined;
    };
    try {
      const tip = await work;
      ended();
      this.#report.completed(tip, after);
      return tip;
    } catch (error) {
      ended();
      this.#report.failed(error instanceof SyncError && error.code === 'stopped' ? undefined : failureOf(error));
      throw error;
    }
  }

  async #provenHeight(wanted: number): Promise<number> {
    const known = () => Math.max(this.#options.chain.tip().height, this.#report.target?.height ?? 0);
    if (wanted <= known()) return known();
    const { target } = await proveTarget({ peers: this.#peers.active, asker: this.#asker, atLeast: known(), seen: this.#seen, late: () => undefined, signal: this.#closed.signal });
    if (!target && this.#peers.active.length === 0) throw new SyncError('no-peers', 'nobody can be asked', { height: wanted });
    if (target) this.#report.proven(target);
    return known();
  }

  #asking() {
    const { chain, config, headersOnly = false } = this.#options;
    return { chain, peers: this.#peers, asker: this.#asker, config, headersOnly, signal: this.#closed.signal };
  }
}

const isHeight = (value: number) => Number.isSafeInteger(value) && value >= 0;

const unsupported = (call: string) => new SyncError('unsupported', `this chain has no ${call}`, { call });
