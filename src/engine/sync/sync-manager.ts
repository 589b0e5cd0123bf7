import type { Clock } from '../../base/clock.ts';
import { Emitter } from '../../base/emitter.ts';
import type { Random } from '../../base/random.ts';
import type { PeerReport } from '../peers/peer-net.ts';
import type { ChooseStrategy } from './choose-strategy.ts';
import type { PlanOf } from './strategy-plan.ts';
import type { ChunkStore, Fault, Item, Snapshot, Stage, SyncChain, Tip } from './sync-chain.ts';
import type { SyncConfig } from './sync-config.ts';
import { SyncError } from './sync-error.ts';
import type { SyncPeer } from './sync-peer.ts';
import type { SyncMonitorView, SyncPeerView, SyncProgressView, SyncStatusView } from './sync-views.ts';

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

export interface SyncEvents {
  /** Every `progressReportInterval` while a sync runs, and once at its end. */
  readonly progress: SyncProgressView;
  /** When the phase, the strategy, the target or the last error has changed. */
  readonly status: SyncStatusView;
  /** The sync has reached its target, or has caught up. */
  readonly completed: Tip;
}

/** What a block of a sequence has passed; `fault`: what it has failed, at `stage`. A block after a failed one is not linked. */
export interface ItemVerdict {
  readonly height: number;
  readonly id: string;
  /** The last stage that it has passed; undefined: none. */
  readonly passed: Stage | undefined;
  readonly fault: (Fault & { readonly stage: Stage }) | undefined;
}

/** Fetches, verifies and applies a chain's blocks and state from peers. */
export class SyncManager<B> {
  readonly events: Emitter<SyncEvents>;

  constructor(_options: SyncManagerOptions<B>) {
    this.events = new Emitter<SyncEvents>();
  }

  /**
   * Syncs to the newest height that a peer proves, and repeats until no peer proves more; with `target`, until that height is reached. Waits while
   * there is no peer. Resolves with the tip; rejects with `SyncError`: `busy`, `stopped`, `retries-used-up`, `incomplete`, `halted`.
   */
  startSync(_target?: number): Promise<Tip> {
    return unfinished('startSync');
  }

  /** Ends the sync and its requests, and keeps what is verified. Resolves when nothing runs any more. */
  stopSync(): Promise<void> {
    return Promise.resolve();
  }

  getSyncStatus(): SyncStatusView {
    return { phase: 'idle', strategy: undefined, current: 0, target: undefined, targetProven: false, lastError: undefined };
  }

  /** Fetches blocks and verifies structure, links and signatures; nothing is applied. Both ends are included. */
  syncBlocks(_from: number, _to: number): Promise<readonly Item<B>[]> {
    return unfinished('syncBlocks');
  }

  /** As `syncBlocks`; undefined: the height is above the newest proven one. */
  syncSingleBlock(_height: number): Promise<Item<B> | undefined> {
    return unfinished('syncSingleBlock');
  }

  /** Verifies blocks that are there already: one verdict for each. Nothing is applied. */
  verifyBlockChain(_items: readonly Item<B>[]): Promise<readonly ItemVerdict[]> {
    return unfinished('verifyBlockChain');
  }

  /** Syncs to exactly this height, by a snapshot up to it and the blocks after, and checks the state there. */
  syncStateToHeight(_height: number): Promise<Tip> {
    return unfinished('syncStateToHeight');
  }

  /** Fetches the snapshot with this id, or the newest, into the chunk store. A later sync imports it and fetches nothing of it again. */
  downloadStateSnapshot(_id?: string): Promise<Snapshot> {
    return unfinished('downloadStateSnapshot');
  }

  /** Whether the state root computed from what is stored is the one in the block. Rejects with `unsupported` if there is no state at this height. */
  verifyStateConsistency(_height: number): Promise<boolean> {
    return unfinished('verifyStateConsistency');
  }

  /** Adds a peer, also while a sync runs. */
  addSyncPeer(_peer: SyncPeer<B>): void {}

  /** Forgets a peer; what it was asked for is asked of others. A ban stays. */
  removeSyncPeer(_id: string): void {}

  getSyncPeers(): readonly SyncPeerView[] {
    return [];
  }

  getSyncProgress(): SyncProgressView {
    return { current: 0, target: 0, targetProven: false, synced: 0, remaining: 0, percent: 100, timeLeft: undefined, rate: undefined, strategy: undefined, trend: 'stalled' };
  }

  /** Milliseconds until the target is reached; undefined until known. */
  estimateSyncCompletion(): number | undefined {
    return undefined;
  }

  /** The samples so far. */
  getMonitor(): SyncMonitorView {
    const stages = { structure: 0, link: 0, signature: 0, finality: 0, state: 0 };
    return { downloads: [], validations: [], applications: [], stages, peers: {}, errors: {}, bytes: 0, usefulBytes: 0, coordination: 0, elapsed: 0 };
  }

  /** Stops the sync and forgets all peers. */
  async close(): Promise<void> {
    await this.stopSync();
  }
}

function unfinished(call: string): Promise<never> {
  return Promise.reject(new SyncError('unsupported', `${call} is not there yet`, { call }));
}
