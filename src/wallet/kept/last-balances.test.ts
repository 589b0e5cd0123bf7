import { expect, it } from 'vitest';
import { formatDateTime } from '../../page/format.ts';
import { readLastBalances } from './last-balances.ts';
import { readPayments } from './payments.ts';

const RICH = 'NQ46 U66M JNLD 0DJ7 0E9P Q7XR V9KV H976 813A';
const END_OF_TIME = 8_640_000_000_000_000;
const balance = { luna: '5', height: 7, time: END_OF_TIME };
const payment = { hash: 'ab'.repeat(32), bytes: '01', sender: RICH, recipient: RICH, value: '5', fee: '0', message: '', start: 1, time: END_OF_TIME, state: 'sent' };

it('what is read can be drawn: a time that no date can have is no kept value', () => {
  expect(() => formatDateTime(END_OF_TIME + 1)).toThrow(RangeError);
  expect(formatDateTime(END_OF_TIME)).not.toBe('');
  expect(readLastBalances({ [RICH]: balance })).toEqual({ [RICH]: balance });
  expect(readPayments([payment])).toEqual([payment]);
  for (const time of [END_OF_TIME + 1, Number.MAX_SAFE_INTEGER, -1, 0.5, '0', null]) {
    expect(readLastBalances({ [RICH]: { ...balance, time } })).toEqual({});
    expect(readPayments([{ ...payment, time }])).toEqual([]);
  }
});
