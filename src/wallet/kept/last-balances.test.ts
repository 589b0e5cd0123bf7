import { expect, it, vi } from 'vitest';
import { answer } from '../../../test/support/fake-wallet-client.ts';
import { formatDateTime } from '../../page/format.ts';
import { keptValue } from './kept-value.ts';
import { keepBalance, readLastBalances } from './last-balances.ts';
import { readPayments } from './payments.ts';

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

const END_OF_TIME = 8_640_000_000_000_000;
const balance = { luna: '5', height: 7, time: END_OF_TIME };
const payment = { hash: 'ab'.repeat(32), bytes: '01', sender: address, recipient: address, value: '5', fee: '0', message: '', start: 1, time: END_OF_TIME, state: 'sent' };

it('what is read can be drawn: a time that no date can have is no kept value', () => {
  expect(() => formatDateTime(END_OF_TIME + 1)).toThrow(RangeError);
  expect(formatDateTime(END_OF_TIME)).not.toBe('');
  expect(readLastBalances({ [address]: balance })).toEqual({ [address]: balance });
  expect(readPayments([payment])).toEqual([payment]);
  for (const time of [END_OF_TIME + 1, Number.MAX_SAFE_INTEGER, -1, 0.5, '0', null]) {
    expect(readLastBalances({ [address]: { ...balance, time } })).toEqual({});
    expect(readPayments([{ ...payment, time }])).toEqual([]);
  }
});
