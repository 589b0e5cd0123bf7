import * as Nimiq from '@nimiq/core';
import { describe, expect, it } from 'vitest';
import { toHex } from '../../src/base/bytes.ts';
import { keyOf, LedgerChain, rich, transfer } from '../../test/support/ledger-chain.ts';

const UNIT = 7;
const START = 200;
const { privateKey, address: staker } = keyOf(3);
const pair = (key: Uint8Array): Nimiq.KeyPair => Nimiq.KeyPair.derive(Nimiq.PrivateKey.fromHex(toHex(key)));
const own = pair(privateKey);
const ownAddress = own.toAddress();
const VALIDATOR = Nimiq.Address.fromUserFriendlyAddress('NQ20 TSB0 DFSM UH9C 15GQ GAGJ TTE4 D3MA 859E');
const validator = VALIDATOR.serialize();
const STAKE = 20_000_000;

/** The bytes of a transaction that the official client's code made and signed. */
function official(transaction: Nimiq.Transaction, key = own, inner: Nimiq.KeyPair | undefined = undefined): Uint8Array {
  transaction.sign(key, inner);
  return transaction.serialize();
}

/** A chain in which the staker has staked 20 million of its 30 million Luna. */
function staked(): LedgerChain {
  const world = new LedgerChain();
  world.block(transfer({ to: staker, value: 30_000_000 }));
  expect(world.outcomes(official(Nimiq.TransactionBuilder.newCreateStaker(ownAddress, VALIDATOR, BigInt(STAKE), 5n, START, UNIT)))).toEqual([true]);
  return world;
}

describe('stake, with transactions by the official client', () => {
  it('is created, added to, and counted for the validator', () => {
    const world = staked();
    expect(world.accounts.staker(staker)).toEqual({ address: staker, activeBalance: STAKE, inactiveBalance: 0, inactiveFrom: undefined, retiredBalance: 0, delegation: validator });
    expect(world.accounts.validator(validator)).toMatchObject({ totalStake: 10_000_100_000 + STAKE, stakerCount: 2 });
    expect(world.accounts.staking).toMatchObject({ balance: 10_000_100_000 + STAKE, activeValidators: [{ address: validator, stake: 10_000_100_000 + STAKE }] });
    expect(world.balance(staker)).toBe(30_000_000 - STAKE - 5);
    const added = official(Nimiq.TransactionBuilder.newAddStake(pair(rich.privateKey).toAddress(), ownAddress, 1000n, 0n, START, UNIT), pair(rich.privateKey));
    expect(world.outcomes(added)).toEqual([true]);
    expect(world.accounts.staker(staker)).toMatchObject({ activeBalance: STAKE + 1000 });
  });

  it('cannot be created twice, nor added to for nobody', () => {
    const world = staked();
    const again = official(Nimiq.TransactionBuilder.newCreateStaker(ownAddress, undefined, 10_000_000n, 0n, START, UNIT));
    const nobody = official(Nimiq.TransactionBuilder.newAddStake(ownAddress, VALIDATOR, 1000n, 1n, START, UNIT));
    expect(world.outcomes(again, nobody)).toEqual([false, false]);
    expect(world.accounts.staking.balance).toBe(10_000_100_000 + STAKE);
  });

  it('is deactivated, released after an epoch, retired and removed', () => {
    const world = staked();
    const { TransactionBuilder } = Nimiq;
    const deactivate = official(TransactionBuilder.newSetActiveStake(ownAddress, 0n, 0n, START, UNIT));
    expect(world.outcomes(deactivate)).toEqual([true]);
    expect(world.accounts.staker(staker)).toMatchObject({ activeBalance: 0, inactiveBalance: STAKE, inactiveFrom: 328 });
    expect(world.accounts.validator(validator)).toMatchObject({ totalStake: 10_000_100_000, stakerCount: 2 });
    const retire = official(TransactionBuilder.newRetireStake(ownAddress, BigInt(STAKE), 0n, START, UNIT));
    expect(world.growTo(455).outcomes()).toEqual([]);
    expect(world.chain.head.height).toBe(456);
    // Block 457 is the first in which the stake is released.
    expect(world.outcomes(retire)).toEqual([true]);
    expect(world.accounts.staker(staker)).toMatchObject({ inactiveBalance: 0, retiredBalance: STAKE });
    const before = world.balance(staker);
    expect(world.outcomes(official(TransactionBuilder.newRemoveStake(ownAddress, BigInt(STAKE - 7), 7n, START, UNIT)))).toEqual([true]);
    expect(world.accounts.staker(staker)).toBeUndefined();
    expect(world.balance(staker)).toBe(before + STAKE - 7);
    expect(world.accounts.validator(validator)).toMatchObject({ stakerCount: 1 });
    expect(world.accounts.staking.balance).toBe(10_000_100_000);
  });

  it('is not released in the epoch after, and only the whole retired stake is removed', () => {
    const world = staked();
    const { TransactionBuilder } = Nimiq;
    world.block(official(TransactionBuilder.newSetActiveStake(ownAddress, 0n, 0n, START, UNIT)));
    expect(world.outcomes(official(TransactionBuilder.newRetireStake(ownAddress, BigInt(STAKE), 1n, START, UNIT)))).toEqual([false]);
    expect(world.outcomes(official(TransactionBuilder.newRemoveStake(ownAddress, 5n, 0n, START, UNIT)))).toEqual([false]);
    expect(world.accounts.staker(staker)).toMatchObject({ inactiveBalance: STAKE, retiredBalance: 0 });
  });

  it('moves to another validator only while it is inactive and released', () => {
    const world = staked();
    const away = official(Nimiq.TransactionBuilder.newUpdateStaker(ownAddress, undefined, true, 0n, START, UNIT));
    expect(world.outcomes(away)).toEqual([false]);
    world.block(official(Nimiq.TransactionBuilder.newSetActiveStake(ownAddress, 0n, 0n, START, UNIT)));
    world.growTo(457);
    expect(world.outcomes(away)).toEqual([true]);
    expect(world.accounts.staker(staker)).toMatchObject({ activeBalance: STAKE, inactiveBalance: 0, delegation: undefined });
    expect(world.accounts.validator(validator)).toMatchObject({ totalStake: 10_000_100_000, stakerCount: 1 });
  });
});

describe('a validator, with transactions by the official client', () => {
  it('is created, updated, retired and deleted, and leaves a tombstone while somebody delegates to it', () => {
    const world = new LedgerChain();
    const { TransactionBuilder } = Nimiq;
    world.block(transfer({ to: staker, value: 10_100_000_000 }));
    const create = official(TransactionBuilder.newCreateValidator(ownAddress, ownAddress, own.publicKey, Nimiq.BLSKeyPair.generate(), undefined, 0n, START, UNIT));
    expect(world.outcomes(create)).toEqual([true]);
    expect(world.accounts.validator(staker)).toMatchObject({ address: staker, rewardAddress: staker, totalStake: 10_000_000_000, stakerCount: 0 });
    expect(world.accounts.staking.activeValidators).toHaveLength(2);
    const other = pair(rich.privateKey);
    const delegate = official(TransactionBuilder.newCreateStaker(other.toAddress(), ownAddress, 10_000_000n, 0n, START, UNIT), other);
    const update = official(TransactionBuilder.newUpdateValidator(ownAddress, VALIDATOR, undefined, undefined, undefined, 0n, START, UNIT));
    expect(world.outcomes(delegate, update)).toEqual([true, true]);
    expect(world.accounts.validator(staker)).toMatchObject({ rewardAddress: validator, totalStake: 10_010_000_000, stakerCount: 1 });
    expect(world.outcomes(official(TransactionBuilder.newRetireValidator(ownAddress, 0n, START, UNIT)))).toEqual([true]);
    expect(world.accounts.validator(staker)).toMatchObject({ retired: true, inactiveFrom: 328 });
    expect(world.accounts.staking.activeValidators).toHaveLength(1);
    world.growTo(456);
    const remove = official(TransactionBuilder.newDeleteValidator(ownAddress, 0n, START, UNIT));
    const before = world.balance(staker);
    expect(world.outcomes(remove)).toEqual([true]);
    expect(world.balance(staker)).toBe(before + 10_000_000_000);
    expect(world.accounts.validator(staker)).toBeUndefined();
    expect(world.accounts.tombstone(staker)).toEqual({ remainingStake: 10_000_000, remainingStakerCount: 1 });
  });
});
