import { toHex } from '../../../base/bytes.ts';
import type { Policy } from '../chain/policy.ts';
import type { AccountView, StakerView, ValidatorView } from '../chain/wallet-views.ts';
import { friendlyAddress } from '../transactions/address-text.ts';
import type { Account, Staker, StakingValidator } from '../wire/accounts.ts';
import { bitSetIndices } from '../wire/bit-set.ts';

/** Epochs for which a jailed validator cannot become active again (Albatross proofs reference, 2.4). */
const JAIL_EPOCHS = 8;

type Epochs = Pick<Policy, 'blocksPerEpoch'>;

export function accountView(account: Account): AccountView {
  switch (account.type) {
    case 'basic':
      return account;
    case 'vesting':
      return { ...account, owner: friendlyAddress(account.owner) };
    case 'htlc': {
      const { type, balance, sender, recipient, hashAlgorithm, hashRoot, hashCount, timeout, totalAmount } = account;
      return { type, balance, sender: friendlyAddress(sender), recipient: friendlyAddress(recipient), hashAlgorithm, hashRoot: toHex(hashRoot), hashCount, timeout, totalAmount };
    }
    case 'staking':
      return {
        type: 'staking',
        balance: account.balance,
        activeValidators: account.activeValidators.map(({ address, stake }) => [friendlyAddress(address), stake] as const),
        currentEpochDisabledSlots: account.currentBatchPunishedSlots.map(({ address, slots }) => [friendlyAddress(address), slots] as const),
        previousDisabledSlots: bitSetIndices(account.previousBatchPunishedSlots),
      };
  }
}

export function stakerView({ activeBalance, delegation, inactiveBalance, inactiveFrom, retiredBalance }: Staker, policy: Epochs): StakerView {
  return {
    balance: activeBalance,
    delegation: delegation && friendlyAddress(delegation),
    inactiveBalance,
    inactiveFrom,
    inactiveRelease: released(inactiveFrom, 1, policy),
    retiredBalance,
  };
}

export function validatorView(validator: StakingValidator, policy: Epochs): ValidatorView {
  const { signingKey, votingKey, rewardAddress, signalData, totalStake, deposit, stakerCount, inactiveFrom, jailedFrom, retired } = validator;
  return {
    signingPublicKey: toHex(signingKey),
    votingPublicKey: toHex(votingKey),
    rewardAddress: friendlyAddress(rewardAddress),
    signalData,
    totalStake,
    deposit,
    numStakers: stakerCount,
    inactiveFrom,
    inactiveRelease: released(inactiveFrom, 1, policy),
    retired,
    jailedFrom,
    jailedRelease: released(jailedFrom, JAIL_EPOCHS, policy),
  };
}

/** The first block after so many epochs. */
function released(from: number | undefined, epochs: number, { blocksPerEpoch }: Epochs): number | undefined {
  return from === undefined ? undefined : from + epochs * blocksPerEpoch + 1;
}
