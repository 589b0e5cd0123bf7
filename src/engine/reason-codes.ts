/**
 * Why a client is not live. The list is closed: the app does not compile without a text for each.
 * @module
 */

/** Causes that the hub derives from what it observes (`engine/live/why-not-live.ts`). */
export type Cause =
  /** The device says that it has no network. */
  | 'offline'
  /** All tabs are frozen or paused, so no peers are kept. */
  | 'asleep'
  /** There is no address to start from. */
  | 'no-seeds'
  /** The seeds are not WebSocket addresses, and a browser can open no others. `seeds`, `address` (one of them). */
  | 'seeds-no-websocket'
  /** The seeds are `ws` addresses, and only `wss` may be dialled. `seeds`, `address`. */
  | 'seeds-insecure'
  /** The seeds are `wss` addresses without a host name. `seeds`, `address`. */
  | 'seeds-need-name'
  /** The seeds are nodes of another network. `dials`. */
  | 'seeds-other-network'
  /** At the seeds' addresses are other peers than the addresses name. `dials`. */
  | 'seeds-other-identity'
  /** Peers can be reached, but they close the connection. `dials`. */
  | 'peers-refuse'
  /** Every known address is banned. `dials`. */
  | 'peers-banned'
  /** All dials fail. `dials`. */
  | 'no-peers'
  /** Dials neither fail nor succeed. `dials`. */
  | 'slow-line'
  /** `live`, `wanted`. */
  | 'few-peers'
  /** Enough peers are connected, but they deliver nothing that advances the sync. `connected`. */
  | 'peers-silent'
  /** Enough peers are live, but they name different heads. `live`. */
  | 'no-agreement'
  /** The sync makes progress, but it takes its time. */
  | 'catching-up'
  /** The client waits for the database. */
  | 'slow-start'
  /** The device's clock is behind the network's. `seconds` at least, `networks` that agree. */
  | 'clock-behind'
  | 'clock-ahead'
  /** `seconds`. */
  | 'head-stale';

/** Why the sync waits or has given up. */
type SyncReason =
  | 'client-too-old' | 'client-in-doubt' | 'validator-list-undecided' | 'trust-too-low' | 'few-networks' | 'chain-unknown' | 'no-suitable-peers'
  /** Two final blocks exclude each other; both proofs are kept. `height`. */
  | 'chain-halted'
  /** A final block names another state root than is computed here. `height`. */
  | 'state-differs'
  /** The state after a final block names no signers for what comes next. `height`. */
  | 'no-participation'
  /** A page has stopped the sync (`stopSync`). */
  | 'sync-stopped';

/** Problems of the hub or its worker. */
type HostReason = 'owner-elsewhere' | 'owner-older' | 'owner-taken' | 'newer-build' | 'hub-lost' | 'hub-hangs' | 'files-gone';

/** Errors that end the client. */
const failures = [
  'internal', 'already-started', 'listen-failed', 'invalid-options', 'closed', 'unavailable', 'blocked', 'schema-from-the-future', 'migration-failed', 'stale-owner', 'quota', 'no-answer', 'aborted',
  'wrong-type', 'out-of-range', 'not-hex', 'odd-length', 'genesis-undecodable', 'genesis-not-election', 'genesis-hash-mismatch', 'genesis-invalid', 'verifying-key-invalid',
] as const;

export type ReasonCode = Cause | SyncReason | HostReason | (typeof failures)[number];

/** The reason code for an error of any kind. */
export function failureCode(code: string): ReasonCode {
  return failures.find((known) => known === code) ?? 'internal';
}
