import { describe, expect, it } from 'vitest';
import { transactionHash } from '../../src/chains/albatross/transactions/transaction-hash.ts';
import { keyOf, LedgerChain, rich, transfer } from '../../test/support/ledger-chain.ts';
import { Subscriptions } from './subscriptions.ts';

const { address: friend } = keyOf(1);
const paid = transfer({ to: friend, value: 5 });
const world = new LedgerChain();
world.block(paid, transfer({ to: keyOf(2).address, value: 6 }));
const { entries } = world.chain.stateOf(world.chain.head);
const addresses = (count: number, from = 0) => Array.from({ length: count }, (_, i) => new Uint8Array(20).fill(from + i));

describe('subscriptions to addresses', () => {
  it('tell each client of the transactions from and to its addresses, until it unsubscribes or leaves', () => {
    const subscriptions = new Subscriptions();
    const ask = (client: string, operation: 'subscribe' | 'unsubscribe', address: Uint8Array) => subscriptions.answer(client, { operation, addresses: [address] });
    expect([ask('a', 'subscribe', friend), ask('b', 'subscribe', rich.address), ask('c', 'subscribe', keyOf(9).address)]).toEqual(Array.from({ length: 3 }, () => ({ ok: true, value: undefined })));
    const told = subscriptions.notifications(entries);
    expect(told.map(({ client, message }) => [client, message.receipts.length])).toEqual([['a', 1], ['b', 2]]);
    expect(told[0]?.message).toEqual({ event: 'blockchain-extend', receipts: [{ transactionHash: transactionHash(paid), blockNumber: 201 }] });
    ask('a', 'unsubscribe', friend);
    subscriptions.left('b');
    expect(subscriptions.notifications(entries)).toEqual([]);
  });

  it('are refused above the limits, which count what is there already', () => {
    const subscriptions = new Subscriptions();
    const subscribe = (client: string, list: readonly Uint8Array[]) => subscriptions.answer(client, { operation: 'subscribe', addresses: list });
    expect(subscriptions.answer('a', { operation: 'unsubscribe', addresses: [friend] })).toEqual({ ok: false, error: 'InvalidOperation' });
    expect([subscribe('a', addresses(251)), subscribe('a', addresses(1))]).toMatchObject([{ ok: true }, { error: 'TooManyAddresses' }]);
    for (let i = 0; i < 50; i++) subscribe(`client ${i}`, addresses(1));
    expect(subscribe('one more', addresses(1))).toEqual({ ok: false, error: 'TooManyPeers' });
  });
});
