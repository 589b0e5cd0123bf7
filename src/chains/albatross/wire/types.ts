/**
 * The Albatross block types as plain values, field for field in wire order.
 *
 * Conventions: hashes (Blake2b or Blake2s, 32 bytes) are lower-case hex strings; every other byte string is a `Uint8Array` of
 * the stated length; heights and timestamps (unix milliseconds) are numbers; an absent `Option` is `undefined`.
 * @module
 */

import type { Hash } from '../../../base/hash.ts';

/**
 * Set of small integers. Bit i is bit i & 63 of word i >> 6. The decoded word list is kept unchanged, trailing zero words included, because
 * the hash of a punished set is over that list.
 */
export interface BitSet {
  /** At most `MAX_BIT_SET_WORDS`. */
  readonly words: readonly bigint[];
  /** The number of zero words after those, if there are any. */
  readonly zeroWords?: number;
}

/** One elected validator: its keys and the contiguous band [start, end) of slots it owns. */
export interface Validator {
  /** 20 bytes. */
  readonly address: Uint8Array;
  /** 285 bytes, compressed MNT6-753 G2 point. */
  readonly votingKey: Uint8Array;
  /** 32 bytes, Ed25519. */
  readonly signingKey: Uint8Array;
  readonly slots: { readonly start: number; readonly end: number };
}

/** The fields that both kinds of header share. */
export interface HeaderBase {
  /** One raw byte, see `NetworkParameters.networkId`. */
  readonly network: number;
  readonly version: number;
  readonly blockNumber: number;
  /** Unix milliseconds. */
  readonly timestamp: number;
  readonly parentHash: Hash;
  /** VRF seed, 96 bytes. */
  readonly seed: Uint8Array;
  /** At most 32 bytes in a valid block; the decoder accepts up to its own bound. */
  readonly extraData: Uint8Array;
  readonly stateRoot: Hash;
  readonly bodyRoot: Hash;
  readonly diffRoot: Hash;
  readonly historyRoot: Hash;
}

export type MicroHeader = HeaderBase;

export interface MacroHeader extends HeaderBase {
  /** Round of the proposal; independent of the round in the justification. */
  readonly round: number;
  readonly parentElectionHash: Hash;
  readonly interlink: readonly Hash[] | undefined;
  readonly validators: readonly Validator[] | undefined;
  readonly nextBatchInitialPunishedSet: BitSet;
}

/** Aggregate BLS signature (95 bytes, compressed G1) and the slots that signed. */
export interface MultiSignature {
  readonly signature: Uint8Array;
  readonly signers: BitSet;
}

export interface TendermintProof {
  readonly round: number;
  readonly sig: MultiSignature;
}

export type MicroJustification =
  | { readonly type: 'micro'; /** Ed25519, 64 bytes. */ readonly signature: Uint8Array }
  | { readonly type: 'skip'; readonly proof: MultiSignature };

export interface RewardTransaction {
  readonly validatorAddress: Uint8Array;
  readonly recipient: Uint8Array;
  /** Luna, at most 2^53 - 1. */
  readonly value: number;
}

export interface MacroBody {
  readonly transactions: readonly RewardTransaction[];
}

/** The data that a WebAuthn signature covers besides the challenge. The texts are UTF-8 as received, at most 512 bytes each. */
export interface WebauthnFields {
  /** The `origin` as it is written in the client data JSON, escapes included. */
  readonly originJson: Uint8Array;
  readonly hasCrossOriginField: boolean;
  /** Further fields of the client data JSON, from the comma on, without the closing brace. */
  readonly clientDataExtraJson: Uint8Array;
  /** The part of the authenticator data between the hash of the origin's host and the hash of the client data. */
  readonly authenticatorDataSuffix: Uint8Array;
}

export interface BasicTransaction {
  readonly type: 'basic';
  /** Low nibble 0: Ed25519, 1: ES256; bit 4: WebAuthn fields follow. */
  readonly proofFlags: number;
  /** 32 bytes (Ed25519) or 33 bytes (ES256). */
  readonly senderPublicKey: Uint8Array;
  readonly recipient: Uint8Array;
  readonly value: number;
  readonly fee: number;
  readonly validityStartHeight: number;
  readonly network: number;
  /** 64 bytes. */
  readonly signature: Uint8Array;
  readonly webauthn: WebauthnFields | undefined;
}

export interface ExtendedTransaction {
  readonly type: 'extended';
  readonly sender: Uint8Array;
  readonly senderType: number;
  readonly senderData: Uint8Array;
  readonly recipient: Uint8Array;
  readonly recipientType: number;
  readonly recipientData: Uint8Array;
  readonly value: number;
  readonly fee: number;
  readonly validityStartHeight: number;
  readonly network: number;
  readonly flags: number;
  readonly proof: Uint8Array;
}

export type Transaction = BasicTransaction | ExtendedTransaction;

export interface ExecutedTransaction {
  readonly succeeded: boolean;
  readonly transaction: Transaction;
}

export type EquivocationProof =
  | { readonly type: 'fork'; readonly validator: Uint8Array; readonly header1: MicroHeader; readonly header2: MicroHeader; readonly signature1: Uint8Array; readonly signature2: Uint8Array }
  | { readonly type: 'double-proposal'; readonly validator: Uint8Array; readonly header1: MacroHeader; readonly header2: MacroHeader; readonly signature1: Uint8Array; readonly signature2: Uint8Array }
  | {
      readonly type: 'double-vote'; readonly validator: Uint8Array; readonly vote: { readonly network: number; readonly blockNumber: number; readonly round: number; readonly step: number };
      readonly hash1: Hash | undefined; readonly hash2: Hash | undefined; readonly signature1: Uint8Array; readonly signature2: Uint8Array; readonly signers1: BitSet; readonly signers2: BitSet;
    };

export interface MicroBody {
  readonly equivocationProofs: readonly EquivocationProof[];
  readonly transactions: readonly ExecutedTransaction[];
}

export interface MacroBlock {
  readonly type: 'macro';
  readonly header: MacroHeader;
  readonly body: MacroBody | undefined;
  readonly justification: TendermintProof | undefined;
}

export interface MicroBlock {
  readonly type: 'micro';
  readonly header: MicroHeader;
  readonly justification: MicroJustification | undefined;
  readonly body: MicroBody | undefined;
}

export type Block = MacroBlock | MicroBlock;

/** A body without its header. */
export type BlockBody = { readonly type: 'micro'; readonly body: MicroBody } | { readonly type: 'macro'; readonly body: MacroBody };

/** The payload of the topic `block-body`. */
export interface BlockBodyMessage {
  /** Blake2b of the whole encoded `BlockHeaderMessage`, justification included; this is not the block's hash. */
  readonly headerHash: Hash;
  readonly body: BlockBody;
}

/** The payload of the topic `block-header`: a block without body, with mandatory justification. */
export type BlockHeaderMessage =
  | { readonly type: 'macro'; readonly header: MacroHeader; readonly justification: TendermintProof }
  | { readonly type: 'micro'; readonly header: MicroHeader; readonly justification: MicroJustification };
