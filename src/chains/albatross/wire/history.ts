/**
 * The history tree on the wire: the effects of an epoch's blocks, one entry per leaf, and proofs that entries are among the leaves.
 * Albatross block reference, 8.1; network reference, 3.4. The hash of a leaf is over the bytes of its entry in this encoding.
 * @module
 */
import { coin, constant, fixed, hash32, option, struct, u16, u32, u64, u8, union, vec } from '../../../base/postcard/codec.ts';
import { executedTransaction } from './transactions.ts';
import type { ExecutedTransaction } from './types.ts';
import type { Hash } from '../../../base/hash.ts';

/** Entries in a proof: a request names at most as many transactions, 32 bytes each in 20 KiB. */
const MAX_PROVEN = 640;
/** Hashes in a proof: a tree of 2^53 leaves is 53 high, and in the worst case each proven leaf has a separate path. */
const MAX_PROOF_NODES = 53 * MAX_PROVEN;

/** From the first slot up to, but without, the second. */
export interface SlotRange {
  readonly start: number;
  readonly end: number;
}

/** Where a validator contradicted itself (equivocation). */
export type EquivocationLocator =
  | { readonly type: 'fork'; /** 20 bytes. */ readonly validator: Uint8Array; readonly blockNumber: number }
  | { readonly type: 'double-proposal'; readonly validator: Uint8Array; readonly blockNumber: number; readonly round: number }
  | { readonly type: 'double-vote'; readonly validator: Uint8Array; readonly blockNumber: number; readonly round: number; /** 2 propose, 3 prevote, 4 precommit. */ readonly step: number };

/** The event; `basic` is any transaction, of either format. Addresses have 20 bytes, amounts are in Luna. */
export type HistoricEvent =
  | { readonly type: 'basic'; readonly executed: ExecutedTransaction }
  | { readonly type: 'reward'; readonly validatorAddress: Uint8Array; readonly rewardAddress: Uint8Array; readonly value: number }
  | { readonly type: 'penalize'; readonly validatorAddress: Uint8Array; readonly slot: number; readonly offenseBlockNumber: number }
  | {
      readonly type: 'jail'; readonly validatorAddress: Uint8Array; readonly slots: SlotRange; readonly offenseBlockNumber: number;
      readonly newEpochSlots: SlotRange | undefined;
    }
  | { readonly type: 'equivocation'; readonly locator: EquivocationLocator };

/** A leaf of the history tree: an event, and the block it happened in. */
export interface HistoricTransaction {
  readonly network: number;
  readonly blockNumber: number;
  /** Unix milliseconds. */
  readonly blockTime: number;
  readonly event: HistoricEvent;
}

export interface HistoryTreeProof {
  /** Size of the tree: the number of its nodes, leaves and inner ones. */
  readonly mmrSize: number;
  /** The hashes that the verifier cannot compute, in the order in which it needs them. */
  readonly nodes: readonly Hash[];
  /** Numbers of the proven leaves, from 0. */
  readonly positions: readonly number[];
  /** The proven leaves, as many as `positions`. */
  readonly history: readonly HistoricTransaction[];
}

const address = fixed(20);
const slotRange = struct<SlotRange>({ start: u16, end: u16 });

type Locator<T extends EquivocationLocator['type']> = Extract<EquivocationLocator, { type: T }>;
type Event<T extends HistoricEvent['type']> = Extract<HistoricEvent, { type: T }>;

/** 0 fork, 1 double proposal, 2 double vote. The step is one raw byte. */
const equivocationLocator = union<EquivocationLocator>({
  fork: struct<Locator<'fork'>>({ type: constant('fork'), validator: address, blockNumber: u32 }),
  'double-proposal': struct<Locator<'double-proposal'>>({ type: constant('double-proposal'), validator: address, blockNumber: u32, round: u32 }),
  'double-vote': struct<Locator<'double-vote'>>({ type: constant('double-vote'), validator: address, blockNumber: u32, round: u32, step: u8 }),
});

/** 0 to 4 in this order. Newer nodes may have more: those are `unknown-variant`. */
export const historicEvent = union<HistoricEvent>({
  basic: struct<Event<'basic'>>({ type: constant('basic'), executed: executedTransaction }),
  reward: struct<Event<'reward'>>({ type: constant('reward'), validatorAddress: address, rewardAddress: address, value: coin }),
  penalize: struct<Event<'penalize'>>({ type: constant('penalize'), validatorAddress: address, slot: u16, offenseBlockNumber: u32 }),
  jail: struct<Event<'jail'>>({ type: constant('jail'), validatorAddress: address, slots: slotRange, offenseBlockNumber: u32, newEpochSlots: option(slotRange) }),
  equivocation: struct<Event<'equivocation'>>({ type: constant('equivocation'), locator: equivocationLocator }),
});

/** Network (one raw byte), height and time as varints, the event. */
export const historicTransaction = struct<HistoricTransaction>({ network: u8, blockNumber: u32, blockTime: u64, event: historicEvent });

/** The size as a varint, then three lists; the verifier checks that the last two are equally long. */
export const historyTreeProof = struct<HistoryTreeProof>({
  mmrSize: u64,
  nodes: vec(hash32, MAX_PROOF_NODES),
  positions: vec(u64, MAX_PROVEN),
  history: vec(historicTransaction, MAX_PROVEN),
});
