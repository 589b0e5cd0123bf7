import { describe, expect, it } from 'vitest';
import { transactionHash } from '../../src/chains/albatross/transactions/transaction-hash.ts';
import { keyOf, LedgerChain, rich, transfer } from '../../test/support/ledger-chain.ts';
import { Mempool } from './mempool.ts';
import { signedTransfer } from './signed-transfer.ts';

const { address: friend, privateKey } = keyOf(1);

function setup(): { readonly world: LedgerChain; readonly mempool: Mempool; readonly produce: () => void } {
  const world = new LedgerChain().growTo(201);
  const mempool = new Mempool(world.chain);
  return {
    world,
    mempool,
    produce: () => {
      const made = world.chain.next({ transactions: mempool.pick() });
      const { adopted, reverted } = world.chain.take(made);
      mempool.follow(adopted, reverted);
    },
  };
}

describe('the mempool', () => {
  it('takes a transaction once, gives it to the next block and then rejects it', () => {
    const { world, mempool, produce } = setup();
    const paid = transfer({ to: friend, value: 5 });
    expect([mempool.add(paid), mempool.add(paid)]).toEqual([{ verdict: 'accept', outcome: 'accepted' }, { verdict: 'ignore', outcome: 'known' }]);
    expect(mempool.hashes('regular')).toEqual([transactionHash(paid)]);
    expect(mempool.get(transactionHash(paid))).toEqual(paid);
    produce();
    expect(world.balance(friend)).toBe(5);
    expect(mempool.hashes('regular')).toEqual([]);
    expect(mempool.add(paid)).toEqual({ verdict: 'reject', outcome: 'included' });
  });

  it('rejects what is invalid in itself', () => {
    const { mempool } = setup();
    const valid = transfer({ to: friend, value: 5 });
    expect(mempool.add({ ...valid, value: 6 })).toEqual({ verdict: 'reject', outcome: 'invalid-proof' });
    expect(mempool.add(transfer({ to: friend, value: 5, network: 6 }))).toEqual({ verdict: 'reject', outcome: 'foreign-network' });
  });

  it('ignores what cannot be paid beside what waits already', () => {
    const { mempool } = setup();
    expect(mempool.add(signedTransfer(privateKey, { to: rich.address, value: 5, validityStartHeight: 200, network: 7 }))).toMatchObject({ outcome: 'unpayable' });
    expect(mempool.add(transfer({ to: friend, value: rich.balance - 10 }))).toMatchObject({ outcome: 'accepted' });
    expect(mempool.add(transfer({ to: friend, value: 11 }))).toMatchObject({ outcome: 'unpayable' });
    expect(mempool.add(transfer({ to: friend, value: 10 }))).toMatchObject({ outcome: 'accepted' });
  });

  it('takes a transaction from a batch before its validity start, and up to two batches after it', () => {
    const { world, mempool, produce } = setup();
    const from = (validityStartHeight: number) => mempool.add(transfer({ to: friend, value: 5, validityStartHeight })).outcome;
    expect([from(202 + 33), from(202 + 32), from(202 - 63), from(202 - 64)]).toEqual(['not-valid-now', 'accepted', 'accepted', 'not-valid-now']);
    expect(mempool.pick()).toHaveLength(2);
    world.growTo(world.chain.head.height + 1);
    // The older one could come into block 202 at the latest.
    expect(mempool.pick()).toHaveLength(1);
    produce();
    expect(mempool.hashes('regular')).toEqual([]);
  });

  it('orders by fee for each byte, and equal ones by age', () => {
    const { mempool } = setup();
    const fees = [1, 3, 1, 2].map((fee, i) => transfer({ to: friend, value: i + 1, fee }));
    for (const one of fees) mempool.add(one);
    expect(mempool.pick()).toEqual([fees[1], fees[3], fees[0], fees[2]]);
  });

  it('fills a block up to 100 000 bytes', () => {
    const { mempool } = setup();
    for (let value = 1; value <= 720; value++) mempool.add(transfer({ to: friend, value }));
    // Each takes 139 bytes and its outcome.
    expect(mempool.pick()).toHaveLength(Math.floor((100_000 - 6) / 140));
  });

  it('takes back what a branch reverts', () => {
    const { world, mempool, produce } = setup();
    const paid = transfer({ to: friend, value: 5 });
    mempool.add(paid);
    produce();
    const base = world.chain.at(201)!;
    const first = world.chain.next({ parent: base, timestamp: world.now + 3 });
    const second = world.chain.next({ parent: first, timestamp: world.now + 4 });
    world.chain.take(first);
    const { adopted, reverted } = world.chain.take(second);
    mempool.follow(adopted, reverted);
    expect(world.balance(friend)).toBe(0);
    expect(mempool.pick()).toEqual([paid]);
  });
});
