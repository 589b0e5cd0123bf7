// Tests: `src/engine/sync/sync-manager.test.ts`, `test/engine-sync/strategies.test.ts`.
import type { Clock } from '../../base/clock.ts';
import { joinSignals } from '../../base/tasks.ts';
import { BlockDownload } from './block-download.ts';
import type { ChooseStrategy } from './choose-strategy.ts';
import type { DownloadCoordinator } from './download-coordinator.ts';
import type { PeerAsker } from './peer-asker.ts';
import type { Pipeline } from './pipeline.ts';
import { finalOf, proveTarget } from './prove-target.ts';
import { fetchChunks, findSnapshot, newestOffer, snapshotPatience } from './snapshot-download.ts';
import type { SnapshotDownloadOptions } from './snapshot-download.ts';
import type { PlanOf } from './strategy-plan.ts';
import type { ChunkStore, SyncChain, Target, Tip } from './sync-chain.ts';
import type { SyncConfig } from './sync-config.ts';
import { SyncError } from './sync-error.ts';
import type { SyncMonitor } from './sync-monitor.ts';
import type { SyncPeers } from './sync-peers.ts';
import type { StrategyName, SyncPhase } from './sync-views.ts';
import { TokenBucket } from './token-bucket.ts';

/** Milliseconds between two looks at peers that rested, requests that are overdue, and bandwidth that is free. */
const TICK = 100;
/** Milliseconds between two proofs of the target while a sync runs: a proof costs a peer little, but not nothing. */
const PROVE_AGAIN = 5_000;

export interface SyncRunOptions<B> {
  readonly chain: SyncChain<B>;
  readonly chunks: ChunkStore;
  readonly clock: Clock;
  readonly config: SyncConfig;
  readonly peers: SyncPeers<B>;
  readonly asker: PeerAsker<B>;
  readonly monitor: SyncMonitor;
  readonly pipeline: Pipeline<B>;
  readonly coordinator: DownloadCoordinator;
  readonly choose: ChooseStrategy;
  readonly plans: PlanOf;
  readonly headersOnly: boolean;
  /** What was proven, by height. */
  readonly seen: Map<number, Target>;
  readonly signal: AbortSignal;
  readonly phase: (phase: SyncPhase, strategy: StrategyName | undefined) => void;
  readonly target: (target: Target) => void;
}

export interface Goal {
  /** Undefined: up to what peers prove. */
  readonly height: number | undefined;
  /** Whether nothing above the height is applied. */
  readonly exact: boolean;
}

/** One sync from its start to its end: proves a target, and follows the plan of the strategy until the target is reached. */
export class SyncRun<B> {
  readonly #options: SyncRunOptions<B>;
  readonly #own = new AbortController();
  readonly #signal: AbortSignal;
  readonly #release: () => void;
  readonly #bucket: TokenBucket;
  /** Heights of snapshots that cannot be had. */
  readonly #refused = new Set<number>();
  #download: BlockDownload<B> | undefined;
  #target: Target | undefined;
  #provenAt = 0;
  #proving = false;
  #wake = Promise.withResolvers<void>();

  constructor(options: SyncRunOptions<B>) {
    this.#options = options;
    const { signal, release } = joinSignals(options.signal, this.#own.signal);
    this.#signal = signal;
    this.#release = release;
    this.#bucket = new TokenBucket(options.clock, options.config.maxDownloadBandwidth);
  }

  /** Something has changed that the run may wait for. */
  changed(): void {
    this.#wake.resolve();
  }

  /** The peer has left, or is banned. */
  peerGone(id: string): void {
    this.#download?.dropPeer(id);
    this.changed();
  }

  /** @throws SyncError, or the signal's reason */
  async run(goal: Goal): Promise<Tip> {
    const { chain, clock } = this.#options;
    let cancel = () => {};
    const tick = () => {
      this.#download?.pump();
      this.changed();
      cancel = clock.after(TICK, tick);
    };
    tick();
    try {
      for (;;) {
        const tip = chain.tip();
        if (goal.height !== undefined && tip.height >= goal.height) return tip;
        const target = await this.#prove(tip.height);
        if (!target || target.height <= tip.height) {
          if (goal.height === undefined) return tip;
          throw new SyncError('incomplete', `no peer proves block ${goal.height}`, { current: tip.height, target: goal.height });
        }
        await this.#follow(goal.exact ? goal.height! : Infinity);
      }
    } finally {
      cancel();
      this.#endDownload();
      this.#own.abort(new SyncError('stopped', 'the sync has ended'));
      this.#release();
    }
  }

  /** The highest height that a peer proves. Waits while nobody can be asked, or nobody answers. */
  async #prove(atLeast: number): Promise<Target | undefined> {
    const { peers, asker, clock, phase } = this.#options;
    for (;;) {
      phase('waiting', undefined);
      if (peers.usable.length > 0) {
        const { target, answered } = await proveTarget({ peers: peers.usable, asker, atLeast, ...this.#proofs });
        this.#provenAt = clock.monotonic();
        if (target) this.#raise(target);
        if (target || answered > 0) return target;
      }
      await this.#woken();
    }
  }

  get #proofs() {
    return { seen: this.#options.seen, late: (error: Error) => this.#own.abort(error), signal: this.#signal };
  }

  #raise(target: Target): void {
    if (this.#target && target.height <= this.#target.height) return;
    this.#target = target;
    this.#options.target(target);
  }

  /** Syncs until the target, which may grow meanwhile, or `limit` is applied. */
  async #follow(limit: number): Promise<void> {
    const { chain, pipeline, coordinator, config, peers, clock, phase, choose, plans } = this.#options;
    let beyond = 0;
    for (let tip = chain.tip(); tip.height < Math.min(this.#target!.height, limit); tip = chain.tip()) {
      this.#signal.throwIfAborted();
      const target = this.#target!;
      // The tip may also have been moved by a block that was announced.
      coordinator.applied(tip.height);
      const last = Math.min(target.height, limit);
      const { active } = peers;
      const offers = active.map((peer) => ({ snapshot: peers.snapshotOf(peer) }));
      const snapshot = chain.snapshots && newestOffer(offers, tip.height, last, this.#refused);
      const name = choose({ current: tip.height, target: last, snapshot, peers: active.length }, config);
      const plan = plans(name, config);
      if (plan.snapshot && snapshot !== undefined) {
        phase('snapshot', name);
        this.#endDownload();
        if (!(await this.#takeSnapshot(snapshot))) this.#refused.add(snapshot);
        continue;
      }
      phase(active.length === 0 ? 'waiting' : 'blocks', active.length === 0 ? undefined : name);
      if (!this.#download) {
        coordinator.begin(tip.height, last, clock.monotonic(), pipeline.trim());
        this.#download = this.#startDownload(plan);
      }
      this.#download.follow(plan);
      coordinator.extend(Math.min(target.height, last + beyond));
      this.#wake = Promise.withResolvers();
      this.#download.pump();
      const result = await pipeline.step({ target, gather: plan.gather, limit, signal: this.#signal });
      this.#signal.throwIfAborted();
      if (result === 'applied' || result === 'fault') {
        this.#proveAgain();
        continue;
      }
      if (result === 'held') {
        const there = pipeline.needed - 1 - chain.tip().height;
        if (there > pipeline.undecided) continue;
        if (chain.tip().height + there >= target.height) throw new SyncError('incomplete', 'the chain did not take its target', { current: tip.height, target: target.height });
        // What follows on the limit decides whether the block there is final.
        if (pipeline.needed > last + beyond) {
          beyond += plan.batch;
          continue;
        }
      }
      await this.#woken(true);
    }
  }

  #startDownload(plan: ReturnType<PlanOf>): BlockDownload<B> {
    const { peers, asker, coordinator, pipeline, monitor, clock, headersOnly } = this.#options;
    const changed = () => this.changed();
    const failed = (error: Error) => this.#own.abort(error);
    return new BlockDownload({ peers, asker, coordinator, pipeline, bucket: this.#bucket, monitor, clock, headersOnly, changed, failed }, plan);
  }

  #endDownload(): void {
    this.#download?.end(new SyncError('stopped', 'the download has ended'));
    this.#download = undefined;
  }

  /** Peers may have made blocks meanwhile: the target grows without the sync standing still. */
  #proveAgain(): void {
    const { peers, asker, clock, config, chain } = this.#options;
    if (this.#proving) return;
    const claimed = Math.max(0, ...peers.usable.map(finalOf)) - this.#target!.height;
    const waited = clock.monotonic() - this.#provenAt >= PROVE_AGAIN;
    if (claimed <= 0 || (!waited && claimed <= config.strategySwitchThreshold)) return;
    this.#proving = true;
    this.#provenAt = clock.monotonic();
    proveTarget({ peers: peers.usable, asker, atLeast: Math.max(chain.tip().height, this.#target!.height), ...this.#proofs })
      .then(({ target }) => target && this.#raise(target), (error: unknown) => error instanceof SyncError && this.#own.abort(error))
      .finally(() => (this.#proving = false));
  }

  /** Fetches and imports the snapshot at this height. False: it cannot be had. */
  async #takeSnapshot(height: number): Promise<boolean> {
    const { chain, chunks, peers, asker, clock, config, monitor } = this.#options;
    const rules = chain.snapshots!;
    const { height: tip } = chain.tip();
    // Where nobody serves the blocks, it is the only way.
    const isOnlyWay = peers.active.every(({ claims }) => claims.earliest > tip + 1);
    const options: SnapshotDownloadOptions<B> = {
      rules, chunks, peers, asker, bucket: this.#bucket, clock, inFlight: config.parallelDownloadLimit, retryAttempts: config.retryAttempts,
      patience: isOnlyWay ? undefined : snapshotPatience(height - tip, config), signal: this.#signal,
    };
    try {
      const offer = await findSnapshot(options, height);
      if (!offer) return false;
      const bytes = await fetchChunks(options, offer.snapshot);
      this.#signal.throwIfAborted();
      const began = clock.monotonic();
      const fault = await rules.import(offer.snapshot, bytes);
      monitor.stage('state', clock.monotonic() - began, height, 1);
      await chunks.clear();
      if (fault) asker.blame(offer.peer, fault);
      return !fault && chain.tip().height >= height;
    } catch (error) {
      this.#signal.throwIfAborted();
      if (!(error instanceof SyncError)) throw error;
      monitor.error(error.code);
      return false;
    }
  }

  /** Resolves at the next change; with `kept` also at one since the last look. Rejects with the signal's reason. */
  async #woken(kept = false): Promise<void> {
    this.#signal.throwIfAborted();
    if (!kept) this.#wake = Promise.withResolvers();
    const { promise } = this.#wake;
    const onAbort = () => this.#wake.resolve();
    this.#signal.addEventListener('abort', onAbort, { once: true });
    await promise;
    this.#signal.removeEventListener('abort', onAbort);
    this.#signal.throwIfAborted();
  }
}
