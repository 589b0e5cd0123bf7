/** The views of a sync for pages, where a chain need not measure everything. What it does not measure is undefined or missing, never a made-up number. */

import type { SyncMonitorView, SyncPeerView } from './sync-views.ts';

export interface MeasuredSyncPeer extends Omit<SyncPeerView, 'reliability' | 'useful'> {
  /** Share of the requests that were answered usefully, 0 to 1; undefined: not measured. */
  readonly reliability: number | undefined;
  /** Share of its bytes that were of use, 0 to 1; undefined: not measured. */
  readonly useful: number | undefined;
}

export interface MeasuredSync extends Partial<Omit<SyncMonitorView, 'peers'>> {
  /** By peer's id. Latencies are milliseconds, ascending by time. */
  readonly peers: Readonly<Record<string, { readonly bytes: number; readonly usefulBytes?: number; readonly latencies: readonly number[]; readonly failures?: number }>>;
}
