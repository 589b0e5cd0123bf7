import type { CallOptions } from '../bridge/call-client.ts';
import type { BlockView, ClientEvents, Head, LogEntry, PeerView, Status, TrustRecord } from '../bridge/contract.ts';

export type {
  Anchor,
  BlockView,
  CheckedCounts,
  ClientEvents,
  Finality,
  Head,
  HeadEvent,
  HeadView,
  LogEntry,
  Notice,
  PeerView,
  Phase,
  Progress,
  ProofView,
  Status,
  TrustLevel,
  TrustRecord,
  VerificationCounts,
  VerifierView,
  Witness,
} from '../bridge/contract.ts';
export type { BackEndReason } from '../bridge/back-end.ts';
export type { CallOptions } from '../bridge/call-client.ts';

/**
 * A page's client of one network. Everything it answers was verified in the hub, which all tabs of the origin share; it says itself how far
 * (`trust`) and whether it can still change (`finality`).
 *
 * Heights are numbers, hashes lower-case hex (64 digits), times unix milliseconds. Every method takes a `signal` and a `timeout` (milliseconds,
 * by default 30 000) and rejects with a coded error: `CallError` (`busy`, `deadline`, `bad-argument`, …), `ClientError` (`closed`, `hub-lost`, `hub-hangs`),
 * `HubError` (what went wrong behind the hub), or the signal's own reason.
 *
 * @unstable Until version 1.0 anything here may change.
 */
export interface Client {
  /** What the client is doing. Answers at any time, also while it waits for another tab's client to let go. */
  getStatus(options?: CallOptions): Promise<Status>;
  /** The newest block and the newest final one. After a restart these are the stored ones at once. */
  getHead(options?: CallOptions): Promise<Head>;
  /**
   * A block by its hash, or by its height on the main chain: from what is stored, else from peers by hash. `undefined` when there is none that
   * links to a verified block.
   */
  getBlock(hashOrHeight: string | number, options?: CallOptions): Promise<BlockView | undefined>;
  getPeers(options?: CallOptions): Promise<readonly PeerView[]>;
  /** What the head rests on: the anchor, its witnesses if it has any, and what was checked since. */
  getTrust(options?: CallOptions): Promise<TrustRecord>;
  /** The newest log entries, oldest first; a bounded ring. */
  getLog(options?: CallOptions): Promise<readonly LogEntry[]>;
  /** Forgets everything stored for this network, for all tabs, and starts over. */
  wipe(options?: CallOptions): Promise<void>;
  /** The verified chain in one piece, some 100 kB, to carry to another browser. */
  exportSnapshot(options?: CallOptions): Promise<Uint8Array>;
  /**
   * Takes over an exported chain that leads further than ours. It is never trusted: every block is verified here, and an election block that
   * does not follow on ours is taken only into an empty client and on the word of live peers. Rejects with a `HubError` of source
   * `SnapshotError` (`not-newer`, `not-linked`, `not-confirmed`, `refused`, `damaged`, …); nothing has changed then.
   */
  importSnapshot(bytes: Uint8Array, options?: CallOptions): Promise<void>;

  /**
   * Calls `listener` at every event, never before `on` has returned; the returned function ends it. A listener of `status`, `head`, `peers`
   * or `trust` first gets the current value, as soon as there is one. Those three but `head` are the newest value only; head events are
   * merged while the page is busy (`mergeHeads`), and where even that was too much, have `gap`.
   *
   * An exception thrown by a listener is reported as an uncaught one and disturbs nobody else.
   */
  on<K extends keyof ClientEvents>(event: K, listener: (value: ClientEvents[K]) => void): () => void;

  /** Ends this page's part: its subscriptions, calls and verifiers. The shared client goes on for other tabs and stops after the last one. */
  close(): Promise<void>;
}
