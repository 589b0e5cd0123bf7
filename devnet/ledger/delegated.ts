import { compareBytes, equalBytes } from '../../src/base/bytes.ts';
import type { Accounts } from './accounts.ts';

/** Adds to the stake and the number of stakers that a validator has from others; it may be a tombstone by now. Undefined: nobody's. */
export function changeDelegated(accounts: Accounts, address: Uint8Array | undefined, stake: number, stakers: number): void {
  if (!address) return;
  const validator = accounts.validator(address);
  if (validator) {
    const totalStake = validator.totalStake + stake;
    accounts.setValidator(address, { ...validator, totalStake, stakerCount: validator.stakerCount + stakers });
    if (validator.inactiveFrom === undefined) setActive(accounts, address, totalStake);
    return;
  }
  const tombstone = accounts.tombstone(address);
  if (!tombstone) return;
  const remainingStakerCount = tombstone.remainingStakerCount + stakers;
  accounts.setTombstone(address, remainingStakerCount === 0 ? undefined : { remainingStake: tombstone.remainingStake + stake, remainingStakerCount });
}

/** Sets the validator's stake in the staking contract's list of active ones; undefined takes it off. */
export function setActive(accounts: Accounts, address: Uint8Array, stake: number | undefined): void {
  const { staking } = accounts;
  const others = staking.activeValidators.filter((validator) => !equalBytes(validator.address, address));
  const all = stake === undefined ? others : [...others, { address, stake }];
  accounts.setStaking({ ...staking, activeValidators: all.toSorted((a, b) => compareBytes(a.address, b.address)) });
}
