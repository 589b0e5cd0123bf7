import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { signedDigits } from './signed-digits.ts';

describe('signedDigits', () => {
  it('represents the number, and of two neighbours at least one is zero', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 2n ** 80n }), (n) => {
        const digits = signedDigits(n);
        expect(digits[0]).toBe(1);
        expect(digits.reduce((sum, digit) => 2n * sum + BigInt(digit), 0n)).toBe(n);
        expect(digits.every((digit, i) => digit === 0 || !digits[i + 1])).toBe(true);
      }),
    );
  });

  it('has no digits for zero', () => {
    expect(signedDigits(0n)).toEqual([]);
  });
});
