/**
 * The plain forms of a transaction's data and proof. Those of a whole transaction become `raw` where the bytes are not what the account's
 * kind has; those of one kind throw `KeysError` `invalid-data`.
 * Tests: `src/keys/transaction.test.ts`.
 * @module
 */
import { toHex } from '../base/bytes.ts';
import { decode } from '../base/postcard/codec.ts';
import { DecodeError } from '../base/postcard/errors.ts';
import { accountTypes } from '../chains/albatross/transactions/account-type.ts';
import { friendlyAddress } from '../chains/albatross/transactions/address-text.ts';
import { htlcData } from '../chains/albatross/transactions/htlc-data.ts';
import { htlcProof, stakingWithdrawal } from '../chains/albatross/transactions/outgoing-proof.ts';
import { proofSigner, signatureProof } from '../chains/albatross/transactions/signature-proof.ts';
import type { SignatureProof } from '../chains/albatross/transactions/signature-proof.ts';
import { stakingData } from '../chains/albatross/transactions/staking-data.ts';
import { decodeVestingData } from '../chains/albatross/transactions/vesting-data.ts';
import { KeysError } from './keys-error.ts';
import type { PlainTransactionProof, PlainTransactionRecipientData, PlainTransactionSenderData } from './plain-transaction.ts';

const optionalAddress = (bytes: Uint8Array | undefined) => (bytes === undefined ? undefined : friendlyAddress(bytes));
const optionalHex = (bytes: Uint8Array | undefined) => (bytes === undefined ? undefined : toHex(bytes));

/** Of a recipient of this account type; `value` in Luna. */
export function plainRecipientData(recipientType: number, data: Uint8Array, value: number): PlainTransactionRecipientData {
  switch (recipientType) {
    case accountTypes.vesting:
      return orRaw(data, () => plainVestingData(data, value));
    case accountTypes.htlc:
      return orRaw(data, () => plainHtlcData(data));
    case accountTypes.staking:
      return orRaw(data, () => plainStakingData(data));
    default:
      return raw(data);
  }
}

export function plainVestingData(data: Uint8Array, value: number): PlainTransactionRecipientData {
  const { owner, startTime, timeStep, stepAmount } = parsed(() => decodeVestingData(data, value));
  return { type: 'vesting', raw: toHex(data), owner: friendlyAddress(owner), startTime, timeStep, stepAmount };
}

export function plainHtlcData(data: Uint8Array): PlainTransactionRecipientData {
  const { sender, recipient, hashRoot, hashCount, timeout } = parsed(() => decode(htlcData, data));
  return { type: 'htlc', raw: toHex(data), sender: friendlyAddress(sender), recipient: friendlyAddress(recipient), hashAlgorithm: hashRoot.algorithm, hashRoot: toHex(hashRoot.hash), hashCount, timeout };
}

export function plainStakingData(bytes: Uint8Array): PlainTransactionRecipientData {
  const raw = toHex(bytes);
  const data = parsed(() => decode(stakingData, bytes));
  switch (data.type) {
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
  if (senderType !== accountTypes.staking) return raw(data);
  return orRaw(data, () => ({ type: parsed(() => decode(stakingWithdrawal, data)), raw: toHex(data) }));
}

/** Of a sender of this account type. */
export function plainProof(senderType: number, proof: Uint8Array): PlainTransactionProof {
  return orRaw(proof, () => (senderType === accountTypes.htlc ? plainHtlcProof(proof) : plainSignatureProof(proof)));
}

export function plainSignatureProof(bytes: Uint8Array): PlainTransactionProof {
  return { type: 'standard', raw: toHex(bytes), ...signer(parsed(() => decode(signatureProof, bytes))) };
}

export function plainHtlcProof(bytes: Uint8Array): PlainTransactionProof {
  const raw = toHex(bytes);
  const proof = parsed(() => decode(htlcProof, bytes));
  switch (proof.type) {
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

function parsed<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (error instanceof DecodeError) throw new KeysError('invalid-data', error.message);
    throw error;
  }
}

function orRaw<P>(bytes: Uint8Array, plain: () => P): P | { type: 'raw'; raw: string } {
  try {
    return plain();
  } catch (error) {
    if (error instanceof KeysError) return raw(bytes);
    throw error;
  }
}

function raw(bytes: Uint8Array): { type: 'raw'; raw: string } {
  return { type: 'raw', raw: toHex(bytes) };
}
