// Tests: `src/engine/sync/sync-manager.test.ts`.
import type { Clock } from '../../base/clock.ts';
import type { Emitter } from '../../base/emitter.ts';
import { ProgressTracker } from './progress-tracker.ts';
import type { SyncChain, Target, Tip } from './sync-chain.ts';
import type { SyncPeers } from './sync-peers.ts';
import type { StrategyName, SyncPhase, SyncProgressView, SyncStatusView } from './sync-views.ts';

export interface SyncEvents {
  /** Every `progressReportInterval` while a sync runs, and once at its end. */
  readonly progress: SyncProgressView;
  /** When the phase, the strategy, the target or the last error has changed. */
  readonly status: SyncStatusView;
  /** The sync has reached its target, or has caught up. */
  readonly completed: Tip;
}

/** What is told of a sync: status, progress and events. */
export class SyncReport {
  readonly #chain: Pick<SyncChain<unknown>, 'tip'>;
  readonly #clock: Clock;
  readonly #peers: Pick<SyncPeers<unknown>, 'active'>;
  readonly #events: Emitter<SyncEvents>;
  readonly #tracker = new ProgressTracker();
  #phase: SyncPhase = 'idle';
  #strategy: StrategyName | undefined;
  #target: Target | undefined;
  #lastError: SyncStatusView['lastError'];
  #startHeight = 0;

  constructor(options: { readonly chain: Pick<SyncChain<unknown>, 'tip'>; readonly clock: Clock; readonly peers: Pick<SyncPeers<unknown>, 'active'>; readonly events: Emitter<SyncEvents> }) {
    this.#chain = options.chain;
    this.#clock = options.clock;
    this.#peers = options.peers;
    this.#events = options.events;
  }

  /** The newest proven height. */
  get target(): Target | undefined {
    return this.#target;
  }

  started(): void {
    this.#tracker.start(this.#clock.monotonic());
    this.#startHeight = this.#chain.tip().height;
    this.#lastError = undefined;
    this.phase('waiting', undefined);
  }

  phase(phase: SyncPhase, strategy: StrategyName | undefined): void {
    if (phase === this.#phase && strategy === this.#strategy) return;
    this.#phase = phase;
    this.#strategy = strategy;
    this.#events.emit('status', this.status());
  }

  proven(target: Target): void {
    if (this.#target && target.height <= this.#target.height) return;
    this.#target = target;
    this.#events.emit('status', this.status());
  }

  /** No height is proven any more. */
  forget(): void {
    this.#target = undefined;
  }

  applied(blocks: number): void {
    this.#tracker.add(blocks, this.#clock.monotonic());
  }

  completed(tip: Tip, phase: 'live' | 'idle'): void {
    this.phase(phase, undefined);
    this.emitProgress();
    this.#events.emit('completed', tip);
  }

  /** Undefined: it was stopped. */
  failed(error: SyncStatusView['lastError']): void {
    this.#lastError = error;
    this.phase(error ? 'failed' : 'idle', undefined);
    this.emitProgress();
  }

  emitProgress(): void {
    this.#events.emit('progress', this.progress());
  }

  status(): SyncStatusView {
    const { height, proven } = this.#goal();
    return { phase: this.#phase, strategy: this.#strategy, current: this.#chain.tip().height, target: height, targetProven: proven, lastError: this.#lastError };
  }

  progress(): SyncProgressView {
    const now = this.#clock.monotonic();
    const current = this.#chain.tip().height;
    const goal = this.#goal();
    const target = Math.max(current, goal.height ?? 0);
    const remaining = target - current;
    const percent = remaining === 0 ? 100 : Math.min(99.9, Math.max(0, (100 * (current - this.#startHeight)) / (target - this.#startHeight)));
    return {
      current, target, targetProven: goal.proven, synced: this.#tracker.synced, remaining, percent, timeLeft: this.#tracker.estimate(remaining, now), rate: this.#tracker.rate(now),
      strategy: this.#strategy, trend: this.#tracker.trend(now),
    };
  }

  /** The proven target, or what peers claim while none is proven. */
  #goal(): { readonly height: number | undefined; readonly proven: boolean } {
    if (this.#target) return { height: Math.max(this.#target.height, this.#chain.tip().height), proven: true };
    const claims = this.#peers.active.map((peer) => peer.claims.height);
    return { height: claims.length === 0 ? undefined : Math.max(...claims), proven: false };
  }
}
