/**
 * Transactions as values that JSON can hold, field for field as the official client's. Addresses are in the user-friendly form, bytes in
 * hex, amounts in Luna.
 * @module
 */

interface Raw {
  /** Hex of all bytes; this alone counts when a transaction is made from a plain form. */
  raw: string;
}

export interface PlainVestingData extends Raw {
  owner: string;
  /** Unix milliseconds. */
  startTime: number;
  /** Milliseconds. */
  timeStep: number;
  stepAmount: number;
}

export interface PlainHtlcData extends Raw {
  sender: string;
  recipient: string;
  hashAlgorithm: string;
  hashRoot: string;
  hashCount: number;
  /** Unix milliseconds. */
  timeout: number;
}

export interface PlainCreateValidatorData extends Raw {
  signingKey: string;
  votingKey: string;
  rewardAddress: string;
  signalData: string | undefined;
  proofOfKnowledge: string;
}

export interface PlainUpdateValidatorData extends Raw {
  newSigningKey: string | undefined;
  newVotingKey: string | undefined;
  newRewardAddress: string | undefined;
  newSignalData: string | undefined;
  newProofOfKnowledge: string | undefined;
}

export interface PlainSetSignalDataData extends Raw {
  validator: string;
  mode: 'full' | 'version';
  newSignalData: string | undefined;
  version: number | undefined;
}

export type PlainTransactionSenderData = ({ type: 'raw' } & Raw) | ({ type: 'delete-validator' } & Raw) | ({ type: 'remove-stake' } & Raw);

export type PlainTransactionRecipientData =
  | ({ type: 'raw' } & Raw)
  | ({ type: 'vesting' } & PlainVestingData)
  | ({ type: 'htlc' } & PlainHtlcData)
  | ({ type: 'create-validator' } & PlainCreateValidatorData)
  | ({ type: 'update-validator' } & PlainUpdateValidatorData)
  | ({ type: 'deactivate-validator' | 'reactivate-validator'; validator: string } & Raw)
  | ({ type: 'retire-validator' } & Raw)
  | ({ type: 'create-staker'; delegation: string | undefined } & Raw)
  | ({ type: 'add-stake'; staker: string } & Raw)
  | ({ type: 'update-staker'; newDelegation: string | undefined; reactivateAllStake: boolean } & Raw)
  | ({ type: 'set-active-stake'; newActiveBalance: number } & Raw)
  | ({ type: 'retire-stake'; retireStake: number } & Raw)
  | ({ type: 'set-signal-data' } & PlainSetSignalDataData);

interface Signer {
  signer: string;
  signature: string;
  publicKey: string;
  /** Nodes of the path from the key to the address; 0 for one key. */
  pathLength: number;
}

interface Creator {
  creator: string;
  creatorSignature: string;
  creatorPublicKey: string;
  creatorPathLength: number;
}

export type PlainTransactionProof =
  | ({ type: 'raw' } & Raw)
  | ({ type: 'standard' } & Raw & Signer)
  | ({ type: 'regular-transfer'; hashAlgorithm: string; hashDepth: number; hashRoot: string; preImage: string } & Raw & Signer)
  | ({ type: 'early-resolve' } & Raw & Signer & Creator)
  | ({ type: 'timeout-resolve' } & Raw & Creator);

export type PlainAccountType = 'basic' | 'vesting' | 'htlc' | 'staking';

export interface PlainTransaction {
  transactionHash: string;
  format: 'basic' | 'extended';
  sender: string;
  senderType: PlainAccountType;
  recipient: string;
  recipientType: PlainAccountType;
  value: number;
  fee: number;
  feePerByte: number;
  validityStartHeight: number;
  /** In lower case: `mainalbatross`. */
  network: string;
  flags: number;
  senderData?: PlainTransactionSenderData;
  data: PlainTransactionRecipientData;
  proof: PlainTransactionProof;
  /** Bytes. */
  size: number;
}
