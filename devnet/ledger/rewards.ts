import type { RewardTransaction } from '../../src/chains/albatross/wire/types.ts';
import { SLOTS, type DevValidator } from '../validators.ts';
import { Accounts } from './accounts.ts';
import type { BlockState } from './block-state.ts';

/** Luna for each block of a batch. The network's own amount follows a curve over the years; no light client checks it. */
const BLOCK_REWARD = 100_000;

/**
 * The rewards for the batch before the one that a macro block closes: its fees and a fixed amount for each block, shared by slots; what
 * does not divide goes to the first validator. Paid to each validator's reward address, or to its own address if the staking contract
 * does not know it or the reward address is a contract's.
 */
export function rewardsFor(parent: BlockState, validators: readonly DevValidator[], blocksPerBatch: number): readonly RewardTransaction[] {
  const accounts = new Accounts(parent.accounts);
  const pot = blocksPerBatch * BLOCK_REWARD + parent.feesBefore;
  const perSlot = Math.floor(pot / SLOTS);
  return validators.map(({ validator: { address, slots } }, i) => ({
    validatorAddress: address,
    recipient: recipientOf(accounts, address),
    value: (slots.end - slots.start) * perSlot + (i === 0 ? pot - perSlot * SLOTS : 0),
  }));
}

function recipientOf(accounts: Accounts, validator: Uint8Array): Uint8Array {
  const named = accounts.validator(validator)?.rewardAddress;
  return named && accounts.account(named).type === 'basic' ? named : validator;
}
