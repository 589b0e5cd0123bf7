import { expect, it } from 'vitest';
import { formatNim } from './nim.ts';

const plain = (luna: number) => formatNim(luna).replaceAll(/[^\d.,NIM]/gu, '').replaceAll(',', '');

it('shows every Luna, of all that there can be', () => {
  expect(plain(0)).toBe('0.00000NIM');
  expect(plain(1)).toBe('0.00001NIM');
  expect(plain(100_000)).toBe('1.00000NIM');
  expect(plain(1_000_000_012_345)).toBe('10000000.12345NIM');
  expect(plain(Number.MAX_SAFE_INTEGER)).toBe('90071992547.40991NIM');
});
