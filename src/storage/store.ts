import type { Block, Hash, MacroBlock } from '../albatross/wire/types.ts';
import type { ArchivedBlock } from '../albatross/chain/election-archive.ts';
import type { ProofRecord } from '../albatross/chain/proof-record.ts';
import type { ZkProof } from '../albatross/wire/requests.ts';
import type { DecodedKey } from '../crypto/jobs.ts';
import type { KeptBan } from '../engine/peer-book.ts';
import type { Anchor, CheckedCounts } from '../engine/trust.ts';

/** A stored chain that passed every integrity check: checksums, hashes and links. */
export interface StoredChain {
  readonly anchor: Anchor;
  /** Counts since the anchor, for the trust record. */
  readonly checked: CheckedCounts;
  /** The election block whose validators are active, whole (validators and justification). Undefined: genesis. */
  readonly election: MacroBlock | undefined;
  /** The election block before it, whole, if it is held: its validators signed `election`. Not there when `election` is the anchor. */
  readonly previousElection?: MacroBlock | undefined;
  /** The newest checkpoint after it, if any, with justification. */
  readonly checkpoint: MacroBlock | undefined;
  /** The micro blocks after the newest macro block, ascending, ending with the head. */
  readonly tail: readonly Block[];
}

/** One change of the chain; written in one transaction, the head last. */
export interface ChainCommit {
  /** What is stored belongs to a chain that was given up: it goes, in the same transaction. */
  readonly startsOver?: boolean | undefined;
  readonly anchor: Anchor;
  readonly checked: CheckedCounts;
  /** Election blocks new since the last commit, ascending, with validators and justification. */
  readonly elections: readonly MacroBlock[];
  readonly checkpoint: MacroBlock | undefined;
  readonly tail: readonly Block[];
  readonly head: { readonly height: number; readonly hash: Hash };
}

/** A zero-knowledge proof, and the hash of the election block that it stands for. */
export interface ArchivedProof {
  readonly message: ZkProof;
  readonly block: Hash;
}

/** Part of what other clients are shown; undefined deletes. What is not named stays. */
export interface ArchiveChange {
  readonly blocks: ReadonlyMap<Hash, ArchivedBlock | undefined>;
  readonly proof?: ArchivedProof | undefined;
}

export type LoadOutcome =
  | { readonly kind: 'empty' }
  | { readonly kind: 'chain'; readonly chain: StoredChain }
  /** Something was there and cannot be used; it has been set aside (emptied). */
  | { readonly kind: 'damaged'; readonly code: string; readonly data: Readonly<Record<string, string | number>> };

/** Where the verified chain outlives the hub. Implemented over IndexedDB and in memory; both pass `test/support/store-compliance.ts`. */
export interface Store {
  readonly kind: 'indexeddb' | 'memory';
  load(): Promise<LoadOutcome>;
  /**
   * Makes this store the owner and returns the fencing number: the count of grants so far. From then on every write of an earlier
   * owner fails with `stale-owner`. A store that never took one is the owner only as long as nobody else took one.
   */
  takeFencing(): Promise<number>;
  /** On the disk when it resolves if macro blocks are new. Throws `StorageError`; what was stored before is then unchanged. */
  commit(change: ChainCommit): Promise<void>;
  /** An old election block's header by hash or height, without its validator list. */
  election(key: Hash | number): Promise<{ readonly height: number; readonly hash: Hash; readonly block: MacroBlock } | undefined>;
  /** Decoded voting keys by compressed bytes; unknown ones are left out. Checked on load: the point's x equals the compressed one. */
  decodedKeys(compressed: readonly Uint8Array[]): Promise<readonly DecodedKey[]>;
  putDecodedKeys(keys: readonly DecodedKey[]): Promise<void>;
  /** How far the election chain has been verified, whatever the chain stands on. What does not read as such is left out. */
  proofs(): Promise<readonly ProofRecord[]>;
  /** Replaces the record of that origin. */
  putProof(record: ProofRecord): Promise<void>;
  dropProof(origin: ProofRecord['origin']): Promise<void>;
  /** What other clients are shown of the way from genesis; it outlives the chain. What does not read as such is left out. */
  archive(): Promise<{ readonly blocks: ReadonlyMap<Hash, ArchivedBlock>; readonly proof: ArchivedProof | undefined }>;
  putArchive(change: ArchiveChange): Promise<void>;
  /** Peers that were caught lying. What does not read as such is left out. */
  bans(): Promise<readonly KeptBan[]>;
  /** Replaces them. */
  putBans(bans: readonly KeptBan[]): Promise<void>;
  /**
   * Makes room where more than nine tenths of `cap` bytes are held: what is kept for others goes first, then the oldest election headers, then the
   * decoded keys; what the chain rests on stays. Returns the bytes held then. Throws `StorageError`.
   */
  trim(cap: number): Promise<number>;
  /** Approximate bytes held. */
  size(): Promise<number>;
  /** Empties everything but the fencing number. */
  wipe(): Promise<void>;
  close(): Promise<void>;
}
