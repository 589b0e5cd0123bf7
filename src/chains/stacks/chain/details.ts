/** What Stacks tells of heads, blocks, networks and cycles beyond what every chain has. */

import type { Answer } from '../../../engine/questions.ts';
import type { ChainDetails } from '../../../engine/view.ts';
import type { StateKey } from '../proofs/state-key.ts';
import type { StateValue } from '../proofs/state-value.ts';
import type { SignedWeight } from './signer-rules.ts';

export interface StacksHead extends ChainDetails {
  readonly chain: 'stacks';
  /**
   * `claimed`: a gateway's word. `linked`: hashes bind it to a signed block. `signed`: the signer set of its cycle signed it with the threshold, and no two
   * later tenures are on it. `confirmed`: at least two later tenures are on it. `checkpoint`: the block that the trust begins with.
   */
  readonly grade: 'claimed' | 'linked' | 'signed' | 'confirmed' | 'checkpoint';
  /** Names the tenure: the consensus hash of the sortition that elected its miner, 40 hex digits. */
  readonly tenure: string;
  /** The cycle whose signer set signs it. */
  readonly cycle: number;
  /** Bitcoin height of that sortition, as a gateway told it. */
  readonly burnHeight: number | undefined;
  /** Weight of the signers whose signatures were verified here; undefined: hashes bind it to a block whose were. */
  readonly weight: SignedWeight | undefined;
  /** Signatures in the header. */
  readonly signatures: number;
}

/** All roots and hashes: 64 lower-case hex digits. */
export interface StacksBlockDetails extends StacksHead {
  readonly version: number;
  readonly stateRoot: string;
  readonly transactionRoot: string;
  /** Satoshis spent by miners up to the sortition of the tenure. */
  readonly burnSpent: number;
  /** Of the key that signed it as its miner: 40 hex digits; undefined: it was not recovered. */
  readonly minerKeyHash: string | undefined;
}

export interface StacksNetworkDetails extends ChainDetails {
  readonly chain: 'stacks';
  /** Addresses begin with `SP`; else with `ST`. */
  readonly mainnet: boolean;
  readonly firstBurnHeight: number;
  /** Bitcoin blocks in a cycle, and in its prepare phase. */
  readonly cycleLength: number;
  readonly prepareLength: number;
  /** The only thing that is trusted. `time`: unix milliseconds. */
  readonly checkpoint: { readonly cycle: number; readonly height: number; readonly id: string; readonly time: number; readonly signers: number };
}

/** A cycle whose signer set is trusted or proven, as the question `getCycles` tells it. */
export interface StacksCycle {
  readonly cycle: number;
  readonly from: 'checkpoint' | 'hand-over';
  /** The block whose state names the set; of the checkpoint its own block. `time`: unix milliseconds. */
  readonly block: { readonly height: number; readonly id: string; readonly time: number };
  readonly signers: number;
  readonly totalWeight: number;
  /** How the set before signed that block; undefined for the checkpoint. */
  readonly weight: SignedWeight | undefined;
  /** Tries that the proof passes after the one that wrote the set. */
  readonly hops: number;
}

/** Where an answer about the state comes from: the blocks that the proof passes, from the one that wrote the value to the one that the answer stands on. */
export interface StacksProofPath {
  readonly key: string;
  readonly path: readonly { readonly block: string; readonly tries: number }[];
  /** Of the proof on the line. */
  readonly bytes: number;
}

export interface StacksStateAnswer<Value> extends Answer<Value> {
  readonly proof: StacksProofPath;
}

/** Amounts in microSTX. */
export interface StacksAccount {
  readonly principal: string;
  readonly unlocked: bigint;
  readonly locked: bigint;
  /** Bitcoin height at which the locked amount is free; 0: nothing is locked. As stored: a later epoch may have released it. */
  readonly unlockHeight: number;
  /** Undefined: the state has no entry, as for an account that sent nothing yet. That cannot be proven. */
  readonly nonce: number | undefined;
}

export interface StacksTransactionAnswer {
  readonly id: string;
  /** Position in the block. */
  readonly index: number;
  readonly bytes: Uint8Array;
  /** `linked`: hashes lead from a signed block down to its block. `signed`: only the signatures of its block's cycle say so. */
  readonly standing: 'linked' | 'signed';
}

/** What came of fetching and verifying the newest complete tenures of a cycle, and of the newest blocks of epoch 2.x in it, from all gateways. */
export interface StacksCycleCheck {
  readonly cycle: number;
  /** Tenures that are whole; blocks and transactions in them. */
  readonly tenures: number;
  readonly blocks: number;
  readonly transactions: number;
  /** Tenures that wait for the proof of signers. */
  readonly gated: number;
  /** Whether hashes bind them to the chain that is followed here; else only signatures show them. */
  readonly linked: boolean;
  /**
   * Blocks of epoch 2.x with their transactions, which hashes bind to the `genesisHash` of the network file. `unlinked`: blocks by a gateway's word that no header of the newest 2100 names.
   * Undefined: the cycle has none.
   */
  readonly epoch2: { readonly blocks: number; readonly transactions: number; readonly unlinked: number } | undefined;
}

/** Which tenures of a cycle began, as one gateway's replies say. It is derived, never a peer's inventory. */
export interface StacksInventory {
  readonly source: 'derived';
  readonly gateway: string;
  readonly cycle: number;
  /** Bitcoin height of bit 0. */
  readonly from: number;
  readonly bits: readonly boolean[];
  /** Bitcoin height from which on the bits are known: a gateway counts requests, so that one answer has a part of a long cycle. Bits below it are false. */
  readonly knownFrom: number;
  /** The newest tenure that began, by its consensus hash; undefined: none. */
  readonly top: string | undefined;
  /** The tenure at which the same question goes on; undefined: all bits are known. */
  readonly next: string | undefined;
}

/** A header of epoch 2.x, from before Nakamoto. */
export interface StacksEpoch2Header {
  readonly height: number;
  /** Hash of the header, and of the one below. Hashes lead here from the network file. */
  readonly hash: string;
  readonly parent: string;
  /** Made of the hash and the consensus hash. */
  readonly id: string;
  /** Of its sortition: 40 hex digits. */
  readonly consensusHash: string;
  /** `id` and `consensusHash` are a gateway's word: no hash covers them. False for the first header, whose id the network file has. */
  readonly idIsClaimed: boolean;
  /** Satoshis spent by miners up to it. */
  readonly burnSpent: number;
  readonly stateRoot: string;
  readonly transactionRoot: string;
}

export interface StacksEpoch2Headers {
  /** As certain as `genesisHash` of the network file. */
  readonly level: 'pinned';
  /** The gateway whose headers these are. */
  readonly gateway: string;
  /** Newest first, from the parent of the first Nakamoto block down. */
  readonly headers: readonly StacksEpoch2Header[];
  /** The first block of the chain is among them. */
  readonly isComplete: boolean;
}

export type { StateKey as StacksStateKey, StateValue as StacksStateValue };
