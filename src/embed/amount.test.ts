import { expect, it } from 'vitest';
import { lunaOf, lunaOfNim } from './amount.ts';

it('reads NIM exactly', () => {
  expect(lunaOfNim('0.00001')).toBe(1n);
  expect(lunaOfNim('12.5')).toBe(1_250_000n);
  expect(lunaOfNim(' 21000000000 ')).toBe(2_100_000_000_000_000n);
  for (const text of ['', '0', '0.0', '-1', '1.000001', '1e5', '1,5', '.5', '5.', 'NaN', '21000000000.00001', '٣']) expect(lunaOfNim(text)).toBe(undefined);
});

it('reads luna', () => {
  expect(lunaOf(5)).toBe(5n);
  expect(lunaOf('2100000000000000')).toBe(2_100_000_000_000_000n);
  expect(lunaOf(0, 0n)).toBe(0n);
  for (const value of [0, -1, 1.5, 2 ** 53, '', '1.5', '-1', '2100000000000001', null, undefined, true, {}]) expect(lunaOf(value)).toBe(undefined);
});
