// Tests: `src/engine/sync/sync-manager.test.ts`, `test/engine-sync/faults.test.ts`.
import type { Clock } from '../../base/clock.ts';
import type { Assignment } from './assignment.ts';
import { rangeFault } from './check-items.ts';
import type { DownloadCoordinator } from './download-coordinator.ts';
import { AskFailed } from './peer-asker.ts';
import type { PeerAsker } from './peer-asker.ts';
import type { PeerRecord } from './peer-record.ts';
import type { Pipeline } from './pipeline.ts';
import type { StrategyPlan } from './strategy-plan.ts';
import { SyncError } from './sync-error.ts';
import type { SyncMonitor } from './sync-monitor.ts';
import type { SyncPeer } from './sync-peer.ts';
import type { SyncPeers } from './sync-peers.ts';
import type { TokenBucket } from './token-bucket.ts';

/** Milliseconds after which a request may be made a second time by an idle peer, at least. */
const LEAST_PATIENCE = 500;
/** The same for a peer that was not measured yet: most answers take less. */
const FIRST_PATIENCE = 2_000;
/** A request is overdue when it takes so many times as long as the idle peer's own. */
const PATIENCE_FACTOR = 3;
/** A slow peer's request is cut down to this share of a full one at least. */
const LEAST_BATCH_SHARE = 1 / 8;
/** Bytes of a block before the first was measured. */
const FIRST_GUESS = 1_000;

export interface BlockDownloadOptions<B> {
  readonly peers: SyncPeers<B>;
  readonly asker: PeerAsker<B>;
  readonly coordinator: DownloadCoordinator;
  readonly pipeline: Pipeline<B>;
  readonly bucket: TokenBucket;
  readonly monitor: SyncMonitor;
  readonly clock: Clock;
  readonly headersOnly: boolean;
  /** Blocks have come, or a peer was found faulty. */
  readonly changed: () => void;
  /** The download has come to its end. */
  readonly failed: (error: Error) => void;
}

/** Keeps the requests for blocks in flight, as the plan and the coordinator say. */
export class BlockDownload<B> {
  readonly #options: BlockDownloadOptions<B>;
  readonly #running = new Map<Assignment, AbortController>();
  #plan: StrategyPlan;
  #bytesPerBlock = FIRST_GUESS;
  #ended = false;

  constructor(options: BlockDownloadOptions<B>, plan: StrategyPlan) {
    this.#options = options;
    this.#plan = plan;
  }

  /** Another plan for the requests that follow. */
  follow(plan: StrategyPlan): void {
    this.#plan = plan;
  }

  /** Aborts all requests. */
  end(reason: Error): void {
    this.#ended = true;
    for (const controller of Array.from(this.#running.values())) controller.abort(reason);
  }

  /** Gives a peer's work to others: it has left, or is banned. */
  dropPeer(peer: string): void {
    this.#options.coordinator.leave(peer);
    for (const [assignment, controller] of Array.from(this.#running)) if (assignment.peer === peer) controller.abort(unwanted());
  }

  /** Starts the requests that can be started. Call it when a peer or a place has become free, and at times. */
  pump(): void {
    if (this.#ended) return;
    try {
      this.#options.monitor.coordinate(() => this.#assignAll()).forEach(({ peer, assignment }) => void this.#run(peer, assignment));
    } catch (error) {
      this.#options.failed(error as Error);
    }
  }

  #assignAll(): { readonly peer: SyncPeer<B>; readonly assignment: Assignment }[] {
    const { peers, coordinator, pipeline, bucket, clock } = this.#options;
    if (coordinator.inFlight >= this.#plan.inFlight) return [];
    const usable = peers.usable;
    const { only } = pipeline;
    const ids = usable.map(({ id }) => id);
    const best = Math.max(0, ...usable.map(({ id }) => peers.recordOf(id).bandwidth ?? 0));
    const begun: { peer: SyncPeer<B>; assignment: Assignment }[] = [];
    const load = new Map(ids.map((id) => [id, peers.inFlight(id)]));
    const perPeer = Math.max(1, Math.ceil(this.#plan.inFlight / Math.max(1, usable.length)));
    // Every peer gets one request before any gets a second.
    for (let round = 0; round < perPeer; round += 1) {
      for (const peer of usable) {
        if (coordinator.inFlight >= this.#plan.inFlight) return begun;
        if (load.get(peer.id)! > round) continue;
        const record = peers.recordOf(peer.id);
        const { latency } = record;
        const batch = this.#plan.inFlight === 1 ? this.#plan.batch : batchFor(this.#plan.batch, record, best);
        const patience = latency === undefined ? FIRST_PATIENCE : Math.max(LEAST_PATIENCE, PATIENCE_FACTOR * latency);
        if (!bucket.take(batch * this.#bytesPerBlock)) return begun;
        const assignment = coordinator.assign({
          peer: peer.id, earliest: peer.claims.earliest, latest: peer.claims.height, batch, peers: ids, order: this.#plan.order, ahead: this.#plan.ahead,
          only, patience, now: clock.monotonic(),
        });
        bucket.correct(-(batch - (assignment ? assignment.to - assignment.from + 1 : 0)) * this.#bytesPerBlock);
        if (!assignment) continue;
        load.set(peer.id, load.get(peer.id)! + 1);
        begun.push({ peer, assignment });
      }
    }
    return begun;
  }

  async #run(peer: SyncPeer<B>, assignment: Assignment): Promise<void> {
    const { asker, coordinator, pipeline, bucket, monitor, headersOnly } = this.#options;
    const controller = new AbortController();
    this.#running.set(assignment, controller);
    const count = assignment.to - assignment.from + 1;
    const booked = count * this.#bytesPerBlock;
    try {
      const { answer, milliseconds } = await asker.ask(peer, controller.signal, (options) => peer.getBlocks(assignment.from, count, { ...options, headersOnly }), ({ size }) => size);
      this.#running.delete(assignment);
      bucket.correct(answer.size - booked);
      const items = answer.value;
      const wrongRange = rangeFault(items, assignment.from, count);
      if (this.#ended) return;
      if (this.#options.peers.banOf(peer.id)) coordinator.withdrawn(assignment);
      else if (wrongRange) {
        asker.blame(peer.id, wrongRange);
        if (!this.#fail(assignment, true)) return;
      } else {
        this.#bytesPerBlock += (answer.size / items.length - this.#bytesPerBlock) / 4;
        monitor.download(items.at(-1)!.height, items.length, milliseconds);
        coordinator.received(assignment, items.length);
        pipeline.add(peer.id, items);
        this.#withdrawCovered();
      }
    } catch (error) {
      this.#running.delete(assignment);
      bucket.correct(-booked);
      if (this.#ended) return;
      // The chain stands still: nothing more is to be fetched.
      if (error instanceof SyncError && error.code === 'halted') return this.#options.failed(error);
      if (!(error instanceof AskFailed)) coordinator.withdrawn(assignment);
      else if (!this.#fail(assignment, error.code !== 'gone')) return;
    }
    this.#options.changed();
    this.pump();
  }

  /** The request is made again, if it may be. */
  #fail(assignment: Assignment, counts: boolean): boolean {
    try {
      this.#options.coordinator.failed(assignment, counts);
      return true;
    } catch (last) {
      this.#options.failed(last as Error);
      return false;
    }
  }

  /** Ends the requests whose blocks have come from another peer. */
  #withdrawCovered(): void {
    for (const [assignment, controller] of Array.from(this.#running)) {
      if (!this.#options.coordinator.covered(assignment)) continue;
      this.#options.asker.overtaken(assignment.peer);
      controller.abort(unwanted());
    }
  }
}

const unwanted = () => new SyncError('stopped', 'the answer is no longer wanted');

/** A peer with less than half of the best one's bandwidth, or that never answered in time, gets smaller requests, so that the others do not wait for it. */
function batchFor(batch: number, { bandwidth, reliability }: PeerRecord, best: number): number {
  const share = bandwidth === undefined ? reliability : bandwidth * 2 >= best ? 1 : bandwidth / best;
  return Math.max(1, Math.round(batch * Math.max(LEAST_BATCH_SHARE, share)));
}
