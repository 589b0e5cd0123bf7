import { describe, expect, it } from 'vitest';
import { blockHash, microBodyRoot } from '../../src/chains/albatross/chain/hashes.ts';
import { eventHash } from '../../src/chains/albatross/proofs/event-hash.ts';
import { transactionHash } from '../../src/chains/albatross/transactions/transaction-hash.ts';
import type { MicroBlock } from '../../src/chains/albatross/wire/types.ts';
import { keyOf, LedgerChain, NOW, rich, transfer } from '../../test/support/ledger-chain.ts';
import { diffRoot } from './diff-root.ts';
import { signedTransfer } from './signed-transfer.ts';

const { address: friend, privateKey } = keyOf(1);

describe('the ledger', () => {
  it('moves value and fee, and names the new state in the header', () => {
    const world = new LedgerChain();
    expect(world.outcomes(transfer({ to: friend, value: 500, fee: 3 }))).toEqual([true]);
    expect([world.balance(friend), world.balance(rich.address)]).toEqual([500, rich.balance - 503]);
    const { block, hash } = world.chain.head;
    const state = world.chain.stateOf(world.chain.head);
    expect(block.header).toMatchObject({ stateRoot: state.accounts.hash, historyRoot: state.history.root, bodyRoot: microBodyRoot((block as MicroBlock).body!) });
    expect(blockHash(block)).toBe(hash);
    const parent = world.chain.at(200)!;
    expect(block.header.stateRoot).not.toBe(parent.block.header.stateRoot);
    expect(block.header.diffRoot).toBe(diffRoot(world.chain.stateOf(parent).accounts, state.accounts));
    expect(state.entries).toMatchObject([{ network: 7, blockNumber: 201, blockTime: NOW, event: { type: 'basic' } }]);
  });

  it('has the same roots while nothing happens', () => {
    const world = new LedgerChain();
    world.block(transfer({ to: friend, value: 500 }));
    const { stateRoot, historyRoot } = world.chain.head.block.header;
    expect(world.growTo(210).chain.head.block.header).toMatchObject({ stateRoot, historyRoot });
  });

  it('lets a transaction that the accounts do not allow pay its fee only, and leaves out one that cannot even do that', () => {
    const world = new LedgerChain();
    const spends = (value: number, fee: number) => transfer({ to: friend, value, fee });
    expect(world.outcomes(spends(rich.balance, 10), spends(1, rich.balance), spends(5, 1))).toEqual([false, true]);
    expect([world.balance(friend), world.balance(rich.address)]).toEqual([5, rich.balance - 10 - 6]);
    expect(world.chain.stateOf(world.chain.head).entries).toMatchObject([{ event: { executed: { succeeded: false } } }, { event: { executed: { succeeded: true } } }]);
  });

  it('forgets an account without balance', () => {
    const world = new LedgerChain();
    const empty = world.chain.head.block.header.stateRoot;
    world.block(transfer({ to: friend, value: 500 }));
    world.block(signedTransfer(privateKey, { to: rich.address, value: 500, validityStartHeight: 200, network: 7 }));
    expect(world.chain.head.block.header.stateRoot).toBe(empty);
  });

  it('has the accounts of each branch', () => {
    const world = new LedgerChain();
    world.growTo(202);
    const base = world.chain.head;
    world.block(transfer({ to: friend, value: 500 }));
    const left = world.chain.head;
    const other = world.chain.next({ parent: base, timestamp: NOW + 7 });
    const longer = world.chain.next({ parent: base, timestamp: NOW + 9, transactions: [transfer({ to: friend, value: 9 })] });
    expect(world.chain.take(other).main).toBe(false);
    expect(world.balance(friend)).toBe(500);
    world.chain.add(longer);
    expect(world.balance(friend)).toBe(9);
    expect(world.chain.stateOf(left).history.entries.map(eventHash)).toEqual([transactionHash(transfer({ to: friend, value: 500 }))]);
  });

  it('pays each batch in the macro block after it: a fixed amount for each block, and the fees', () => {
    const world = new LedgerChain();
    world.block(transfer({ to: friend, value: 500, fee: 40 }));
    world.growTo(232);
    expect(world.chain.head.block.body).toBeUndefined();
    world.growTo(233).block(transfer({ to: friend, value: 500, fee: 2 }));
    world.growTo(264);
    expect(world.chain.head.block.body).toEqual({ transactions: [{ validatorAddress: expect.any(Uint8Array) as Uint8Array, recipient: rich.address, value: 32 * 100_000 + 40 }] });
    expect(world.balance(rich.address)).toBe(rich.balance - 1042 + 32 * 100_000 + 40);
    expect(world.chain.stateOf(world.growTo(296).chain.head).entries).toMatchObject([{ event: { type: 'reward', value: 32 * 100_000 + 2 } }]);
  });

  it('begins a new history in every epoch, and keeps the old one', () => {
    const world = new LedgerChain();
    world.block(transfer({ to: friend, value: 500 }));
    world.growTo(328);
    expect(world.chain.stateOf(world.chain.head).history.entries).toHaveLength(1 + 3);
    expect(world.chain.stateOf(world.growTo(329).chain.head).history.entries).toEqual([]);
    expect(world.chain.stateOf(world.chain.at(328)!).history.entries).toHaveLength(4);
  });
});
