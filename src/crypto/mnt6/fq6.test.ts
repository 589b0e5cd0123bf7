import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { P } from './constants.ts';
import { canonicalFq3, fq3, multiplyByU } from './fq3.ts';
import type { Fq6 } from './fq6.ts';
import { conjugate, equalsFq6, frobeniusFq6, invertFq6, multiplyFq6, ONE, squareFq6, squareNormOne } from './fq6.ts';

const coefficient = fc.bigInt({ min: -4n * P, max: 4n * P });
const fq3Element = fc.record({ c0: coefficient, c1: coefficient, c2: coefficient });
const element = fc.record({ a0: fq3Element, a1: fq3Element });

function power(base: Fq6, exponent: bigint): Fq6 {
  let result = ONE;
  for (const bit of exponent.toString(2)) {
    result = multiplyFq6(result, result);
    if (bit === '1') result = multiplyFq6(result, base);
  }
  return result;
}

describe('Fq6', () => {
  it('multiplies and squares', () => {
    fc.assert(
      fc.property(element, element, (a, b) => {
        const product = multiplyFq6(a, b);
        expect(canonicalFq3(product.a0)).toEqual(canonicalFq3(fq3.add(fq3.multiply(a.a0, b.a0), multiplyByU(fq3.multiply(a.a1, b.a1)))));
        expect(canonicalFq3(product.a1)).toEqual(canonicalFq3(fq3.add(fq3.multiply(a.a0, b.a1), fq3.multiply(a.a1, b.a0))));
        expect(equalsFq6(squareFq6(a), multiplyFq6(a, a))).toBe(true);
      }),
    );
  });

  it('inverts, and has a cheaper square and inverse for elements of norm one', () => {
    fc.assert(
      fc.property(element, (a) => {
        fc.pre(!fq3.isZero(a.a0));
        expect(equalsFq6(multiplyFq6(a, invertFq6(a)), ONE)).toBe(true);
        const ofNormOne = multiplyFq6(conjugate(a), invertFq6(a));
        expect(equalsFq6(squareNormOne(ofNormOne), squareFq6(ofNormOne))).toBe(true);
        expect(equalsFq6(multiplyFq6(ofNormOne, conjugate(ofNormOne)), ONE)).toBe(true);
      }),
      { numRuns: 20 },
    );
  });

  it('has the p-th power for Frobenius, three times of which conjugate', () => {
    fc.assert(
      fc.property(element, (a) => {
        expect(equalsFq6(frobeniusFq6(a), power(a, P))).toBe(true);
        expect(equalsFq6(frobeniusFq6(frobeniusFq6(frobeniusFq6(a))), conjugate(a))).toBe(true);
      }),
      { numRuns: 2 },
    );
  });
});
