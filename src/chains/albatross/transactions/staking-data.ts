/**
 * The data of a transaction to the staking contract: what it does there, and a proof of its own, by the key of the staker or validator that
 * it concerns (Albatross proofs reference, 4.4).
 * @module
 */
import { bool, coin, constant, decode, encode, fixed, option, struct, u16, union } from '../../../base/postcard/codec.ts';
import type { Codec } from '../../../base/postcard/codec.ts';
import type { ExtendedTransaction } from '../wire/types.ts';
import { transactionContent } from './content.ts';
import { emptySignatureProof, signatureProof } from './signature-proof.ts';
import type { SignatureProof } from './signature-proof.ts';

/** What replaces a validator's signal data: all of it, or only the version in it. */
export type SignalDataUpdate = { readonly type: 'full'; /** 32 bytes. */ readonly signalData: Uint8Array | undefined } | { readonly type: 'version'; readonly version: number };

/** An outer `undefined` means: stays as it is; an inner one: none. */
export interface NewSignalData {
  /** 32 bytes. */
  readonly signalData: Uint8Array | undefined;
}

/** Addresses have 20 bytes, Ed25519 keys 32, voting keys 285, proofs of knowledge of a voting key's secret 95. */
export type StakingData =
  | {
      readonly type: 'create-validator'; readonly signingKey: Uint8Array; readonly votingKey: Uint8Array; readonly rewardAddress: Uint8Array;
      /** 32 bytes. */ readonly signalData: Uint8Array | undefined; readonly proofOfKnowledge: Uint8Array; readonly proof: SignatureProof;
    }
  | {
      readonly type: 'update-validator'; readonly newSigningKey: Uint8Array | undefined; readonly newVotingKey: Uint8Array | undefined; readonly newRewardAddress: Uint8Array | undefined;
      readonly newSignalData: NewSignalData | undefined; readonly newProofOfKnowledge: Uint8Array | undefined; readonly proof: SignatureProof;
    }
  | { readonly type: 'deactivate-validator'; readonly validator: Uint8Array; readonly proof: SignatureProof }
  | { readonly type: 'reactivate-validator'; readonly validator: Uint8Array; readonly proof: SignatureProof }
  | { readonly type: 'retire-validator'; readonly proof: SignatureProof }
  | { readonly type: 'create-staker'; readonly delegation: Uint8Array | undefined; readonly proof: SignatureProof }
  | { readonly type: 'add-stake'; readonly staker: Uint8Array }
  | { readonly type: 'update-staker'; readonly newDelegation: Uint8Array | undefined; readonly reactivateAllStake: boolean; readonly proof: SignatureProof }
  | { readonly type: 'set-active-stake'; /** Luna. */ readonly newActiveBalance: number; readonly proof: SignatureProof }
  | { readonly type: 'retire-stake'; /** Luna. */ readonly retireStake: number; readonly proof: SignatureProof }
  | { readonly type: 'set-signal-data'; readonly validator: Uint8Array; readonly update: SignalDataUpdate; readonly proof: SignatureProof };

type Data<T extends StakingData['type']> = Extract<StakingData, { type: T }>;

const address = fixed(20);
const signingKey = fixed(32);
const votingKey = fixed(285);
const signalData = fixed(32);
const proofOfKnowledge = fixed(95);
const proof = signatureProof;

const signalDataUpdate = union<SignalDataUpdate>({
  full: struct<Extract<SignalDataUpdate, { type: 'full' }>>({ type: constant('full'), signalData: option(signalData) }),
  version: struct<Extract<SignalDataUpdate, { type: 'version' }>>({ type: constant('version'), version: u16 }),
});

/** 0 to 10 in this order. 10 is valid from block version 2 on. */
export const stakingData: Codec<StakingData> = union<StakingData>({
  'create-validator': struct<Data<'create-validator'>>({ type: constant('create-validator'), signingKey, votingKey, rewardAddress: address, signalData: option(signalData), proofOfKnowledge, proof }),
  'update-validator': struct<Data<'update-validator'>>({
    type: constant('update-validator'), newSigningKey: option(signingKey), newVotingKey: option(votingKey), newRewardAddress: option(address),
    newSignalData: option(struct<NewSignalData>({ signalData: option(signalData) })), newProofOfKnowledge: option(proofOfKnowledge), proof,
  }),
  'deactivate-validator': struct<Data<'deactivate-validator'>>({ type: constant('deactivate-validator'), validator: address, proof }),
  'reactivate-validator': struct<Data<'reactivate-validator'>>({ type: constant('reactivate-validator'), validator: address, proof }),
  'retire-validator': struct<Data<'retire-validator'>>({ type: constant('retire-validator'), proof }),
  'create-staker': struct<Data<'create-staker'>>({ type: constant('create-staker'), delegation: option(address), proof }),
  'add-stake': struct<Data<'add-stake'>>({ type: constant('add-stake'), staker: address }),
  'update-staker': struct<Data<'update-staker'>>({ type: constant('update-staker'), newDelegation: option(address), reactivateAllStake: bool, proof }),
  'set-active-stake': struct<Data<'set-active-stake'>>({ type: constant('set-active-stake'), newActiveBalance: coin, proof }),
  'retire-stake': struct<Data<'retire-stake'>>({ type: constant('retire-stake'), retireStake: coin, proof }),
  'set-signal-data': struct<Data<'set-signal-data'>>({ type: constant('set-signal-data'), validator: address, update: signalDataUpdate, proof }),
});

/** Whether the data only signals something to the contract, so that the transaction carries the signaling flag and no value. */
export function isSignaling({ type }: StakingData): boolean {
  return type !== 'create-validator' && type !== 'create-staker' && type !== 'add-stake';
}

/** The data with another inner proof; data that has none stays as it is. */
export function withInnerProof(data: StakingData, proof: SignatureProof): StakingData {
  return data.type === 'add-stake' ? data : { ...data, proof };
}

/**
 * What the inner proof signs: the transaction's content with the empty proof in its data.
 * @throws {DecodeError} when the transaction's data is no staking data.
 */
export function innerContent(transaction: ExtendedTransaction): Uint8Array {
  const recipientData = encode(stakingData, withInnerProof(decode(stakingData, transaction.recipientData), emptySignatureProof));
  return transactionContent({ ...transaction, recipientData });
}
