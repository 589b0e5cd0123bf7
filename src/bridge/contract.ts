/**
 * What page and hub say to each other, as clonable plain values. The public API (`src/client`) hands these out unchanged.
 * Heights are numbers, hashes lower-case hex, times unix milliseconds, durations milliseconds.
 * @module
 */

import type { VerificationJob } from '../crypto/jobs.ts';
import type { Anchor, CheckedCounts, Finality, TrustLevel, Witness } from '../engine/trust.ts';
import type { BackEnd } from './back-end.ts';
import type { VerifierPurpose } from './control-messages.ts';

export type { Anchor, CheckedCounts, Finality, TrustLevel, Witness };

export interface HeadView {
  readonly height: number;
  readonly hash: string;
  readonly timestamp: number;
  readonly type: 'micro' | 'skip' | 'checkpoint' | 'election';
  readonly version: number;
  readonly epoch: number;
  readonly batch: number;
  readonly trust: TrustLevel;
  readonly finality: Finality;
}

export interface Head {
  readonly latest: HeadView;
  readonly final: HeadView;
}

/** How far the head is verified, and what that rests on. `level` is computed from the rest. */
export interface TrustRecord {
  readonly level: TrustLevel;
  readonly anchor: Anchor;
  /** What was checked since the anchor. */
  readonly checked: CheckedCounts;
  /** The verification of the past that will raise the level; undefined where nothing is left to prove, or nothing runs. */
  readonly proof: ProofView | undefined;
}

/** How the verification of the past stands. Comes with every `trust` event: once a batch, some two a second at most. */
export interface ProofView {
  /** `waiting`: no peer has what it needs at the moment; it is tried again by itself. */
  readonly state: 'running' | 'waiting';
  /** The level that its end earns. */
  readonly toward: 'pinned' | 'proven';
  /** Epochs verified, those of earlier sessions included, and epochs to verify in all. */
  readonly done: number;
  readonly total: number;
  readonly unit: 'epochs';
  /** Epochs per second, of the last ten seconds; undefined until measured and while waiting. */
  readonly rate: number | undefined;
  /** Milliseconds; undefined without a rate. */
  readonly timeLeft: number | undefined;
  /** What it has verified so far; becomes part of the record's `checked` at its end. */
  readonly checked: CheckedCounts;
}

export type Phase = 'starting' | 'connecting' | 'macro-sync' | 'live-sync' | 'established' | /** Followed, but the head stands still for longer than the network needs. */ 'stale' | 'waiting' | 'stopped' | 'failed';

export interface Progress {
  /** In the unit of the phase: peers (connecting), epochs (macro-sync), blocks (live-sync). */
  readonly done: number;
  readonly total: number;
  readonly unit: 'peers' | 'epochs' | 'blocks';
  /** Per second; undefined until measured. */
  readonly rate: number | undefined;
  readonly timeLeft: number | undefined;
}

/** Signatures, proofs and seeds as jobs. Counted since the hub started; where no hub is, all are zero. */
export interface VerificationCounts {
  /** Jobs that wait for a worker. */
  readonly queued: number;
  /** Jobs under way, on workers or on the hub's own thread. */
  readonly running: number;
  /** Jobs answered, whatever the answer. */
  readonly done: number;
  /** Of those, the ones whose answer was `invalid`. */
  readonly failed: number;
  /** Workers lent by tabs; with none, the hub verifies itself. */
  readonly workers: number;
  /** Each of them, in the order in which they were lent. */
  readonly verifiers: readonly VerifierView[];
}

/** A worker that verifies, as the hub sees it; `backend` and `reason` by its own word. */
export type VerifierView = BackEnd & {
  /** Zero-knowledge proofs, or everything else. */
  readonly purpose: VerifierPurpose;
  /** The kind of the job that it has at the moment. */
  readonly busy: VerificationJob['kind'] | undefined;
  /** Jobs it has answered. */
  readonly done: number;
  /** Of those, mean by the hub's clock, the way there and back included; undefined before the first. */
  readonly millisecondsPerJob: number | undefined;
};

/** What this client gives to other Petrel clients, and how they reach it. Counted since the hub started. */
export interface SharingView {
  /** Bytes of answers and headers given to other Petrel clients. */
  readonly uploaded: number;
  /** Bytes that may be given within an hour; 0: nothing is. */
  readonly uploadCap: number;
  /** Bytes of answers given to nodes of the network, and the most that may within an hour. */
  readonly toNodes: { readonly bytes: number; readonly cap: number };
  /** Peer connections (WebRTC) of all pages: open now, made so far, and the most that one page may make. */
  readonly rtc: { readonly open: number; readonly made: number; readonly limit: number };
  /** Bytes that went through relays, and the most that may within an hour. */
  readonly relay: { readonly bytes: number; readonly cap: number };
  /** Multiaddresses at which other browsers reach this client through relays; empty while there is no relay. */
  readonly addresses: readonly string[];
}

/** Of a client that shares nothing. */
export const noSharing: SharingView = { uploaded: 0, uploadCap: 0, toNodes: { bytes: 0, cap: 0 }, rtc: { open: 0, made: 0, limit: 0 }, relay: { bytes: 0, cap: 0 }, addresses: [] };

/** Where the hub runs: in a worker that all tabs share, in the worker of one tab that was elected for all, or in the tab's own. */
export type HostKind = 'shared-worker' | 'elected-worker' | 'dedicated-worker';

export interface Status {
  readonly network: { readonly name: string; readonly genesisHash: string; readonly genesisHeight: number; readonly blocksPerBatch: number; readonly batchesPerEpoch: number; readonly blockSeparationTime: number };
  readonly phase: Phase;
  readonly consensus: 'established' | 'lost' | 'connecting';
  readonly progress: Progress | undefined;
  readonly peers: { readonly connected: number; readonly live: number; readonly wanted: number };
  readonly host: { readonly kind: HostKind | 'node'; readonly build: string; readonly tabs: number; readonly verifiers: number; readonly fencing: number };
  readonly verification: VerificationCounts;
  readonly storage: { readonly kind: 'indexeddb' | 'memory'; readonly bytes: number; /** Most that may be held, in bytes. */ readonly cap: number };
  readonly sharing: SharingView;
  /** A coded reason when `phase` is `failed`, `waiting` or `stale`, and where there is more to say of another. */
  readonly reason: { readonly code: string; readonly data: Readonly<Record<string, string | number>> } | undefined;
}

export interface PeerView {
  readonly id: string;
  readonly address: string;
  readonly transport: 'ws' | 'wss' | 'webrtc';
  /** A node of the network, or another Petrel client. */
  readonly kind: 'nimiq' | 'petrel';
  readonly state: 'connecting' | 'connected' | 'live' | 'outdated' | 'incompatible' | 'behind' | 'ahead' | /** Broke a rule as others did: the error may be this client's. */ 'aside' | 'banned' | 'down';
  readonly height: number | undefined;
  /** Milliseconds, of the last answer. */
  readonly latency: number | undefined;
  /** Bytes of its answers and gossip since it joined, before any compression or encryption. */
  readonly received: number;
  readonly score: number;
  readonly reason: { readonly code: string; readonly data: Readonly<Record<string, string | number>> } | undefined;
}

export interface BlockView extends HeadView {
  readonly parentHash: string;
  readonly parentElectionHash: string | undefined;
  readonly stateRoot: string;
  readonly bodyRoot: string;
  readonly historyRoot: string;
  readonly extraData: Uint8Array;
  /** postcard of the block as the network serves it (without body). */
  readonly bytes: Uint8Array;
}

export interface HeadEvent {
  readonly head: Head;
  /** Ascending. `adopted` ends with the new head. */
  readonly adopted: readonly HeadView[];
  readonly reverted: readonly HeadView[];
  /** True when this tab was too slow and blocks were left out: `head` is right, `adopted` and `reverted` are then empty. */
  readonly gap?: true;
}

/** Something a person should know. The text is made by the app from the code. */
export interface Notice {
  readonly time: number;
  readonly level: 'info' | 'warning' | 'error';
  readonly code: string;
  readonly data: Readonly<Record<string, string | number>>;
}

export interface LogEntry extends Notice {
  readonly area: 'hub' | 'network' | 'peers' | 'sync' | 'chain' | 'storage' | 'verify';
}

export interface ClientEvents {
  status: Status;
  head: HeadEvent;
  peers: readonly PeerView[];
  trust: TrustRecord;
  notice: Notice;
  log: LogEntry;
}
