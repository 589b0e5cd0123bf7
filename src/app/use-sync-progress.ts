import { useEffect, useReducer } from 'react';
import type { Status } from '../client/types.ts';
import { followSync, type SyncProgress } from './sync-progress.ts';

/** The progress of the sync that is under way. */
export function useSyncProgress(status: Status | undefined): SyncProgress | undefined {
  const [shown, follow] = useReducer(followSync, undefined);
  useEffect(() => {
    if (status) follow(status);
  }, [status]);
  return shown;
}
