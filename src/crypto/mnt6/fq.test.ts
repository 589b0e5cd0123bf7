import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { finish } from '../finish.ts';
import { P, ROOT_OF_UNITY } from './constants.ts';
import { canonical, fq, isSquareFq, sqrtFqSteps } from './fq.ts';

const element = fc.bigInt({ min: -4n * P, max: 4n * P });

describe('Fq', () => {
  it('has inverses', () => {
    fc.assert(
      fc.property(element, (a) => {
        fc.pre(!fq.isZero(a));
        expect(canonical(fq.multiply(a, fq.invert(a)))).toBe(1n);
      }),
      { numRuns: 30 },
    );
  });

  it('recognises an element in any of its representations', () => {
    expect(canonical(-1n)).toBe(P - 1n);
    expect(fq.equals(-1n, 3n * P - 1n)).toBe(true);
    expect(fq.isZero(-2n * P)).toBe(true);
    expect(canonical(-P)).toBe(0n);
  });

  it('takes roots of squares, and refuses all others', () => {
    fc.assert(
      fc.property(element, (a) => {
        const root = finish(sqrtFqSteps(fq.square(a)))!;
        expect(fq.equals(root, a) || fq.equals(root, -a)).toBe(true);
        fc.pre(!fq.isZero(a));
        // 17 generates the group, so the product is not a square.
        expect(finish(sqrtFqSteps(17n * fq.square(a)))).toBeUndefined();
      }),
      { numRuns: 20 },
    );
  });

  it('recognises a square without its root', () => {
    fc.assert(
      fc.property(element, (a) => {
        expect(isSquareFq(fq.square(a))).toBe(true);
        expect(isSquareFq(a)).toBe(finish(sqrtFqSteps(a)) !== undefined);
        expect(isSquareFq(17n * fq.square(a))).toBe(fq.isZero(a));
      }),
      { numRuns: 20 },
    );
    for (let a = -40n; a < 40n; a++) expect(isSquareFq(a)).toBe(finish(sqrtFqSteps(a)) !== undefined);
  });

  it('takes roots of the elements of order 2^k', () => {
    expect(finish(sqrtFqSteps(0n))).toBe(0n);
    expect(finish(sqrtFqSteps(P))).toBe(0n);
    expect(finish(sqrtFqSteps(ROOT_OF_UNITY))).toBeUndefined();
    for (let a = fq.square(ROOT_OF_UNITY), k = 29; k > 0; a = fq.square(a), k--) {
      expect(fq.equals(fq.square(finish(sqrtFqSteps(a))!), a)).toBe(true);
    }
  });
});
