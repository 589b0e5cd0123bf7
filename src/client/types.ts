import type { CallOptions } from '../bridge/calls/call-client.ts';
import type { CallErrorCode, ClientErrorCode, HelloErrorCode } from '../bridge/errors.ts';
import type { HotStuff2Api } from './hotstuff2-api.ts';
import type { StacksApi } from './stacks-api.ts';
import type { MolochApi } from './moloch-api.ts';
import type { SyncApi } from './sync-api.ts';
import type { WalletApi } from './wallet-api.ts';
import type { BlockView, ClientEvents, Head, LogEntry, Notice, PeerView, Status, TrustRecord } from '../bridge/contract.ts';

/** The names of the settings, for code that reads them from a URL. */
export { settingNames } from '../base/setting-names.ts';
export { type NoticeState, standingNotices } from '../bridge/standing-notices.ts';
export type { AccountAnswer, AccountOptions, AccountsApi, StakingApi, TransactionsApi, WalletApi } from './wallet-api.ts';
export type { ProofsApi } from './proofs-api.ts';
export type { HotStuff2Api } from './hotstuff2-api.ts';
export type { StacksApi, StacksQuestionOptions } from './stacks-api.ts';
export type { MolochApi } from './moloch-api.ts';
export type { SyncApi } from './sync-api.ts';
export type { Fault, Snapshot, Stage, Tip } from '../engine/sync/sync-chain.ts';
export type { MeasuredSync, MeasuredSyncPeer } from '../engine/sync/measured-views.ts';
export type { HeightSample, SyncedBlock, SyncErrorCode, SyncMonitorView, SyncPeerView, SyncPhase, SyncProgressView, SyncStatusView, StrategyName } from '../engine/sync/sync-views.ts';
export type { ItemVerdict as BlockVerdict } from '../engine/sync/verify-items.ts';
export type { StacksAccount, StacksBlockDetails, StacksCycle, StacksHead, StacksInventory, StacksNetworkDetails, StacksProofPath, StacksStateAnswer, StacksStateKey, StacksStateValue, StacksTransactionAnswer } from '../chains/stacks/chain/details.ts';
export type { HotStuff2Block, HotStuff2Head, HotStuff2Network, HotStuff2Validators } from '../chains/hotstuff2/chain/details.ts';
export type { MolochBlock, MolochHead, MolochNetwork } from '../chains/moloch/chain/details.ts';
export type { MolochEventView, MolochReturnedEvent } from '../chains/moloch/chain/event-views.ts';
export type { Answer, AnswerBlock, QuestionErrorCode, QuestionOptions } from '../engine/questions.ts';
export type { AccountView, ElectedValidatorView, ReceiptView, StakerView, TransactionPage, TransactionState, TransactionUpdate, TransactionView, ValidatorView } from '../chains/albatross/chain/wallet-views.ts';
export type { AlbatrossCounts } from '../chains/albatross/chain/checked-counts.ts';
export type { AlbatrossBlock, AlbatrossHead, AlbatrossNetwork } from '../chains/albatross/chain/details.ts';
export type { AlbatrossLogCode } from '../chains/albatross/chain/log-codes.ts';
export type {
  Anchor,
  BlockView,
  CheckedCounts,
  ClientEvents,
  Finality,
  Head,
  HeadEvent,
  HeadView,
  LogCode,
  LogEntry,
  Notice,
  NoticeCode,
  PeerView,
  Phase,
  Progress,
  ProofView,
  ReasonCode,
  Status,
  TrustLevel,
  TrustRecord,
  VerificationCounts,
  VerifierView,
  Witness,
} from '../bridge/contract.ts';
export type { BackEndReason } from '../bridge/life/back-end.ts';
export type { Cause } from '../engine/reason-codes.ts';
/** Codes of errors that a page shows. */
export type ProblemCode = ClientErrorCode | HelloErrorCode | CallErrorCode;
export type { CallOptions } from '../bridge/calls/call-client.ts';

/**
 * A page's client of one network. Everything that it answers was verified in the hub, which all tabs of the origin share. Each answer says
 * how far it was verified (`trust`) and whether it can still change (`finality`).
 *
 * Heights are numbers, hashes lower-case hex (64 digits), times unix milliseconds. Every method takes a `signal` and a `timeout`
 * (milliseconds, by default 30 000) and rejects with a coded error: `CallError` (`busy`, `deadline`, `bad-argument`, …), `ClientError`
 * (`closed`, `hub-lost`, `hub-hangs`), `HubError` (an error from behind the hub), or the signal's own reason.
 *
 * @unstable Until version 1.0 anything here may change.
 */
export interface Client extends WalletApi {
  /** The sync: its status, progress, peers and measurements, and calls to steer it. What a chain cannot do is answered with `unsupported`. */
  readonly sync: SyncApi;
  /** The state of a HotStuff-2 chain: values and their proofs. */
  readonly hotstuff2: HotStuff2Api;
  /** The events of a Moloch chain, and their receipts. */
  readonly moloch: MolochApi;
  /** The state of a Stacks chain: accounts, contracts and transactions, with their proofs. */
  readonly stacks: StacksApi;
  /** What the client is doing. Answers at any time, also while it waits for another tab's client to release the lock. */
  getStatus(options?: CallOptions): Promise<Status>;
  /** The newest block and the newest final block. After a restart these are at first the stored ones. */
  getHead(options?: CallOptions): Promise<Head>;
  /**
   * A block by its hash, or by its height on the chain: from the client's own data, else from peers. Hashes link a peer's block to a
   * verified block (`linkedFrom`), which can take long for an old block. Only a block requested by hash may be unlinked (`place`).
   * `undefined`: the chain has no such height yet, or no peer has the block any more: nodes drop all but the election blocks of older
   * epochs.
   */
  getBlock(hashOrHeight: string | number, options?: CallOptions): Promise<BlockView | undefined>;
  getPeers(options?: CallOptions): Promise<readonly PeerView[]>;
  /** What the head rests on: the anchor, its witnesses if it has any, and what was checked since. */
  getTrust(options?: CallOptions): Promise<TrustRecord>;
  /** The newest log entries, oldest first; a bounded ring. */
  getLog(options?: CallOptions): Promise<readonly LogEntry[]>;
  /** Deletes everything stored for this network, for all tabs, and starts over. */
  wipe(options?: CallOptions): Promise<void>;
  /** The verified chain in one piece, some 100 kB, to carry to another browser. */
  exportSnapshot(options?: CallOptions): Promise<Uint8Array>;
  /**
   * Takes over an exported chain that is further ahead than ours. It is never trusted: every block is verified here. An election block that
   * does not follow on ours is accepted only into an empty client, and only if live peers confirm it. Rejects with a `HubError` of source
   * `SnapshotError` (`not-newer`, `not-linked`, `not-confirmed`, `refused`, `damaged`, …); nothing has changed then.
   */
  importSnapshot(bytes: Uint8Array, options?: CallOptions): Promise<void>;
  /** The person has seen this notice: pages that are opened later do not get it, nor earlier ones with its code. */
  closeNotice(notice: Pick<Notice, 'code' | 'time'>, options?: CallOptions): Promise<void>;

  /**
   * Calls `listener` at every event, never before `on` has returned; the returned function removes the listener. A listener of `status`,
   * `head`, `peers` or `trust` first gets the current value, as soon as there is one. Of `status`, `peers` and `trust` only the newest
   * value is delivered. Head events are merged while the page is busy (`mergeHeads`); if there are too many blocks for that, they have
   * `gap`.
   *
   * An exception thrown by a listener is reported as an uncaught one and does not affect other listeners.
   */
  on<K extends keyof ClientEvents>(event: K, listener: (value: ClientEvents[K]) => void): () => void;

  /**
   * This page needs no network for now. The shared client keeps no peers while all pages have paused or are frozen; it stays as it is for the
   * others.
   */
  pause(): void;
  /** This page needs the network again. */
  resume(): void;

  /**
   * Ends this page's part: its subscriptions, calls and verifiers. The shared client continues for other tabs and stops after the last one.
   */
  close(): Promise<void>;
}
