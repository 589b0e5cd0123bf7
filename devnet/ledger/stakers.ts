import { toHex } from '../../src/base/bytes.ts';
import { MINIMUM_STAKE } from '../../src/chains/albatross/transactions/verify-transaction.ts';
import type { Staker } from '../../src/chains/albatross/wire/accounts.ts';
import type { Accounts } from './accounts.ts';
import { changeDelegated } from './delegated.ts';
import type { ExecutionContext } from './execution-context.ts';
import { ExecutionRefused } from './execution-refused.ts';

// Every function throws `ExecutionRefused`. Rules: Albatross proofs reference, 2.4; stake counts for a validator while it is active.

export function createStaker(accounts: Accounts, address: Uint8Array, delegation: Uint8Array | undefined, value: number): void {
  if (accounts.staker(address)) throw new ExecutionRefused('exists', `staker ${toHex(address)}`);
  requireValidator(accounts, delegation);
  accounts.setStaker(address, { address, activeBalance: value, inactiveBalance: 0, inactiveFrom: undefined, retiredBalance: 0, delegation });
  changeDelegated(accounts, delegation, value, 1);
}

export function addStake(accounts: Accounts, address: Uint8Array, value: number): void {
  const staker = known(accounts, address);
  requireValidator(accounts, staker.delegation);
  put(accounts, { ...staker, activeBalance: staker.activeBalance + value });
  changeDelegated(accounts, staker.delegation, value, 0);
}

/** The delegation can change only without active stake, and once the inactive stake is released. */
export function updateStaker(accounts: Accounts, address: Uint8Array, update: { readonly newDelegation: Uint8Array | undefined; readonly reactivateAllStake: boolean }, context: ExecutionContext): void {
  const staker = known(accounts, address);
  requireValidator(accounts, update.newDelegation);
  if (staker.delegation && (staker.activeBalance > 0 || !isReleased(staker, context))) throw new ExecutionRefused('not-allowed', 'stake is still delegated');
  changeDelegated(accounts, staker.delegation, -staker.activeBalance, -1);
  const moved = update.reactivateAllStake ? { activeBalance: staker.activeBalance + staker.inactiveBalance, inactiveBalance: 0, inactiveFrom: undefined } : {};
  const changed = { ...staker, ...moved, delegation: update.newDelegation };
  put(accounts, changed);
  changeDelegated(accounts, update.newDelegation, changed.activeBalance, 1);
}

/** What becomes inactive is released one epoch after the next election block. */
export function setActiveStake(accounts: Accounts, address: Uint8Array, activeBalance: number, { nextElection }: ExecutionContext): void {
  const staker = known(accounts, address);
  const inactiveBalance = staker.activeBalance + staker.inactiveBalance - activeBalance;
  if (inactiveBalance < 0) throw new ExecutionRefused('insufficient-funds', `${activeBalance} Luna of ${staker.activeBalance + staker.inactiveBalance}`);
  requireValidator(accounts, staker.delegation);
  put(accounts, { ...staker, activeBalance, inactiveBalance, inactiveFrom: inactiveBalance === 0 ? undefined : nextElection });
  changeDelegated(accounts, staker.delegation, activeBalance - staker.activeBalance, 0);
}

export function retireStake(accounts: Accounts, address: Uint8Array, amount: number, context: ExecutionContext): void {
  const staker = known(accounts, address);
  const inactiveBalance = staker.inactiveBalance - amount;
  if (inactiveBalance < 0) throw new ExecutionRefused('insufficient-funds', `${amount} Luna of ${staker.inactiveBalance}`);
  if (!isReleased(staker, context)) throw new ExecutionRefused('not-allowed', 'the stake is not released yet');
  put(accounts, { ...staker, inactiveBalance, inactiveFrom: inactiveBalance === 0 ? undefined : staker.inactiveFrom, retiredBalance: staker.retiredBalance + amount });
}

/** Takes the whole retired balance. A staker with nothing left is removed. */
export function removeStake(accounts: Accounts, address: Uint8Array, amount: number): void {
  const staker = known(accounts, address);
  if (staker.retiredBalance !== amount) throw new ExecutionRefused('insufficient-funds', `${amount} Luna, retired are ${staker.retiredBalance}`);
  const left: Staker = { ...staker, retiredBalance: 0 };
  if (left.activeBalance + left.inactiveBalance > 0) return put(accounts, left);
  accounts.setStaker(address, undefined);
  changeDelegated(accounts, left.delegation, 0, -1);
}

function known(accounts: Accounts, address: Uint8Array): Staker {
  const staker = accounts.staker(address);
  if (!staker) throw new ExecutionRefused('not-found', `staker ${toHex(address)}`);
  return staker;
}

function put(accounts: Accounts, staker: Staker): void {
  const { address, activeBalance, inactiveBalance, retiredBalance } = staker;
  const staked = activeBalance + inactiveBalance;
  // Stakers of a genesis block may have less.
  const before = accounts.staker(address);
  const less = before && staked < before.activeBalance + before.inactiveBalance;
  if (less && ((staked > 0 && staked < MINIMUM_STAKE) || staked + retiredBalance < MINIMUM_STAKE)) throw new ExecutionRefused('not-allowed', `less than ${MINIMUM_STAKE} Luna would stay`);
  accounts.setStaker(address, staker);
}

function isReleased({ inactiveFrom }: Staker, { height, blocksPerEpoch }: ExecutionContext): boolean {
  return inactiveFrom === undefined || height > inactiveFrom + blocksPerEpoch;
}

function requireValidator(accounts: Accounts, delegation: Uint8Array | undefined): void {
  if (delegation && !accounts.validator(delegation)) throw new ExecutionRefused('not-found', `validator ${toHex(delegation)}`);
}
