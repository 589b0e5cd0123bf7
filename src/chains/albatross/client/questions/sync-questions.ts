import type { Clock } from '../../../../base/clock.ts';
import type { ChainClient } from '../../../../engine/driver.ts';
import { QuestionError } from '../../../../engine/questions.ts';
import type { MeasuredSync, MeasuredSyncPeer } from '../../../../engine/sync/measured-views.ts';
import type { SyncPhase, SyncProgressView, SyncStatusView } from '../../../../engine/sync/sync-views.ts';
import type { CheckedCounts } from '../../../../engine/trust.ts';
import type { PeerView, Phase } from '../../../../engine/view.ts';

/** What the answers are taken from. */
export type SyncSource = Pick<ChainClient, 'getStatus' | 'getHead' | 'getPeers' | 'getTrust' | 'getBlock'>;

/** Albatross syncs by election blocks and proofs of its own, and always. It has no state, no snapshots of one, and nothing to steer. */
export const unsupportedSyncCalls = [
  'startSync', 'stopSync', 'syncBlocks', 'verifyBlockChain', 'syncStateToHeight', 'downloadStateSnapshot', 'verifyStateConsistency', 'addSyncPeer', 'removeSyncPeer',
] as const;

const phases: Readonly<Record<Phase, SyncPhase>> = {
  starting: 'waiting', connecting: 'waiting', waiting: 'waiting', 'catch-up': 'blocks', 'live-sync': 'blocks', established: 'live', stale: 'live', stopped: 'idle', failed: 'failed',
};

/** Peers whose height counts as a claim. */
const heard: ReadonlySet<PeerView['state']> = new Set(['connected', 'live', 'behind', 'ahead', 'outdated']);

/** What the sync of Albatross can truthfully say in the engine's words: everything here is measured, and what is not is left out. */
export class SyncQuestions {
  readonly #source: SyncSource;
  readonly #clock: Clock;
  readonly #startedAt: number;
  /** Blocks verified by earlier sessions. */
  #before: number | undefined;

  constructor(source: SyncSource, clock: Clock) {
    this.#source = source;
    this.#clock = clock;
    this.#startedAt = clock.now();
  }

  status(): SyncStatusView {
    const { phase, reason } = this.#source.getStatus();
    const { current, target, targetProven } = this.#heights();
    return { phase: phases[phase], strategy: undefined, current, target, targetProven, lastError: reason && { code: reason.code, data: reason.data } };
  }

  progress(): SyncProgressView {
    const { progress, reason, network } = this.#source.getStatus();
    const heights = this.#heights();
    const { current, target } = heights;
    const remaining = target - current;
    const whole = target - network.genesisHeight;
    return {
      ...heights,
      synced: this.#synced(),
      remaining,
      percent: remaining === 0 ? 100 : Math.min(99.9, Math.max(0, ((current - network.genesisHeight) / whole) * 100)),
      timeLeft: this.timeLeft(),
      // Epochs a second are no blocks a second: not all blocks of an epoch are fetched.
      rate: progress?.unit === 'blocks' ? progress.rate : undefined,
      strategy: undefined,
      trend: remaining > 0 && reason !== undefined && reason.code !== 'catching-up' ? 'stalled' : 'steady',
    };
  }

  /** Milliseconds; undefined until measured. */
  timeLeft(): number | undefined {
    const { phase, progress } = this.#source.getStatus();
    return phase === 'established' ? 0 : progress?.timeLeft;
  }

  peers(): readonly MeasuredSyncPeer[] {
    return this.#source.getPeers().flatMap((peer): MeasuredSyncPeer[] => {
      const { id, address, height = 0, state, latency, score, reason } = peer;
      if (id === '' || state === 'connecting' || state === 'down') return [];
      const banned = state === 'banned';
      return [{
        id, address, height, latency,
        health: banned ? 'banned' : state === 'live' || state === 'connected' ? 'healthy' : state === 'behind' || state === 'outdated' ? 'slow' : 'silent',
        role: banned ? 'banned' : state === 'live' ? 'active' : 'spare',
        bandwidth: undefined, reliability: undefined, useful: undefined,
        quality: score,
        ban: banned && reason ? { code: reason.code, until: undefined } : undefined,
      }];
    });
  }

  monitor(): MeasuredSync {
    const peers = this.#source.getPeers().filter(({ id }) => id !== '');
    return {
      peers: Object.fromEntries(peers.map(({ id, received, latency }) => [id, { bytes: received, latencies: latency === undefined ? [] : [latency] }])),
      bytes: peers.reduce((sum, { received }) => sum + received, 0),
      elapsed: this.#clock.now() - this.#startedAt,
    };
  }

  /** By name; arguments come unchecked from a page. */
  table(): readonly (readonly [string, (args: readonly unknown[], signal: AbortSignal | undefined) => unknown])[] {
    return [
      ['getSyncStatus', () => this.status()],
      ['getSyncProgress', () => this.progress()],
      ['getSyncPeers', () => this.peers()],
      ['getSyncMonitor', () => this.monitor()],
      ['estimateSyncCompletion', () => this.timeLeft()],
      ['syncSingleBlock', ([height], signal) => this.#single(heightOf(height), signal)],
      ...unsupportedSyncCalls.map((call) => [call, () => unsupported(call)] as const),
    ];
  }

  /** A block by height, as far as hashes link it to a verified one. */
  async #single(at: number, signal: AbortSignal | undefined): Promise<{ readonly height: number; readonly id: string; readonly parent: string; readonly size: number } | undefined> {
    const block = await this.#source.getBlock(at, { signal });
    return block && { height: block.height, id: block.hash, parent: block.parentHash, size: block.bytes.length };
  }

  #heights(): Pick<SyncProgressView, 'current' | 'target' | 'targetProven'> {
    const current = this.#source.getHead().latest.height;
    const claims = this.#source.getPeers().flatMap(({ state, height }) => (heard.has(state) && height !== undefined ? [height] : []));
    const target = Math.max(current, ...claims);
    return { current, target, targetProven: target === current };
  }

  #synced(): number {
    const now = blocksIn(this.#source.getTrust().checked);
    // After a wipe the counts begin anew.
    if (this.#before === undefined || now < this.#before) this.#before = this.#before === undefined ? now : 0;
    return now - this.#before;
  }
}

function blocksIn({ electionBlocks = 0, checkpoints = 0, microBlocks = 0 }: CheckedCounts): number {
  return electionBlocks + checkpoints + microBlocks;
}

function unsupported(call: string): never {
  throw new QuestionError('unsupported', { question: call });
}

function heightOf(value: unknown): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 0xffff_ffff) return value;
  throw new QuestionError('bad-argument', { expected: 'a height', came: String(value).slice(0, 80) });
}
