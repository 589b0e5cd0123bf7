/**
 * A gateway: an HTTP server with the RPC of a Stacks node (Stacks reference, 8). Only simple GETs are made, because a node answers no preflight. What it answers
 * has passed the door: types and bounds are checked, and what was asked for by its id has that id. Everything else is a hint until headers and proofs agree.
 * @module
 */
import type { Hash } from '../../../base/hash.ts';
import type { AskOptions, Sized } from '../../../engine/sync/sync-peer.ts';
import type { ClaimedHeader } from '../chain/epoch2-backfill.ts';
import type { TenureInfo } from '../chain/unconfirmed-downloader.ts';
import type { SignerKey } from '../proofs/hand-over.ts';
import type { PassedHeader } from '../proofs/block-root.ts';
import type { NakamotoBlock } from '../wire/block.ts';
import type { Epoch2Block } from '../wire/epoch2-block.ts';
import type { NakamotoHeader } from '../wire/header.ts';
import type { TipHeader } from '../wire/header-json.ts';
import type { MarfEntry } from '../wire/marf-proof.ts';

/** Of `/v2/info`. */
export interface GatewayInfo {
  readonly networkId: number;
  readonly burnHeight: number;
  /** Height of the newest Stacks block. */
  readonly tipHeight: number;
  readonly tipConsensusHash: string;
  readonly isSynced: boolean;
}

/** Of `/v2/pox`: must equal the constants of the network. */
export interface GatewayCycles {
  readonly firstBurnHeight: number;
  readonly cycleLength: number;
  readonly prepareLength: number;
}

/** Of `/v3/sortitions…`. The Bitcoin side of it cannot be proven over RPC. */
export interface Sortition {
  readonly burnHeight: number;
  /** 40 hex digits. */
  readonly consensusHash: string;
  /** Whether a miner won. */
  readonly hasWinner: boolean;
  /** Of the winning miner: 40 hex digits. */
  readonly minerKeyHash: string | undefined;
  /** The block that the winner committed to: the first block of the parent tenure. */
  readonly committedBlockId: Hash | undefined;
  /** Consensus hash of the parent tenure. */
  readonly parentTenure: string | undefined;
  /** Consensus hash of the last sortition before it with a winner. */
  readonly lastWinner: string | undefined;
}

/** Of `/v3/tenures/blocks/{consensus hash}`. */
export interface TenureBlocks {
  readonly burnHeight: number;
  readonly lastSortition: string | undefined;
  /** Newest first. */
  readonly blocks: readonly { readonly id: Hash; readonly height: number }[];
}

/** Of `/v2/clarity/marf/{path}`. */
export interface StateAnswer {
  /** Text of the value, without `0x`. */
  readonly value: string;
  /** Undefined: it was not asked for, or the gateway keeps none. */
  readonly proof: readonly MarfEntry[] | undefined;
}

/**
 * Every method rejects with `RequestError` (`timeout`, `disconnected`, `refused`, `rate-limited` with `data.seconds`, `too-large`, `malformed`, `busy`), with
 * `PeerFault` for what is provably false, such as a block with another id than asked for, or with the signal's reason. `undefined`: the gateway says 404.
 * `size`: bytes on the line.
 */
export interface Gateway {
  /** Its address: `https://host[:port][/path]`, without a slash at the end. */
  readonly url: string;
  info(options: AskOptions): Promise<GatewayInfo>;
  cycles(options: AskOptions): Promise<GatewayCycles>;
  tenureInfo(options: AskOptions): Promise<TenureInfo>;
  tenureTip(consensusHash: string, options: AskOptions): Promise<TipHeader | undefined>;
  tenureBlocks(consensusHash: string, options: AskOptions): Promise<TenureBlocks | undefined>;
  /** The header of a block by id; the answer is cut off after the header. */
  header(id: Hash, options: AskOptions): Promise<Sized<NakamotoHeader> | undefined>;
  /** By height, on the gateway's own chain: a hint until hashes lead to it. Cut off after the header. */
  headerAt(height: number, options: AskOptions): Promise<Sized<NakamotoHeader> | undefined>;
  block(id: Hash, options: AskOptions): Promise<Sized<NakamotoBlock> | undefined>;
  /**
   * Blocks from `from` down to the start of its tenure, newest first; without `stop` and what lies below it. May end early at the gateway's size cap. Each id
   * is the parent of the one before.
   */
  tenure(from: Hash, stop: Hash | undefined, options: AskOptions): Promise<Sized<readonly NakamotoBlock[]> | undefined>;
  sortition(which: { readonly consensusHash: string } | { readonly burnHeight: number } | 'latest', options: AskOptions): Promise<Sortition | undefined>;
  /** The keys of a cycle's signers, in their order: candidates only. Undefined also for 400: the gateway does not know the set, or not yet. */
  signerKeys(cycle: number, options: AskOptions): Promise<readonly SignerKey[] | undefined>;
  /** The value under a path of the trie (64 hex digits) in the state after the block `tip`. */
  state(path: Hash, tip: Hash, options: AskOptions & { readonly proof: boolean }): Promise<Sized<StateAnswer> | undefined>;
  /** Headers of epoch 2.x, newest first, from that of the block `tip` down; of more than 2100 only so many. */
  epoch2Headers(count: number, tip: Hash, options: AskOptions): Promise<readonly ClaimedHeader[] | undefined>;
  /** A block of epoch 2.x by its id, of which its header holds only the hash. */
  epoch2Block(block: { readonly id: Hash; readonly consensusHash: string }, options: AskOptions): Promise<Sized<Epoch2Block> | undefined>;
  /** A header that a MARF proof passes, by id: of Nakamoto, or else of epoch 2.x. */
  passedHeader(id: Hash, options: AskOptions): Promise<PassedHeader | undefined>;
  /** The id of the block that is said to hold a transaction: a hint. Undefined also where the gateway keeps no index of transactions. */
  blockOfTransaction(id: Hash, options: AskOptions): Promise<Hash | undefined>;
}
