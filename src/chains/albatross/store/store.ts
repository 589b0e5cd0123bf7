import type { Block, MacroBlock } from '../wire/types.ts';
import type { Hash } from '../../../base/hash.ts';
import type { ArchivedBlock } from '../chain/election-archive.ts';
import type { AnswerBlock } from '../../../engine/questions.ts';
import type { ProofRecord } from '../chain/proof-record.ts';
import type { HistoricTransaction } from '../wire/history.ts';
import type { ZkProof } from '../wire/requests.ts';
import type { DecodedKey } from '../../../crypto/jobs.ts';
import type { KeptBan } from '../../../engine/peers/peer-book.ts';
import type { RememberedPeer } from '../../../engine/peers/remembered-peers.ts';
import type { AlbatrossCounts } from '../chain/checked-counts.ts';
import type { Anchor } from '../../../engine/trust.ts';

/**
 * A stored chain that passed every integrity check: checksums, hashes and links. Its own claims are not believed
 * (`chains/albatross/client/stored-check.ts`).
 */
export interface StoredChain {
  /** The anchor that the store claims for the chain. */
  readonly anchor: Anchor;
  /** Counts since the anchor, for the trust record. */
  readonly checked: AlbatrossCounts;
  /** The election block whose validators are active, whole (validators and justification). Undefined: genesis. */
  readonly election: MacroBlock | undefined;
  /** The election block before it, whole, if it is held: its validators signed `election`. Absent if `election` is the anchor. */
  readonly previousElection?: MacroBlock | undefined;
  /** The newest checkpoint after it, if any, with justification. */
  readonly checkpoint: MacroBlock | undefined;
  /** The micro blocks after the newest macro block, ascending, ending with the head. */
  readonly tail: readonly Block[];
}

/** One change of the chain, written in one transaction, with the head last. */
export interface ChainCommit {
  /** The stored chain was given up: it is deleted in the same transaction. */
  readonly startsOver?: boolean | undefined;
  readonly anchor: Anchor;
  readonly checked: AlbatrossCounts;
  /** Election blocks new since the last commit, ascending, with validators and justification. */
  readonly elections: readonly MacroBlock[];
  readonly checkpoint: MacroBlock | undefined;
  readonly tail: readonly Block[];
  readonly head: { readonly height: number; readonly hash: Hash };
}

/** A zero-knowledge proof, and the hash of the election block that it covers. */
export interface ArchivedProof {
  readonly message: ZkProof;
  readonly block: Hash;
}

/** A change of the archive for other clients. An undefined block, or the proof `none`, is deleted. Everything not named stays. */
export interface ArchiveChange {
  readonly blocks: ReadonlyMap<Hash, ArchivedBlock | undefined>;
  readonly proof?: ArchivedProof | 'none' | undefined;
}

/** An entry of the history that was proven, and the final block that proved it. Its hash is its key, which the reader has to compute again. */
export interface KeptEntry {
  readonly entry: HistoricTransaction;
  readonly ground: AnswerBlock;
}

export type LoadOutcome =
  | { readonly kind: 'empty' }
  | { readonly kind: 'chain'; readonly chain: StoredChain }
  /** Unusable data was found and has been set aside (emptied). */
  | { readonly kind: 'damaged'; readonly code: string; readonly data: Readonly<Record<string, string | number>> };

/** Keeps the verified chain beyond the hub's lifetime. Implemented over IndexedDB and in memory; both pass `test/support/store-compliance.ts`. */
export interface Store {
  readonly kind: 'indexeddb' | 'memory';
  load(): Promise<LoadOutcome>;
  /**
   * Makes this store the owner and returns the fencing number: the count of grants so far. From then on every write of an earlier owner
   * fails with `stale-owner`. A store that never took a number is the owner only as long as no other store takes one.
   */
  takeFencing(): Promise<number>;
  /** Writes a change. If it has new macro blocks, it is on the disk when this resolves. Throws `StorageError`; then what was stored before is unchanged. */
  commit(change: ChainCommit): Promise<void>;
  /** An old election block's header by hash or height, without its validator list. */
  election(key: Hash | number): Promise<{ readonly height: number; readonly hash: Hash; readonly block: MacroBlock } | undefined>;
  /** Decoded voting keys by compressed bytes; unknown ones are left out. Checked on load: the point's x equals the compressed one. */
  decodedKeys(compressed: readonly Uint8Array[]): Promise<readonly DecodedKey[]>;
  putDecodedKeys(keys: readonly DecodedKey[]): Promise<void>;
  /** How far the store claims the election chain is verified, regardless of the chain's anchor. Unreadable records are left out. */
  proofs(): Promise<readonly ProofRecord[]>;
  /** Replaces the record of that origin. */
  putProof(record: ProofRecord): Promise<void>;
  dropProof(origin: ProofRecord['origin']): Promise<void>;
  /** The archive of the way from genesis for other clients; it outlives the chain. Unreadable rows are left out. Rows beyond `maxBytes` are deleted, a step after the bound. */
  archive(maxBytes?: number): Promise<{ readonly blocks: ReadonlyMap<Hash, ArchivedBlock>; readonly proof: ArchivedProof | undefined }>;
  putArchive(change: ArchiveChange): Promise<void>;
  /** The proven entries with these hashes; unknown and unreadable ones are left out. They are of the stored chain, and are deleted with it. */
  history(hashes: readonly Hash[]): Promise<ReadonlyMap<Hash, KeptEntry>>;
  /** Adds proven entries, or replaces them. At the bound those that were written first are deleted; larger entries are left out. */
  putHistory(entries: ReadonlyMap<Hash, KeptEntry>): Promise<void>;
  clearHistory(): Promise<void>;
  /** Peers that were caught lying. Unreadable entries are left out. */
  bans(): Promise<readonly KeptBan[]>;
  /** Replaces the stored bans. */
  putBans(bans: readonly KeptBan[]): Promise<void>;
  /** Peers that served us well. Unreadable entries are left out. */
  peers(): Promise<readonly RememberedPeer[]>;
  /** Replaces the stored peers. */
  putPeers(peers: readonly RememberedPeer[]): Promise<void>;
  /**
   * Makes room if more than nine tenths of `cap` bytes are held: deletes first the archive for other clients, then the proven
   * entries, then the oldest election headers, then the decoded keys. What the chain rests on stays. Returns the bytes held then. Throws `StorageError`.
   */
  trim(cap: number): Promise<number>;
  /** Approximate bytes held. */
  size(): Promise<number>;
  /** Deletes everything that claims something was verified; bans and decoded keys stay. */
  setAside(): Promise<void>;
  /** Deletes everything but the fencing number. */
  wipe(): Promise<void>;
  close(): Promise<void>;
}
