/**
 * What a page is told of a sync: plain, clonable values. Heights are numbers, durations milliseconds, rates per second.
 * @module
 */

import type { Stage } from './sync-chain.ts';

/** The last two are those of Moloch (reference, 6.3 and 6.4). */
export type StrategyName = 'fast' | 'incremental' | 'parallel' | 'header-first' | 'warp';

export type SyncPhase = /** Nothing runs. */ 'idle' | /** Waits for a peer, or for a proven target. */ 'waiting' | 'snapshot' | 'blocks' | /** Caught up; new blocks are followed as they are announced. */ 'live' | 'failed';

export interface SyncStatusView {
  readonly phase: SyncPhase;
  /** Undefined while idle, waiting or live. */
  readonly strategy: StrategyName | undefined;
  readonly current: number;
  readonly target: number | undefined;
  /** Whether the target was proven, or is only what peers claim. */
  readonly targetProven: boolean;
  readonly lastError: { readonly code: string; readonly data: Readonly<Record<string, string | number>> } | undefined;
}

export interface SyncProgressView {
  readonly current: number;
  /** May grow; never below what was proven. */
  readonly target: number;
  readonly targetProven: boolean;
  /** Blocks verified in this run. */
  readonly synced: number;
  readonly remaining: number;
  /** 0 to 100; 100 only when nothing remains. */
  readonly percent: number;
  /** Milliseconds; undefined until known. */
  readonly timeLeft: number | undefined;
  /** Blocks a second over the last five seconds; undefined until measured. */
  readonly rate: number | undefined;
  readonly strategy: StrategyName | undefined;
  readonly trend: 'faster' | 'steady' | 'slower' | 'stalled';
}

export interface SyncPeerView {
  readonly id: string;
  readonly address: string;
  readonly height: number;
  readonly health: 'healthy' | 'slow' | 'silent' | 'banned';
  /** `active` is asked, `spare` waits. */
  readonly role: 'active' | 'spare' | 'banned';
  /** Bytes a second. */
  readonly bandwidth: number | undefined;
  /** Milliseconds. */
  readonly latency: number | undefined;
  /** Share of the requests that were answered usefully, 0 to 1. */
  readonly reliability: number;
  /** Share of its bytes that were of use, 0 to 1. */
  readonly useful: number;
  /** 0 to 100: from the four before, less what the peer's offences cost. */
  readonly quality: number;
  /** Why it is banned, and until when (unix milliseconds; undefined: until the client is started anew). */
  readonly ban: { readonly code: string; readonly until: number | undefined } | undefined;
}

/** A verified block, as the sync handles it; `getBlock` tells more of it. */
export interface SyncedBlock {
  readonly height: number;
  /** The block's hash, 64 lower-case hex digits. */
  readonly id: string;
  /** The parent's. */
  readonly parent: string;
  /** Bytes on the line. */
  readonly size: number;
}

/** What the monitor has measured. Exported as JSON as it is. Each list is bounded and ascends by time. */
export interface SyncMonitorView {
  /** Milliseconds by height. A run counts for its last height, divided by its number of blocks. */
  readonly downloads: readonly HeightSample[];
  readonly validations: readonly HeightSample[];
  readonly applications: readonly HeightSample[];
  /** Milliseconds in all, by stage. */
  readonly stages: Readonly<Record<Stage, number>>;
  /** By peer's id. */
  readonly peers: Readonly<Record<string, { readonly bytes: number; readonly usefulBytes: number; readonly latencies: readonly number[]; readonly failures: number }>>;
  readonly errors: Readonly<Record<string, number>>;
  readonly bytes: number;
  readonly usefulBytes: number;
  /** Milliseconds that the sync spent on dividing work, and in all. */
  readonly coordination: number;
  readonly elapsed: number;
}

export interface HeightSample {
  readonly height: number;
  readonly milliseconds: number;
}

export type SyncErrorCode =
  /** A value in the settings that is out of its bounds: `data.setting`, `data.expected`. */
  | 'wrong-setting'
  /** A sync runs already. */
  | 'busy'
  /** `stopSync` was called. */
  | 'stopped'
  /** Heights that are no range: `data.from`, `data.to`. */
  | 'bad-range'
  /** Above the newest proven height: `data.height`, `data.tip`. */
  | 'beyond-tip'
  /** No connected peer has what is needed. */
  | 'no-peers'
  /** The same request failed too often: `data.height`, `data.peers`. */
  | 'retries-used-up'
  /** A snapshot came more slowly than the blocks that it replaces would: `data.height`, `data.peers`. Blocks are fetched. */
  | 'snapshot-slow'
  /** The sync ended below its target: `data.current`, `data.target`. */
  | 'incomplete'
  /** This chain cannot do that: `data.call`. */
  | 'unsupported'
  /** The state that is stored has another root than the block at this height: `data.height`. */
  | 'wrong-state'
  /** Two final blocks contradict each other; both proofs are kept: `data.height`. */
  | 'halted';
