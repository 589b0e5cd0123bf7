import type { CallOptions } from '../bridge/calls/call-client.ts';
import type { MeasuredSync, MeasuredSyncPeer } from '../engine/sync/measured-views.ts';
import type { Snapshot, Tip } from '../engine/sync/sync-chain.ts';
import type { SyncedBlock, SyncProgressView, SyncStatusView } from '../engine/sync/sync-views.ts';
import type { ItemVerdict } from '../engine/sync/verify-items.ts';
import type { Ask } from './ask.ts';

/** Milliseconds: calls that fetch and verify many blocks or a snapshot. A person stops waiting after some ten minutes. */
const LONG_TIMEOUT = 600_000;

/**
 * The sync of the client, for every chain. Each method rejects with `QuestionError` `unsupported` where the chain cannot do that, and
 * `bad-argument`; and with `SyncError` `busy`, `stopped`, `bad-range`, `beyond-tip`, `no-peers`, `retries-used-up`, `incomplete` or `halted`. From
 * behind the hub these come as `HubError`, with the same code and data.
 */
export interface SyncApi {
  /** Syncs up to a height, or else up to the newest proven one, and resolves when it is there. `busy`: a sync runs already. */
  startSync(target?: number, options?: CallOptions): Promise<Tip>;
  /** Ends all requests and keeps what was verified. Nothing happens if no sync runs. */
  stopSync(options?: CallOptions): Promise<void>;
  getSyncStatus(options?: CallOptions): Promise<SyncStatusView>;
  /** The verified blocks of a range, both ends included, ascending; at most 256. */
  syncBlocks(from: number, to: number, options?: CallOptions): Promise<readonly SyncedBlock[]>;
  /** `undefined`: above the newest block. */
  syncSingleBlock(height: number, options?: CallOptions): Promise<SyncedBlock | undefined>;
  /** Verifies 1 to 256 blocks that follow on each other, ascending, each in the bytes in which nodes send it. Nothing is applied. One verdict a block. */
  verifyBlockChain(blocks: readonly Uint8Array[], options?: CallOptions): Promise<readonly ItemVerdict[]>;
  /** Brings the state to a height: from a snapshot at or below it and the blocks after that. */
  syncStateToHeight(height: number, options?: CallOptions): Promise<Tip>;
  /** Downloads a snapshot and checks each chunk of it. Without an id: the newest that peers offer. `syncStateToHeight` imports it. */
  downloadStateSnapshot(id?: string, options?: CallOptions): Promise<Snapshot>;
  /** Whether the stored state has the root that the block at this height names. */
  verifyStateConsistency(height: number, options?: CallOptions): Promise<boolean>;
  /** Dials a multiaddress. False: it is known already. */
  addSyncPeer(address: string, options?: CallOptions): Promise<boolean>;
  /** By the id of `getSyncPeers`, or by address. Its work is given to others. False: it is unknown. */
  removeSyncPeer(id: string, options?: CallOptions): Promise<boolean>;
  getSyncPeers(options?: CallOptions): Promise<readonly MeasuredSyncPeer[]>;
  getSyncProgress(options?: CallOptions): Promise<SyncProgressView>;
  /** Milliseconds until the target is reached; `undefined`: not known yet. */
  estimateSyncCompletion(options?: CallOptions): Promise<number | undefined>;
  /** What was measured since the client was started, as far as this chain measures it. */
  getSyncMonitor(options?: CallOptions): Promise<MeasuredSync>;
}

/** The questions about the sync, as functions. Every chain has them by the same names. */
export function syncApi(ask: Ask): SyncApi {
  const call = <T>(name: keyof SyncApi, args: readonly unknown[], options?: CallOptions) => ask(name, args, options) as Promise<T>;
  const long = (options: CallOptions = {}): CallOptions => ({ ...options, timeout: options.timeout ?? LONG_TIMEOUT });
  return {
    startSync: (target, options) => call('startSync', [target], long(options)),
    stopSync: (options) => call('stopSync', [], options),
    getSyncStatus: (options) => call('getSyncStatus', [], options),
    syncBlocks: (from, to, options) => call('syncBlocks', [from, to], long(options)),
    syncSingleBlock: (height, options) => call('syncSingleBlock', [height], options),
    verifyBlockChain: (blocks, options) => call('verifyBlockChain', [blocks], long(options)),
    syncStateToHeight: (height, options) => call('syncStateToHeight', [height], long(options)),
    downloadStateSnapshot: (id, options) => call('downloadStateSnapshot', [id], long(options)),
    verifyStateConsistency: (height, options) => call('verifyStateConsistency', [height], long(options)),
    addSyncPeer: (address, options) => call('addSyncPeer', [address], options),
    removeSyncPeer: (id, options) => call('removeSyncPeer', [id], options),
    getSyncPeers: (options) => call('getSyncPeers', [], options),
    getSyncProgress: (options) => call('getSyncProgress', [], options),
    estimateSyncCompletion: (options) => call('estimateSyncCompletion', [], options),
    getSyncMonitor: (options) => call('getSyncMonitor', [], options),
  };
}
