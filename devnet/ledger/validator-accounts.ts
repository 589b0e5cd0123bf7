import { equalBytes, toHex } from '../../src/base/bytes.ts';
import { addressOfKey } from '../../src/chains/albatross/transactions/sender-address.ts';
import type { NewSignalData, SignalDataUpdate } from '../../src/chains/albatross/transactions/staking-data.ts';
import type { StakingValidator } from '../../src/chains/albatross/wire/accounts.ts';
import type { Accounts } from './accounts.ts';
import { setActive } from './delegated.ts';
import type { ExecutionContext } from './execution-context.ts';
import { ExecutionRefused } from './execution-refused.ts';

// Every function throws `ExecutionRefused`. These validators are entries of the staking contract; who makes blocks is drawn from other keys
// (`validator-pool.ts`). Rules: Albatross proofs reference, 2.4 and 4.4.

type Keys = Pick<StakingValidator, 'signingKey' | 'votingKey' | 'rewardAddress'>;

export function createValidator(accounts: Accounts, address: Uint8Array, data: Keys & { readonly signalData: Uint8Array | undefined }, deposit: number): void {
  if (accounts.validator(address) ?? accounts.tombstone(address)) throw new ExecutionRefused('exists', `validator ${toHex(address)}`);
  const { signingKey, votingKey, rewardAddress, signalData } = data;
  accounts.setValidator(address, {
    address, signingKey, votingKey, rewardAddress,
    signalData: signalData && toHex(signalData),
    totalStake: deposit, deposit, stakerCount: 0,
    inactiveFrom: undefined, jailedFrom: undefined, retired: false,
  });
  setActive(accounts, address, deposit);
}

export function updateValidator(
  accounts: Accounts,
  address: Uint8Array,
  update: { readonly newSigningKey: Uint8Array | undefined; readonly newVotingKey: Uint8Array | undefined; readonly newRewardAddress: Uint8Array | undefined; readonly newSignalData: NewSignalData | undefined },
): void {
  const validator = known(accounts, address);
  if (validator.retired) throw new ExecutionRefused('not-allowed', 'the validator is retired');
  const { newSigningKey, newVotingKey, newRewardAddress, newSignalData } = update;
  accounts.setValidator(address, {
    ...validator,
    signingKey: newSigningKey ?? validator.signingKey,
    votingKey: newVotingKey ?? validator.votingKey,
    rewardAddress: newRewardAddress ?? validator.rewardAddress,
    signalData: newSignalData ? newSignalData.signalData && toHex(newSignalData.signalData) : validator.signalData,
  });
}

/** Signed with the signing key, as reactivation and signal data are. */
export function deactivateValidator(accounts: Accounts, address: Uint8Array, signer: Uint8Array, { nextElection }: ExecutionContext): void {
  const validator = knownSigning(accounts, address, signer);
  if (validator.inactiveFrom !== undefined) throw new ExecutionRefused('not-allowed', 'the validator is inactive');
  accounts.setValidator(address, { ...validator, inactiveFrom: nextElection });
  setActive(accounts, address, undefined);
}

export function reactivateValidator(accounts: Accounts, address: Uint8Array, signer: Uint8Array): void {
  const validator = knownSigning(accounts, address, signer);
  if (validator.inactiveFrom === undefined || validator.retired) throw new ExecutionRefused('not-allowed', 'the validator is active or retired');
  accounts.setValidator(address, { ...validator, inactiveFrom: undefined });
  setActive(accounts, address, validator.totalStake);
}

/** Signed with the cold key, as update and deletion are. */
export function retireValidator(accounts: Accounts, address: Uint8Array, { nextElection }: ExecutionContext): void {
  const validator = known(accounts, address);
  if (validator.retired) throw new ExecutionRefused('not-allowed', 'the validator is retired');
  accounts.setValidator(address, { ...validator, retired: true, inactiveFrom: validator.inactiveFrom ?? nextElection });
  setActive(accounts, address, undefined);
}

/** Pays the deposit back, an epoch after the validator became inactive. Its stakers' stake stays behind under a tombstone. */
export function deleteValidator(accounts: Accounts, address: Uint8Array, amount: number, { height, blocksPerEpoch }: ExecutionContext): void {
  const { retired, inactiveFrom, deposit, totalStake, stakerCount } = known(accounts, address);
  if (!retired || inactiveFrom === undefined || height <= inactiveFrom + blocksPerEpoch) throw new ExecutionRefused('not-allowed', 'the deposit is not released yet');
  if (amount !== deposit) throw new ExecutionRefused('insufficient-funds', `${amount} Luna, the deposit is ${deposit}`);
  accounts.setValidator(address, undefined);
  if (stakerCount > 0) accounts.setTombstone(address, { remainingStake: totalStake - deposit, remainingStakerCount: stakerCount });
}

/** Only whole signal data: where in it the version stands that a transaction can set alone is not known. */
export function setSignalData(accounts: Accounts, address: Uint8Array, signer: Uint8Array, update: SignalDataUpdate): void {
  const validator = knownSigning(accounts, address, signer);
  if (update.type === 'version') throw new ExecutionRefused('unknown-kind', 'a version of signal data');
  accounts.setValidator(address, { ...validator, signalData: update.signalData && toHex(update.signalData) });
}

function known(accounts: Accounts, address: Uint8Array): StakingValidator {
  const validator = accounts.validator(address);
  if (!validator) throw new ExecutionRefused('not-found', `validator ${toHex(address)}`);
  return validator;
}

function knownSigning(accounts: Accounts, address: Uint8Array, signer: Uint8Array): StakingValidator {
  const validator = known(accounts, address);
  if (!equalBytes(addressOfKey(validator.signingKey), signer)) throw new ExecutionRefused('not-allowed', "signed with another key than the validator's");
  return validator;
}
