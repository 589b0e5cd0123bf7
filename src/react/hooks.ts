/**
 * A client's state as React hooks; each component is rendered again when its part changes.
 * @unstable Until version 1.0 anything here may change.
 * @module
 */

import type { Client, Head, LogEntry, Notice, PeerView, Status, TrustRecord } from '../client/types.ts';
import { storesOf } from './client-stores.ts';
import type { ExternalStore } from './external-store.ts';
import { useStore } from './use-store.ts';

const nothing: ExternalStore<undefined> = { subscribe: () => () => undefined, get: () => undefined };

/** What the client is doing; `undefined` until it is known, and as long as there is no client. */
export function useStatus(client: Client | undefined): Status | undefined {
  return useStore<Status | undefined>(client ? storesOf(client).status : nothing);
}

/** The newest block and the newest final one; `undefined` until they are known. */
export function useHead(client: Client): Head | undefined {
  return useStore(storesOf(client).head)?.head;
}

/** The peers; empty until they are known. */
export function usePeers(client: Client): readonly PeerView[] {
  return useStore(storesOf(client).peers);
}

/** What the head rests on; `undefined` until it is known. */
export function useTrust(client: Client): TrustRecord | undefined {
  return useStore(storesOf(client).trust);
}

/** The newest 200 log entries, oldest first, including those from before the component was mounted. */
export function useLog(client: Client): readonly LogEntry[] {
  return useStore(storesOf(client).log);
}

/** The newest 50 notices since the first component asked for them, oldest first. */
export function useNotices(client: Client): readonly Notice[] {
  return useStore(storesOf(client).notices);
}
