import { expect, it, vi } from 'vitest';
import { answer } from '../../../test/support/fake-wallet-client.ts';
import { keptValue } from './kept-value.ts';
import { keepBalance, readLastBalances } from './last-balances.ts';

const address = 'NQ46 U66M JNLD 0DJ7 0E9P Q7XR V9KV H976 813A';

it('reads balances, and drops what is none', () => {
  const good = { luna: '2100000000000000', height: 5, time: 6 };
  expect(readLastBalances({ [address]: good, other: good })).toEqual({ [address]: good });
  for (const bad of [{ ...good, luna: '-1' }, { ...good, luna: 5 }, { ...good, height: 0.5 }, { ...good, time: 'x' }, null, 'x']) expect(readLastBalances({ [address]: bad })).toEqual({});
});

it('keeps a proven balance, and writes only what is news', () => {
  const balances = keptValue({ storage: undefined, key: 'b', read: readLastBalances });
  const told = vi.fn<() => void>();
  balances.subscribe(told);
  const proven = (balance: number, height: number) => ({ ...answer({ type: 'basic' as const, balance }), block: { height, hash: '', timestamp: height * 10 } });
  keepBalance(balances, address, proven(5, 300));
  keepBalance(balances, address, proven(5, 310));
  expect(told).toHaveBeenCalledTimes(1);
  keepBalance(balances, address, proven(6, 311));
  keepBalance(balances, address, proven(6, 400));
  expect(told).toHaveBeenCalledTimes(3);
  expect(balances.get()).toEqual({ [address]: { luna: '6', height: 400, time: 4000 } });
});
