/**
 * The codes of log entries and notices. Both lists are closed: a sender of a code that is not here does not compile, and neither does the
 * app without a text for each (`page/texts.ts`). They are in this folder because all senders may import it. Each chain adds the codes of its
 * own to `ChainLogCodes`, in a file in its folder (`chains/albatross/chain/log-codes.ts`).
 * @module
 */

/** The log codes that only one chain has, by the chain's name. */
export interface ChainLogCodes {}

/** Codes of notices, which the user should see. */
export type NoticeCode =
  // What the chain rests on, and which peers contradict it.
  | 'few-witnesses' | 'witnesses-only-names' | 'no-witnesses' | 'witnesses-disagree' | 'other-chain' | 'chain-contradicted' | 'contradiction-over' | 'anchor-refuted'
  | 'verifying-from-genesis' | 'verified-from-genesis' | 'verified-from-pin' | 'pinned-block-unusable' | 'client-in-doubt' | 'doubt-refuted' | 'doubt-resolved' | 'past-in-doubt' | 'past-doubt-refuted' | 'peer-banned' | 'chain-halted' | 'state-differs'
  // A checkpoint from which signer sets are followed, and their end.
  | 'checkpoint-old' | 'checkpoint-too-old' | 'no-participation'
  // The store. Why it cannot be used: the codes of `StorageError`, or `internal`.
  | 'storage-unavailable' | 'storage-no-answer' | 'storage-blocked' | 'storage-schema-from-the-future' | 'storage-migration-failed' | 'storage-stale-owner' | 'storage-quota' | 'storage-aborted'
  | 'storage-closed' | 'storage-internal' | 'storage-lost' | 'storage-elsewhere' | 'storage-given-up' | 'storage-reopened' | 'storage-resumed'
  | 'commit-failed' | 'stored-chain-refused' | 'stored-halt-refused' | 'snapshot-imported' | 'wiped' | 'wiped-later'
  // The hub and its tabs.
  | 'settings-not-in-force' | 'network-failed' | 'hub-hung' | 'files-gone' | 'events-dropped';

/** Codes of log entries. Most notices are logged, too. */
export type LogCode =
  | NoticeCode | ChainLogCodes[keyof ChainLogCodes]
  // The hub and its tabs.
  | 'tab-joined' | 'tab-left' | 'owner' | 'owner-elsewhere' | 'handing-over' | 'hub-failed' | 'policy-violation' | 'verifier-ended' | 'verifier-lost' | 'verifier-wrong'
  // Peers.
  | 'peer-joined' | 'peer-offence' | 'peer-not-reached' | 'peer-dropped' | 'peer-lied' | 'peer-aside' | 'peer-pardoned' | 'peer-behind' | 'peer-ahead' | 'peer-other-chain' | 'connection-closed' | 'unknown-version' | 'woke-up' | 'dead-links'
  | 'seed-unusable' | 'relay-unusable' | 'relay-reserved' | 'relay-lost' | 'relay-failed' | 'webrtc-not-loaded' | 'browser-refused' | 'browser-not-reached' | 'rtc-channel' | 'rtc-ended'
  // The chain.
  | 'sync-caught-up' | 'sync-behind' | 'sync-failed' | 'jumped' | 'jumped-linked'
  | 'consensus-established' | 'consensus-lost' | 'consensus-connecting' | 'head-round' | 'head-stale' | 'chain-known' | 'chain-unknown' | 'block-rejected'
  // The store.
  | 'stored-chain-restored' | 'stored-chain-checked' | 'stored-chain-unchecked' | 'stored-chain-not-checked' | 'storage-abandoned' | 'storage-not-yet' | 'not-set-aside'
  | 'bans-not-stored' | 'peers-not-stored'
  // Our own errors.
  | 'task-failed' | 'listener-failed' | 'gossip-listener-failed' | 'announcement-failed';
