import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { finish } from '../finish.ts';
import { NON_RESIDUE, P } from './constants.ts';
import { canonicalFq3, fq3, frobeniusFq3, multiplyByU, sqrtFq3Steps } from './fq3.ts';
import type { Fq3 } from './fq3.ts';
import { powerSteps } from './power.ts';

const coefficient = fc.bigInt({ min: -4n * P, max: 4n * P });
const element = fc.record({ c0: coefficient, c1: coefficient, c2: coefficient });
const u: Fq3 = { c0: 0n, c1: 1n, c2: 0n };

/** The product by its definition. */
function schoolbook(a: Fq3, b: Fq3): Fq3 {
  return canonicalFq3({
    c0: a.c0 * b.c0 + NON_RESIDUE * (a.c1 * b.c2 + a.c2 * b.c1),
    c1: a.c0 * b.c1 + a.c1 * b.c0 + NON_RESIDUE * a.c2 * b.c2,
    c2: a.c0 * b.c2 + a.c1 * b.c1 + a.c2 * b.c0,
  });
}

describe('Fq3', () => {
  it('multiplies and squares', () => {
    fc.assert(
      fc.property(element, element, (a, b) => {
        expect(canonicalFq3(fq3.multiply(a, b))).toEqual(schoolbook(a, b));
        expect(canonicalFq3(fq3.square(a))).toEqual(schoolbook(a, a));
        expect(canonicalFq3(multiplyByU(a))).toEqual(schoolbook(a, u));
      }),
    );
  });

  it('inverts', () => {
    fc.assert(
      fc.property(element, (a) => {
        fc.pre(!fq3.isZero(a));
        expect(canonicalFq3(fq3.multiply(a, fq3.invert(a)))).toEqual(fq3.one);
      }),
      { numRuns: 20 },
    );
  });

  it('has the p-th power for Frobenius', () => {
    fc.assert(
      fc.property(element, (a) => {
        expect(canonicalFq3(frobeniusFq3(a))).toEqual(canonicalFq3(finish(powerSteps(fq3, a, P))));
      }),
      { numRuns: 3 },
    );
  });

  it('takes roots of squares, and of nothing else', () => {
    fc.assert(
      fc.property(element, (a) => {
        const square = fq3.square(a);
        expect(fq3.equals(fq3.square(finish(sqrtFq3Steps(square))!), square)).toBe(true);
        fc.pre(!fq3.isZero(a));
        // u is not a square: its norm is 11.
        expect(finish(sqrtFq3Steps(multiplyByU(square)))).toBeUndefined();
      }),
      { numRuns: 10 },
    );
    expect(finish(sqrtFq3Steps(fq3.zero))).toEqual(fq3.zero);
  });
});
