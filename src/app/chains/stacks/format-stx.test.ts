import { expect, it } from 'vitest';
import { formatStx } from './format-stx.ts';

it('amounts are exact, however large', () => {
  expect(formatStx(0n)).toBe('0 STX');
  expect(formatStx(1n)).toMatch(/^0[.,]000001 STX$/u);
  expect(formatStx(1_500_000n)).toMatch(/^1[.,]5 STX$/u);
  expect(formatStx(2n ** 128n - 1n).replaceAll(/\D/gu, '')).toBe(String(2n ** 128n - 1n));
});
