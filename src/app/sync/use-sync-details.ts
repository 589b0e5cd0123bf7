import { useEffect, useState } from 'react';
import type { Client, MeasuredSync, MeasuredSyncPeer, SyncProgressView, SyncStatusView } from '../../client/types.ts';

export interface SyncDetails {
  readonly status: SyncStatusView;
  readonly progress: SyncProgressView;
  readonly peers: readonly MeasuredSyncPeer[];
  readonly monitor: MeasuredSync;
}

/** Milliseconds between two questions: a person reads no faster, and the answers are some kilobytes. */
const INTERVAL = 1000;

/** What the client says of its sync, as long as the panel is open; `error`: why it says nothing. The last answer stays. */
export function useSyncDetails(client: Pick<Client, 'sync'>): { readonly details: SyncDetails | undefined; readonly error: unknown } {
  const [state, setState] = useState<{ readonly details: SyncDetails | undefined; readonly error: unknown }>({ details: undefined, error: undefined });
  useEffect(() => {
    const abort = new AbortController();
    const { signal } = abort;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ask = async () => {
      try {
        const [status, progress, peers, monitor] = await Promise.all([client.sync.getSyncStatus({ signal }), client.sync.getSyncProgress({ signal }), client.sync.getSyncPeers({ signal }), client.sync.getSyncMonitor({ signal })]);
        if (!signal.aborted) setState({ details: { status, progress, peers, monitor }, error: undefined });
      } catch (error) {
        if (!signal.aborted) setState(({ details }) => ({ details, error }));
      }
      if (!signal.aborted) timer = setTimeout(() => void ask(), INTERVAL);
    };
    void ask();
    return () => {
      abort.abort();
      clearTimeout(timer);
    };
  }, [client]);
  return state;
}
