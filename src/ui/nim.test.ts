import { expect, it } from 'vitest';
import { formatNim, plainNim } from './nim.ts';

const plain = (luna: number | bigint) => formatNim(luna).replaceAll(/[^\d.,NIM]/gu, '').replaceAll(',', '');
const short = (luna: bigint, locale: string) => formatNim(luna, { locale, short: true });

it('shows every Luna, of all that there can be', () => {
  expect(plain(0)).toBe('0.00000NIM');
  expect(plain(1)).toBe('0.00001NIM');
  expect(plain(100_000)).toBe('1.00000NIM');
  expect(plain(1_000_000_012_345)).toBe('10000000.12345NIM');
  expect(plain(2_100_000_000_000_000n)).toBe('21000000000.00000NIM');
  expect(plain(Number.MAX_SAFE_INTEGER)).toBe('90071992547.40991NIM');
});

it('shows short amounts whole, in the locale', () => {
  expect(short(1_000_000_000_000n, 'en')).toBe('10,000,000 NIM');
  expect(short(1_250_000n, 'en')).toBe('12.50 NIM');
  expect(short(1n, 'en')).toBe('0.00001 NIM');
  expect(short(1_200n, 'de')).toBe('0,012 NIM');
  expect(short(2_100_000_000_000_000n, 'en')).toBe('21,000,000,000 NIM');
  expect(short(100_010n, 'ar-EG')).toBe('١٫٠٠٠١ NIM');
});

it('writes amounts for machines in one form', () => {
  expect(plainNim(1)).toBe('0.00001');
  expect(plainNim(123_456_700_000n)).toBe('1234567.00000');
});
