/**
 * Whether a transaction is valid in itself: all that can be said without the state of the chain, in the order of the official client
 * (Albatross proofs reference, 4.4). Whether it may be included now is `isValidAt`; whether it can be paid, nobody knows but the chain.
 * @module
 */
import { equalBytes, toHex } from '../../../base/bytes.ts';
import { decode } from '../../../base/postcard/codec.ts';
import type { Codec } from '../../../base/postcard/codec.ts';
import { DecodeError } from '../../../base/postcard/errors.ts';
import type { ExtendedTransaction, Transaction } from '../wire/types.ts';
import { accountTypes, transactionFlags } from './account-type.ts';
import { transactionContent } from './content.ts';
import { contractAddress } from './contract-address.ts';
import { extendedForm } from './derive-format.ts';
import { htlcData, htlcDataLengths } from './htlc-data.ts';
import { htlcProof, leadsToRoot, stakingWithdrawal } from './outgoing-proof.ts';
import { isSignedBy, signatureProof, verifySignatureProof } from './signature-proof.ts';
import type { SignatureProof } from './signature-proof.ts';
import { innerContent, isSignaling, stakingData } from './staking-data.ts';
import type { StakingData } from './staking-data.ts';
import { TransactionError } from './transaction-error.ts';
import { decodeVestingData } from './vesting-data.ts';

/** Luna; 21 billion NIM (Policy's TOTAL_SUPPLY). */
export const TOTAL_SUPPLY = 2_100_000_000_000_000;
/** Luna; what creates a validator (Policy's VALIDATOR_DEPOSIT). */
export const VALIDATOR_DEPOSIT = 10_000_000_000;
/** Luna; the least stake of a staker (Policy's MINIMUM_STAKE). */
export const MINIMUM_STAKE = 10_000_000;
/** Bytes of data that a basic account may be sent. */
const MAX_BASIC_DATA = 64;
/** From this block version on there is `set-signal-data`. */
const SIGNAL_DATA_VERSION = 2;

export interface VerifyOptions {
  /** The version of the block that would hold it. */
  readonly version: number;
  /** The id of the network it must be for; any if undefined. */
  readonly network?: number | undefined;
  /**
   * Checks that who creates a validator knows the secret of the voting key (285 bytes): `proof` (95 bytes) is its BLS signature of the key.
   * Without it this one check is left out, because it takes the pairing curve.
   */
  readonly verifyProofOfKnowledge?: ((votingKey: Uint8Array, proof: Uint8Array) => boolean) | undefined;
}

/** @throws {TransactionError} for the first rule that the transaction breaks. */
export function verifyTransaction(transaction: Transaction, options: VerifyOptions): void {
  const extended = extendedForm(transaction);
  const { sender, recipient, network, flags, value, fee } = extended;
  if (equalBytes(sender, recipient)) throw new TransactionError('sender-is-recipient', toHex(sender));
  if (options.network !== undefined && network !== options.network) throw new TransactionError('foreign-network', `expected network ${options.network}, got ${network}`);
  if ((flags & transactionFlags.signaling) !== 0) {
    if (value !== 0) throw new TransactionError('invalid-for-recipient', `a signal of ${value} Luna`);
  } else if (value === 0) throw new TransactionError('zero-value', '0 Luna, and no signal');
  if (value + fee > TOTAL_SUPPLY) throw new TransactionError('overflow', `${value} Luna and a fee of ${fee}`);
  verifyOutgoing(extended);
  verifyIncoming(extended, options);
}

function verifyOutgoing(transaction: ExtendedTransaction): void {
  const { senderType, senderData, sender } = transaction;
  if (senderType !== accountTypes.staking && senderData.length > 0) throw new TransactionError('overflow', `${senderData.length} bytes of sender data, none allowed`);
  switch (senderType) {
    case accountTypes.basic: {
      const proof = read(signatureProof, transaction.proof);
      if (!isSignedBy(proof, sender)) throw new TransactionError('invalid-proof', 'the key is not the sender\'s');
      return requireSignature(proof, transactionContent(transaction));
    }
    case accountTypes.vesting:
      return requireSignature(read(signatureProof, transaction.proof), transactionContent(transaction));
    case accountTypes.htlc:
      return verifyHtlcProof(transaction);
    case accountTypes.staking:
      read(stakingWithdrawal, senderData);
      if (transaction.value === 0) throw new TransactionError('zero-value', '0 Luna from the staking contract');
      return requireSignature(read(signatureProof, transaction.proof), transactionContent(transaction));
    default:
      throw new TransactionError('invalid-for-sender', `account type ${senderType}`);
  }
}

function verifyHtlcProof(transaction: ExtendedTransaction): void {
  const proof = read(htlcProof, transaction.proof);
  const content = transactionContent(transaction);
  switch (proof.type) {
    case 'regular-transfer':
      if (!leadsToRoot(proof)) throw new TransactionError('invalid-proof', 'the pre-image does not lead to the root');
      return requireSignature(proof.signatureProof, content);
    case 'early-resolve':
      requireSignature(proof.recipientProof, content);
      return requireSignature(proof.senderProof, content);
    case 'timeout-resolve':
      return requireSignature(proof.senderProof, content);
  }
}

function verifyIncoming(transaction: ExtendedTransaction, options: VerifyOptions): void {
  const { recipientType, recipientData } = transaction;
  switch (recipientType) {
    case accountTypes.basic:
      if (transaction.value === 0) throw new TransactionError('zero-value', '0 Luna for a basic account');
      if (recipientData.length > MAX_BASIC_DATA) throw new TransactionError('overflow', `${recipientData.length} bytes of data, at most ${MAX_BASIC_DATA} allowed`);
      return;
    case accountTypes.vesting:
      requireCreation(transaction);
      verifyVestingData(transaction);
      return;
    case accountTypes.htlc:
      requireCreation(transaction);
      if (!htlcDataLengths.includes(recipientData.length)) throw new TransactionError('invalid-data', `${recipientData.length} bytes of data, expected ${htlcDataLengths.join(' or ')}`);
      if (read(htlcData, recipientData).hashCount === 0) throw new TransactionError('invalid-data', 'a hash count of 0');
      return;
    case accountTypes.staking:
      return verifyStakingData(transaction, options);
    default:
      throw new TransactionError('invalid-for-recipient', `account type ${recipientType}`);
  }
}

function verifyVestingData({ recipientData, value }: ExtendedTransaction): void {
  try {
    decodeVestingData(recipientData, value);
  } catch (error) {
    if (error instanceof DecodeError) throw new TransactionError(error.code === 'invalid-value' ? 'invalid-data' : 'invalid-serialization', error.message);
    throw error;
  }
}

/** Of a contract: flags and address. */
function requireCreation(transaction: ExtendedTransaction): void {
  if (transaction.flags !== transactionFlags.contractCreation) throw new TransactionError('invalid-for-recipient', `flags ${transaction.flags} for a contract`);
  const expected = contractAddress(transaction);
  if (!equalBytes(expected, transaction.recipient)) throw new TransactionError('invalid-for-recipient', `the contract's address is ${toHex(expected)}, not ${toHex(transaction.recipient)}`);
}

function verifyStakingData(transaction: ExtendedTransaction, { version, verifyProofOfKnowledge }: VerifyOptions): void {
  if ((transaction.flags & transactionFlags.contractCreation) !== 0) throw new TransactionError('invalid-for-recipient', 'the staking contract is not created');
  const data = read(stakingData, transaction.recipientData);
  if (data.type === 'set-signal-data' && version < SIGNAL_DATA_VERSION) throw new TransactionError('wrong-version', `signal data in version ${version}, there from ${SIGNAL_DATA_VERSION} on`);
  requireAmounts(transaction.value, data);
  if (data.type === 'update-validator') requireUpdate(data);
  const votingKey = data.type === 'create-validator' ? data.votingKey : data.type === 'update-validator' ? data.newVotingKey : undefined;
  const proofOfKnowledge = data.type === 'create-validator' ? data.proofOfKnowledge : data.type === 'update-validator' ? data.newProofOfKnowledge : undefined;
  if (votingKey !== undefined && proofOfKnowledge !== undefined && verifyProofOfKnowledge?.(votingKey, proofOfKnowledge) === false) throw new TransactionError('invalid-data', 'no proof that the secret of the voting key is known');
  if (data.type !== 'add-stake') requireSignature(data.proof, innerContent(transaction));
  if (isSignaling(data) !== ((transaction.flags & transactionFlags.signaling) !== 0)) throw new TransactionError('invalid-for-recipient', `flags ${transaction.flags} for ${data.type}`);
}

function requireAmounts(value: number, data: StakingData): void {
  const { type } = data;
  if (type === 'retire-stake' && data.retireStake === 0) throw new TransactionError('zero-value', '0 Luna to retire');
  if (type === 'create-validator' && value !== VALIDATOR_DEPOSIT) throw new TransactionError('invalid-value', `${value} Luna, expected the deposit of ${VALIDATOR_DEPOSIT}`);
  if (type === 'create-staker' && value < MINIMUM_STAKE) throw new TransactionError('invalid-value', `${value} Luna, at least ${MINIMUM_STAKE} expected`);
}

/** An update changes something, and shows that the secret of a new voting key is known. */
function requireUpdate(data: Extract<StakingData, { type: 'update-validator' }>): void {
  if (![data.newSigningKey, data.newVotingKey, data.newRewardAddress, data.newSignalData].some(Boolean)) throw new TransactionError('invalid-data', 'an update of nothing');
  if ((data.newVotingKey === undefined) !== (data.newProofOfKnowledge === undefined)) throw new TransactionError('invalid-data', 'a voting key without the proof of its secret, or the other way round');
}

function requireSignature(proof: SignatureProof, content: Uint8Array): void {
  if (!verifySignatureProof(proof, content)) throw new TransactionError('invalid-proof', 'a wrong signature');
}

function read<T>(codec: Codec<T>, bytes: Uint8Array): T {
  try {
    return decode(codec, bytes);
  } catch (error) {
    if (error instanceof DecodeError) throw new TransactionError('invalid-serialization', error.message);
    throw error;
  }
}
