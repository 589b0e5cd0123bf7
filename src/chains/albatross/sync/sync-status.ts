import type { Clock } from '../../../base/clock.ts';
import { ProgressMeter } from '../../../base/progress.ts';
import type { Progress } from '../../../base/progress.ts';
import type { LightChain } from '../chain/light-chain.ts';
import { phaseOf } from './phase.ts';
import type { PhaseReason, PhaseView, SyncPhase } from './phase.ts';
import type { PicoPeer } from './pico-peer.ts';

type Unit = 'peers' | 'epochs' | 'blocks';
export type SyncProgress = Progress<Unit>;

export interface SyncStatusOptions {
  readonly clock: Clock;
  readonly chain: Pick<LightChain, 'head'>;
  readonly minPeers: number;
  readonly peers: () => readonly Pick<PicoPeer, 'state' | 'height'>[];
  /** What the phase is decided from, besides the peers. */
  readonly view: () => Omit<PhaseView, 'peers' | 'minPeers'>;
  readonly onPhase: (phase: SyncPhase, reason: PhaseReason | undefined) => void;
}

/** What the sync tells of itself: its phase, with the reason, and the progress within the phase. */
export class SyncStatus {
  readonly #options: SyncStatusOptions;
  readonly #meter: ProgressMeter<Unit>;
  #phase: SyncPhase = 'starting';
  #reason: PhaseReason | undefined;
  #epochs: { readonly done: number; readonly total: number } | undefined;
  /** The height at which the live sync began to catch up. */
  #liveStart: number | undefined;

  constructor(options: SyncStatusOptions) {
    this.#options = options;
    this.#meter = new ProgressMeter(options.clock);
  }

  get phase(): SyncPhase {
    return this.#phase;
  }

  get reason(): PhaseReason | undefined {
    return this.#reason;
  }

  get progress(): SyncProgress | undefined {
    this.#measure(this.#phase);
    return this.#meter.current;
  }

  /** Epochs done and to do in a running catch-up; undefined when it is over. Takes effect at the next `update`. */
  setEpochs(epochs: { readonly done: number; readonly total: number } | undefined): void {
    this.#epochs = epochs;
  }

  /** The sync has stopped. */
  end(): void {
    this.#meter.end();
    this.update();
  }

  /** Something changed that the phase is decided from. */
  update(): void {
    const { peers, minPeers, view, onPhase } = this.#options;
    const { phase, reason } = phaseOf({ ...view(), minPeers, peers: peers().map(({ state }) => state) });
    this.#measure(phase);
    const changed = phase !== this.#phase || reason?.code !== this.#reason?.code;
    this.#phase = phase;
    this.#reason = reason;
    if (changed) onPhase(phase, reason);
  }

  /** Updates the progress for this phase. */
  #measure(phase: SyncPhase): void {
    const { chain, minPeers } = this.#options;
    const peers = this.#options.peers();
    const current = this.#meter.current;
    const measure = (unit: Unit, done: number, total: number) => {
      if (current?.unit !== unit || done < current.done) this.#meter.start(unit, total, done);
      else if (done !== current.done || total > current.total) this.#meter.update(done, total);
    };
    if (this.#epochs) return measure('epochs', this.#epochs.done, this.#epochs.total);
    if (phase === 'connecting') return measure('peers', peers.length, Math.max(minPeers, peers.length));
    if (phase !== 'live-sync') {
      this.#liveStart = undefined;
      return this.#meter.end();
    }
    this.#liveStart = Math.min(this.#liveStart ?? chain.head.height, chain.head.height);
    const target = Math.max(chain.head.height, ...peers.flatMap(({ state, height }) => (state === 'live' && height !== undefined ? [height] : [])));
    return measure('blocks', chain.head.height - this.#liveStart, target - this.#liveStart);
  }
}
