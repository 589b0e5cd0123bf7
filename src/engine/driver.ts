/**
 * What a chain must bring so that the hub can run its client. The hub knows no chain: it gets a driver by the chain's name
 * (`chains/registry.ts`), gives it the means (clock, verifiers, peer connections, settings), and passes on what its client tells.
 * @module
 */

import type { Clock } from '../base/clock.ts';
import type { Emitter } from '../base/emitter.ts';
import type { NoticeCode } from '../base/log-codes.ts';
import type { Random } from '../base/random.ts';
import type { Verify } from '../crypto/jobs.ts';
import type { Attention } from './live/attention.ts';
import type { RtcHost } from './rtc-host.ts';
import type { Settings } from './settings.ts';
import type { BlockView, ChainClientEvents, ClientStatus, Head, LogEntry, NetworkView, PeerView, TrustRecord } from './view.ts';

/** The checked parameters of a network. The rest of them is the chain's own. */
export interface ChainNetwork {
  /** 64 lower-case hex digits. */
  readonly genesisHash: string;
}

/** The one client of a network: chain, sync, network and store. It knows nothing of tabs and workers. */
export interface ChainClient {
  getStatus(): ClientStatus;
  getHead(): Head;
  getPeers(): readonly PeerView[];
  getTrust(): TrustRecord;
  /** Oldest first. */
  getLog(): readonly LogEntry[];
  /**
   * A block by hash (64 lower-case hex digits) or height, from the chain, the store or the peers; undefined if none of them has it. A block
   * by height is returned only if hashes link it to a verified block. Rejects only with the signal's reason.
   */
  getBlock(hashOrHeight: string | number, options?: { readonly signal?: AbortSignal | undefined }): Promise<BlockView | undefined>;
  /**
   * Answers a question of the chain's own, such as one about an account, with a proof that was checked here. The arguments come unchecked
   * from a page; they and the answer can be cloned. Rejects with `QuestionError` or the signal's reason.
   */
  ask(question: string, args: readonly unknown[], options?: { readonly signal?: AbortSignal | undefined }): Promise<unknown>;
  readonly events: Emitter<ChainClientEvents>;
  /** Deletes everything stored and starts over from genesis. Throws `StorageError`; the client then continues as before. */
  wipe(): Promise<void>;
  /** The current chain, to carry to another browser: its newest election block, checkpoint and running batch. */
  exportSnapshot(): Uint8Array;
  /**
   * Takes over a snapshot that another client exported, if it is further ahead. Everything in it is verified here; nothing in it is
   * trusted. Throws `SnapshotError` (nothing has changed then) or the signal's reason.
   */
  importSnapshot(bytes: Uint8Array, options?: { readonly signal?: AbortSignal | undefined }): Promise<void>;
  /** For a client that works in memory: opens the database and continues in it. Retries with back-off until that works. */
  returnToStore(): void;
  /** Which pages look at the client. This decides how many peers it keeps. When no page can, everything is written to the store. */
  setAttention(attention: Attention): void;
  /** Stops, writes everything that is not written yet, and closes the store. */
  close(): Promise<void>;
}

/** What a client is started with. */
export interface ClientContext<Network extends ChainNetwork> {
  readonly network: Network;
  readonly settings: Settings;
  readonly verify: Verify;
  /** Peer connections; the tabs make them. Without it there are none. */
  readonly rtc: RtcHost | undefined;
  readonly clock: Clock;
  readonly random: Random;
  /** The name of the database. */
  readonly database: string;
  /** The id of the hub, for the journal of its writes (`settings.ownerJournal`). */
  readonly hub: string;
  /** The store belongs to another hub: nothing on disk may be touched. */
  readonly memoryOnly: boolean;
  /** A notice for the tabs. */
  readonly notice: (level: 'info' | 'warning' | 'error', code: NoticeCode, data: Readonly<Record<string, string | number>>) => void;
}

export interface StartedClient {
  readonly client: ChainClient;
  /** How often the store was taken, including by us: once for each grant of the owner lock, and once for each return after a fault. */
  readonly fencing: number;
}

/** A chain, as the hub sees it: functions and no state. Methods, so that a driver of one network type fits where any is wanted. */
export interface ChainDriver<Network extends ChainNetwork = ChainNetwork> {
  /** The chain's name in hello, registry and the names of database, worker and locks: lower-case letters and digits. */
  readonly chain: string;
  /** Checks what a page gave as the network's parameters. Throws a coded error. */
  checkNetwork(data: unknown): Network;
  /** What the pages are told of the network, before a client runs. */
  networkView(network: Network): NetworkView;
  /**
   * Opens the store, takes its fencing number, and starts the client, whose `close` closes the store. The owner lock is held, or
   * `memoryOnly` is set.
   */
  start(context: ClientContext<Network>): Promise<StartedClient>;
}
