/**
 * What a chain brings to the sync (`sync-manager.ts`): its rules, one function for each stage of the pipeline, and its snapshots. The sync asks
 * peers, divides the work, keeps the order and measures; it never looks into a block.
 * @module
 */

/** A block as the sync handles it: decoded, hashed and measured once, when it came from a peer. */
export interface Item<B> {
  readonly height: number;
  /** 64 lower-case hex digits. */
  readonly id: string;
  /** The id of the parent. */
  readonly parent: string;
  /** Bytes that it took on the line. */
  readonly size: number;
  readonly block: B;
}

export interface Tip {
  readonly height: number;
  readonly id: string;
}

/**
 * A rule that a peer's answer breaks. `lie`: it is proven false, so the peer is banned at once, with `data` as the evidence. `offence`: it could be
 * a mistake, such as an answer outside the asked range; three of them ban.
 */
export interface Fault {
  readonly code: string;
  readonly weight: 'lie' | 'offence';
  readonly data?: Readonly<Record<string, string | number>> | undefined;
}

/** The first bad block of a run. Those before it have passed the stage. */
export interface RunFault extends Fault {
  /** The height of the bad block (no index). */
  readonly at: number;
}

/** The stages of the pipeline, in their order. */
export const STAGES = ['structure', 'link', 'signature', 'finality', 'state'] as const;
export type Stage = (typeof STAGES)[number];

/** A run is a row of blocks with ascending heights without a gap, as one peer sent it. */
export interface SyncChain<B> {
  /** The newest block that was applied. Everything up to it is verified and final. */
  tip(): Tip;
  /** The rules that one block can be put to alone: lengths, roots, the syntax of its payload. No signature. */
  checkStructure(item: Item<B>): Fault | undefined;
  /** The rules between a block and its parent: height, link, time, sets. */
  checkLink(parent: Item<B> | Tip, item: Item<B>): Fault | undefined;
  /**
   * The signatures of a linked run. As hashes bind the blocks before to the newest one, its certificate is enough, and one for each set of
   * validators; with `each`, every certificate is checked. Rejects with the signal's reason only.
   */
  checkSignatures(run: readonly Item<B>[], options: { readonly each: boolean; readonly signal: AbortSignal }): Promise<RunFault | undefined>;
  /**
   * Whether the run, which follows on the tip, is final: by what it holds itself, or because hashes bind it to the proven target. An `offence` on a
   * run that ends below the target means "not decided yet": the blocks from `at` on wait, and are asked about again with those that follow.
   */
  checkFinality(run: readonly Item<B>[], target: Target): RunFault | undefined | Promise<RunFault | undefined>;
  /**
   * Applies a run that passed all other stages: one block after the other, each wholly or not at all, so that `tip` is the last good block. With
   * `headersOnly` no state is computed. Resolves when the run is stored, or as far as the chain waits for that.
   */
  apply(run: readonly Item<B>[], options: { readonly headersOnly: boolean }): Promise<RunFault | undefined>;
  /** Whether the state root computed from what is stored is the one in the block at this height. Undefined: there is no state at this height. */
  checkState(height: number): Promise<boolean | undefined>;
  /** Undefined for a chain without snapshots. */
  readonly snapshots: SnapshotRules | undefined;
}

/** A height that was proven to be final. A peer's word for its height is only a claim. */
export interface Target extends Tip {
  /** Whether this client has verified a proof of it. */
  readonly proven: boolean;
  /** Whose signatures prove it, where signers change: proofs of two blocks of one height contradict each other by themselves only if the same ones gave both. */
  readonly by?: string | undefined;
}

/** A snapshot whose manifest was checked against a final block. */
export interface Snapshot {
  /** Height, block and state root in one text: the same snapshot has the same id at all peers. */
  readonly id: string;
  readonly height: number;
  readonly chunks: number;
  /** Bytes in all, if the manifest says so. */
  readonly size: number | undefined;
}

export interface SnapshotRules<S extends Snapshot = Snapshot> {
  /** Checks a manifest as a peer sent it, against a block that is final. `signal` ends the checks. */
  checkManifest(manifest: Uint8Array, signal: AbortSignal): Promise<S | Fault>;
  /** Checks one chunk by itself, as it comes, in any order. */
  checkChunk(snapshot: S, index: number, chunk: Uint8Array): Fault | undefined;
  /** Imports a snapshot when all its chunks are there, in one transaction. With a fault nothing has changed. */
  import(snapshot: S, chunks: readonly Uint8Array[]): Promise<Fault | undefined>;
}

/** Where checked chunks wait until all are there, so that a reload does not fetch them again. Holds the chunks of one snapshot. */
export interface ChunkStore {
  load(snapshot: string): Promise<ReadonlyMap<number, Uint8Array>>;
  put(snapshot: string, index: number, chunk: Uint8Array): Promise<void>;
  clear(): Promise<void>;
}
