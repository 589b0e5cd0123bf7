// Tests: `src/keys/transaction.test.ts`.
import { encode } from '../base/postcard/codec.ts';
import { accountTypes, stakingContractAddress, transactionFlags } from '../chains/albatross/transactions/account-type.ts';
import { stakingWithdrawal } from '../chains/albatross/transactions/outgoing-proof.ts';
import { emptySignatureProof } from '../chains/albatross/transactions/signature-proof.ts';
import { stakingData } from '../chains/albatross/transactions/staking-data.ts';
import type { StakingData } from '../chains/albatross/transactions/staking-data.ts';
import { VALIDATOR_DEPOSIT } from '../chains/albatross/transactions/verify-transaction.ts';
import { Address } from './address.ts';
import { integerOf } from './amounts.ts';
// Only the type: `petrel/keys` does not load the curve of voting keys.
import type { BLSKeyPair } from './bls-key-pair.ts';
import { Freeable } from './freeable.ts';
import { requireHexOf } from './input.ts';
import { KeysError } from './keys-error.ts';
import type { PublicKey } from './public-key.ts';
import { StakingDataBuilder } from './staking-data-builder.ts';
import { Transaction } from './transaction.ts';

/** Luna; none is 0. */
type Fee = bigint | null | undefined;

/** Bytes of signal data. */
const SIGNAL_DATA_LENGTH = 32;
const MAX_VERSION = 0xffff;

const stakingContract = new Address(stakingContractAddress);

/**
 * Makes unsigned transactions of the usual kinds. Amounts are in Luna. All methods throw `KeysError`: `out-of-range` and `wrong-type` for
 * a number that its field does not take, `unknown-network` for the network's id.
 */
export class TransactionBuilder extends Freeable {
  private constructor() {
    super();
  }

  /** From one basic account to another. */
  static newBasic(sender: Address, recipient: Address, value: bigint, fee: Fee, validityStartHeight: number, networkId: number): Transaction {
    return TransactionBuilder.newBasicWithData(sender, recipient, new Uint8Array(0), value, fee, validityStartHeight, networkId);
  }

  /** The same with data; nodes take at most 64 bytes. */
  static newBasicWithData(sender: Address, recipient: Address, data: Uint8Array, value: bigint, fee: Fee, validityStartHeight: number, networkId: number): Transaction {
    return nonZero(new Transaction(sender, accountTypes.basic, undefined, recipient, accountTypes.basic, data, value, fee ?? 0n, 0, validityStartHeight, networkId));
  }

  /** A new staker with a first stake; the least is 10 000 000. The staker is who signs inside. */
  static newCreateStaker(sender: Address, delegation: Address | undefined, value: bigint, fee: Fee, validityStartHeight: number, networkId: number): Transaction {
    return nonZero(toContract(sender, StakingDataBuilder.createStaker(delegation), value, fee, 0, validityStartHeight, networkId));
  }

  /** More stake for any staker. */
  static newAddStake(sender: Address, stakerAddress: Address, value: bigint, fee: Fee, validityStartHeight: number, networkId: number): Transaction {
    return nonZero(toContract(sender, StakingDataBuilder.addStake(stakerAddress), value, fee, 0, validityStartHeight, networkId));
  }

  /** Another validator for the staker's stake, or none. */
  static newUpdateStaker(sender: Address, newDelegation: Address | undefined, reactivateAllStake: boolean, fee: Fee, validityStartHeight: number, networkId: number): Transaction {
    return signal(sender, StakingDataBuilder.updateStaker(newDelegation, reactivateAllStake), fee, validityStartHeight, networkId);
  }

  /** How much of the stake is active. */
  static newSetActiveStake(sender: Address, newActiveBalance: bigint, fee: Fee, validityStartHeight: number, networkId: number): Transaction {
    return signal(sender, StakingDataBuilder.setActiveStake(newActiveBalance), fee, validityStartHeight, networkId);
  }

  /** Frees inactive stake, so that it can be removed. */
  static newRetireStake(sender: Address, retireStake: bigint, fee: Fee, validityStartHeight: number, networkId: number): Transaction {
    return signal(sender, StakingDataBuilder.retireStake(retireStake), fee, validityStartHeight, networkId);
  }

  /** Retired stake back to a basic account. The staker signs. */
  static newRemoveStake(recipient: Address, value: bigint, fee: Fee, validityStartHeight: number, networkId: number): Transaction {
    return nonZero(fromContract(recipient, 'remove-stake', value, fee, validityStartHeight, networkId));
  }

  /**
   * Registers a validator, with the deposit as the value. The sender's key is its cold key and signs inside. `signalData`: 64 hex digits.
   * @throws {KeysError} `not-hex`, `wrong-length` for the signal data, `wrong-type` for a pair that is no `BLSKeyPair` of `petrel/nimiq`.
   */
  static newCreateValidator(sender: Address, rewardAddress: Address, signingKey: PublicKey, votingKeyPair: BLSKeyPair, signalData: string | null | undefined, fee: Fee, validityStartHeight: number, networkId: number): Transaction {
    const data = dataOf({
      type: 'create-validator', signingKey: signingKey.serialize(), rewardAddress: rewardAddress.serialize(), signalData: signalDataOf(signalData), ...votingOf(votingKeyPair), proof: emptySignatureProof,
    });
    return toContract(sender, data, BigInt(VALIDATOR_DEPOSIT), fee, 0, validityStartHeight, networkId);
  }

  /**
   * Replaces what is given of a validator's settings; what is undefined or null stays. The validator's cold key signs inside.
   * @throws {KeysError} `not-hex`, `wrong-length` for the signal data, `wrong-type` for a pair that is no `BLSKeyPair` of `petrel/nimiq`.
   */
  static newUpdateValidator(
    sender: Address, rewardAddress: Address | null | undefined, signingKey: PublicKey | null | undefined, votingKeyPair: BLSKeyPair | null | undefined, signalData: string | null | undefined,
    fee: Fee, validityStartHeight: number, networkId: number,
  ): Transaction {
    const newSignalData = signalDataOf(signalData);
    const voting = votingKeyPair ? votingOf(votingKeyPair) : undefined;
    const data = dataOf({
      type: 'update-validator', newSigningKey: signingKey?.serialize(), newVotingKey: voting?.votingKey, newRewardAddress: rewardAddress?.serialize(),
      newSignalData: newSignalData && { signalData: newSignalData }, newProofOfKnowledge: voting?.proofOfKnowledge, proof: emptySignatureProof,
    });
    return signal(sender, data, fee, validityStartHeight, networkId);
  }

  /** Takes a validator out of the next elections. Its signing key signs inside. */
  static newDeactivateValidator(sender: Address, validator: Address, fee: Fee, validityStartHeight: number, networkId: number): Transaction {
    return signal(sender, dataOf({ type: 'deactivate-validator', validator: validator.serialize(), proof: emptySignatureProof }), fee, validityStartHeight, networkId);
  }

  /** Retires the validator for good. Its cold key signs inside. */
  static newRetireValidator(sender: Address, fee: Fee, validityStartHeight: number, networkId: number): Transaction {
    return signal(sender, dataOf({ type: 'retire-validator', proof: emptySignatureProof }), fee, validityStartHeight, networkId);
  }

  /** The deposit, less the fee, back to the validator's own account. Its cold key signs. */
  static newDeleteValidator(sender: Address, fee: Fee, validityStartHeight: number, networkId: number): Transaction {
    return fromContract(sender, 'delete-validator', BigInt(VALIDATOR_DEPOSIT), fee, validityStartHeight, networkId);
  }

  /** The validator's signal data, 64 hex digits, or none. Its signing key signs inside. Valid from block version 2 on. */
  static newSetSignalData(sender: Address, validator: Address, signalData: string | null | undefined, fee: Fee, validityStartHeight: number, networkId: number): Transaction {
    const update = { type: 'full', signalData: signalDataOf(signalData) } as const;
    return signal(sender, dataOf({ type: 'set-signal-data', validator: validator.serialize(), update, proof: emptySignatureProof }), fee, validityStartHeight, networkId);
  }

  /** Only the version in the validator's signal data. Its signing key signs inside. Valid from block version 2 on. */
  static newSignalVersion(sender: Address, validator: Address, version: number, fee: Fee, validityStartHeight: number, networkId: number): Transaction {
    const update = { type: 'version', version: integerOf(version, MAX_VERSION, 'version') } as const;
    return signal(sender, dataOf({ type: 'set-signal-data', validator: validator.serialize(), update, proof: emptySignatureProof }), fee, validityStartHeight, networkId);
  }
}

/** The bytes of signal data; none is undefined. */
function signalDataOf(hex: string | null | undefined): Uint8Array | undefined {
  return hex === null || hex === undefined ? undefined : requireHexOf(hex, SIGNAL_DATA_LENGTH, 'signal data');
}

/** A voting key and the proof that its secret is known. */
function votingOf(pair: BLSKeyPair): { readonly votingKey: Uint8Array; readonly proofOfKnowledge: Uint8Array } {
  if (typeof (pair as Partial<BLSKeyPair> | undefined)?.proofOfKnowledge !== 'function') throw new KeysError('wrong-type', 'voting keys: expected a BLSKeyPair');
  return { votingKey: pair.publicKey.serialize(), proofOfKnowledge: pair.proofOfKnowledge() };
}

function dataOf(data: StakingData): Uint8Array {
  return encode(stakingData, data);
}

function toContract(sender: Address, data: Uint8Array, value: bigint, fee: Fee, flags: number, validityStartHeight: number, networkId: number): Transaction {
  return new Transaction(sender, accountTypes.basic, undefined, stakingContract, accountTypes.staking, data, value, fee ?? 0n, flags, validityStartHeight, networkId);
}

function signal(sender: Address, data: Uint8Array, fee: Fee, validityStartHeight: number, networkId: number): Transaction {
  return toContract(sender, data, 0n, fee, transactionFlags.signaling, validityStartHeight, networkId);
}

function fromContract(recipient: Address, withdrawal: 'delete-validator' | 'remove-stake', value: bigint, fee: Fee, validityStartHeight: number, networkId: number): Transaction {
  return new Transaction(stakingContract, accountTypes.staking, encode(stakingWithdrawal, withdrawal), recipient, accountTypes.basic, undefined, value, fee ?? 0n, 0, validityStartHeight, networkId);
}

function nonZero(transaction: Transaction): Transaction {
  if (transaction.value === 0n) throw new KeysError('out-of-range', 'The value must be zero for signaling transactions and cannot be zero for others.');
  return transaction;
}
