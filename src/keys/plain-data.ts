/**
 * The plain forms of a transaction's data and proof. Bytes that are not what the account's kind has become `raw`.
 * @module
 */
import { toHex } from '../base/bytes.ts';
import { decode } from '../base/postcard/codec.ts';
import { DecodeError } from '../base/postcard/errors.ts';
import { accountTypes } from '../chains/albatross/transactions/account-type.ts';
import { friendlyAddress } from '../chains/albatross/transactions/address-text.ts';
import { parseSignatureProof } from '../chains/albatross/transactions/derive-format.ts';
import { htlcData } from '../chains/albatross/transactions/htlc-data.ts';
import { htlcProof, stakingWithdrawal } from '../chains/albatross/transactions/outgoing-proof.ts';
import { proofSigner } from '../chains/albatross/transactions/signature-proof.ts';
import type { SignatureProof } from '../chains/albatross/transactions/signature-proof.ts';
import { stakingData } from '../chains/albatross/transactions/staking-data.ts';
import { decodeVestingData } from '../chains/albatross/transactions/vesting-data.ts';
import type { PlainTransactionProof, PlainTransactionRecipientData, PlainTransactionSenderData } from './plain-transaction.ts';

const optionalAddress = (bytes: Uint8Array | undefined) => (bytes === undefined ? undefined : friendlyAddress(bytes));
const optionalHex = (bytes: Uint8Array | undefined) => (bytes === undefined ? undefined : toHex(bytes));

/** Of a recipient of this account type; `value` in Luna. */
export function plainRecipientData(recipientType: number, data: Uint8Array, value: number): PlainTransactionRecipientData {
  switch (recipientType) {
    case accountTypes.vesting:
      return plainVestingData(data, value);
    case accountTypes.htlc:
      return plainHtlcData(data);
    case accountTypes.staking:
      return plainStakingData(data);
    default:
      return { type: 'raw', raw: toHex(data) };
  }
}

export function plainVestingData(data: Uint8Array, value: number): PlainTransactionRecipientData {
  const raw = toHex(data);
  const vesting = parsed(() => decodeVestingData(data, value));
  if (vesting === undefined) return { type: 'raw', raw };
  const { owner, startTime, timeStep, stepAmount } = vesting;
  return { type: 'vesting', raw, owner: friendlyAddress(owner), startTime, timeStep, stepAmount };
}

export function plainHtlcData(data: Uint8Array): PlainTransactionRecipientData {
  const raw = toHex(data);
  const htlc = parsed(() => decode(htlcData, data));
  if (htlc === undefined) return { type: 'raw', raw };
  const { sender, recipient, hashRoot, hashCount, timeout } = htlc;
  return { type: 'htlc', raw, sender: friendlyAddress(sender), recipient: friendlyAddress(recipient), hashAlgorithm: hashRoot.algorithm, hashRoot: toHex(hashRoot.hash), hashCount, timeout };
}

export function plainStakingData(bytes: Uint8Array): PlainTransactionRecipientData {
  const raw = toHex(bytes);
  const data = parsed(() => decode(stakingData, bytes));
  switch (data?.type) {
    case undefined:
      return { type: 'raw', raw };
    case 'create-validator':
      return {
        type: data.type, raw, signingKey: toHex(data.signingKey), votingKey: toHex(data.votingKey), rewardAddress: friendlyAddress(data.rewardAddress),
        signalData: optionalHex(data.signalData), proofOfKnowledge: toHex(data.proofOfKnowledge),
      };
    case 'update-validator':
      return {
        type: data.type, raw, newSigningKey: optionalHex(data.newSigningKey), newVotingKey: optionalHex(data.newVotingKey), newRewardAddress: optionalAddress(data.newRewardAddress),
        newSignalData: optionalHex(data.newSignalData?.signalData), newProofOfKnowledge: optionalHex(data.newProofOfKnowledge),
      };
    case 'deactivate-validator':
    case 'reactivate-validator':
      return { type: data.type, raw, validator: friendlyAddress(data.validator) };
    case 'retire-validator':
      return { type: data.type, raw };
    case 'create-staker':
      return { type: data.type, raw, delegation: optionalAddress(data.delegation) };
    case 'add-stake':
      return { type: data.type, raw, staker: friendlyAddress(data.staker) };
    case 'update-staker':
      return { type: data.type, raw, newDelegation: optionalAddress(data.newDelegation), reactivateAllStake: data.reactivateAllStake };
    case 'set-active-stake':
      return { type: data.type, raw, newActiveBalance: data.newActiveBalance };
    case 'retire-stake':
      return { type: data.type, raw, retireStake: data.retireStake };
    case 'set-signal-data': {
      const { update } = data;
      const full = update.type === 'full';
      return { type: data.type, raw, validator: friendlyAddress(data.validator), mode: update.type, newSignalData: full ? optionalHex(update.signalData) : undefined, version: full ? undefined : update.version };
    }
  }
}

/** Of a sender of this account type. */
export function plainSenderData(senderType: number, data: Uint8Array): PlainTransactionSenderData {
  const raw = toHex(data);
  const withdrawal = senderType === accountTypes.staking ? parsed(() => decode(stakingWithdrawal, data)) : undefined;
  return { type: withdrawal ?? 'raw', raw };
}

/** Of a sender of this account type. */
export function plainProof(senderType: number, proof: Uint8Array): PlainTransactionProof {
  return senderType === accountTypes.htlc ? plainHtlcProof(proof) : plainSignatureProof(proof);
}

export function plainSignatureProof(bytes: Uint8Array): PlainTransactionProof {
  const raw = toHex(bytes);
  const proof = parseSignatureProof(bytes);
  return proof === undefined ? { type: 'raw', raw } : { type: 'standard', raw, ...signer(proof) };
}

export function plainHtlcProof(bytes: Uint8Array): PlainTransactionProof {
  const raw = toHex(bytes);
  const proof = parsed(() => decode(htlcProof, bytes));
  switch (proof?.type) {
    case undefined:
      return { type: 'raw', raw };
    case 'regular-transfer': {
      const { type, hashRoot, hashDepth, preImage, signatureProof } = proof;
      return { type, raw, hashAlgorithm: hashRoot.algorithm, hashDepth, hashRoot: toHex(hashRoot.hash), preImage: toHex(preImage), ...signer(signatureProof) };
    }
    case 'early-resolve':
      return { type: proof.type, raw, ...signer(proof.recipientProof), ...creator(proof.senderProof) };
    case 'timeout-resolve':
      return { type: proof.type, raw, ...creator(proof.senderProof) };
  }
}

function signer(proof: SignatureProof) {
  return { signer: friendlyAddress(proofSigner(proof)), signature: toHex(proof.signature), publicKey: toHex(proof.publicKey), pathLength: proof.merklePath.length };
}

function creator(proof: SignatureProof) {
  const { signer: creator, signature: creatorSignature, publicKey: creatorPublicKey, pathLength: creatorPathLength } = signer(proof);
  return { creator, creatorSignature, creatorPublicKey, creatorPathLength };
}

function parsed<T>(parse: () => T): T | undefined {
  try {
    return parse();
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}
