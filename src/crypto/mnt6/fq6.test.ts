import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backends } from '../../../test/support/curve-backends.ts';
import { P } from './constants.ts';
import type { Coefficients, Fq6 } from './fq3-backend.ts';
import { fq6Over } from './fq6.ts';

const coefficient = fc.bigInt({ min: -4n * P, max: 4n * P });
const fq3Element = fc.record({ c0: coefficient, c1: coefficient, c2: coefficient });
const element = fc.record({ a0: fq3Element, a1: fq3Element });

describe.each(backends.map((field) => ({ name: field.name, field })))('Fq6 on $name', ({ field }) => {
  const fq6 = fq6Over(field);
  const from = ({ a0, a1 }: { a0: Coefficients; a1: Coefficients }) => ({ a0: field.fromCoefficients(a0), a1: field.fromCoefficients(a1) });

  /** The product by the definition. */
  function schoolbook(a: Fq6<unknown>, b: Fq6<unknown>): Fq6<unknown> {
    return {
      a0: field.add(field.multiply(a.a0, b.a0), field.multiplyByU(field.multiply(a.a1, b.a1))),
      a1: field.add(field.multiply(a.a0, b.a1), field.multiply(a.a1, b.a0)),
    };
  }

  function power(base: Fq6<unknown>, exponent: bigint): Fq6<unknown> {
    let result = fq6.one;
    for (const bit of exponent.toString(2)) {
      const mark = field.mark();
      result = fq6.multiply(result, result);
      if (bit === '1') result = fq6.multiply(result, base);
      const kept = field.release(mark, [result.a0, result.a1]);
      result = { a0: kept[0], a1: kept[1] };
    }
    return result;
  }

  it('multiplies and squares', () => {
    fc.assert(
      fc.property(element, element, (a, b) => {
        const [x, y] = [from(a), from(b)];
        expect(fq6.equals(fq6.multiply(x, y), schoolbook(x, y))).toBe(true);
        expect(fq6.equals(fq6.square(x), schoolbook(x, x))).toBe(true);
        const difference = field.subtract(field.square(x.a0), field.multiplyByU(field.square(x.a1)));
        expect(field.equals(field.normFq6(x), difference)).toBe(true);
      }),
    );
  });

  it('multiplies by lines, up to a factor from Fq3', () => {
    fc.assert(
      fc.property(element, element, fq3Element, (a, b, c) => {
        fc.pre(c.c0 % P !== 0n && c.c1 % P !== 0n);
        const f = from(a);
        const { a0: k0, a1: k1 } = from(b);
        const k2 = field.fromCoefficients(c);
        const at = { inverseY: field.fromFq(c.c0), xOverY: field.fromFq(c.c1) };
        const line = { a0: field.subtract(field.multiplyByFq(k0, at.inverseY), field.multiplyByU(field.multiplyByFq(k1, at.xOverY))), a1: field.multiplyByU(k2) };
        const expected = schoolbook(f, line);
        const product = field.multiplyByLine(f, { k0, k1, k2 }, at);
        // x0 y1 = x1 y0: the same up to a factor from Fq3.
        expect(field.equals(field.multiply(product.a0, expected.a1), field.multiply(product.a1, expected.a0))).toBe(true);
        fc.pre(!field.isZero(expected.a0) || !field.isZero(expected.a1));
        expect(field.isZero(product.a0) && field.isZero(product.a1)).toBe(false);
      }),
    );
  });

  it('inverts, and has a cheaper square and inverse for elements of norm one', () => {
    fc.assert(
      fc.property(element, (a) => {
        const x = from(a);
        fc.pre(!field.isZero(x.a0));
        expect(fq6.equals(fq6.multiply(x, fq6.invert(x)), fq6.one)).toBe(true);
        const ofNormOne = fq6.multiply(fq6.conjugate(x), fq6.invert(x));
        expect(fq6.equals(fq6.squareNormOne(ofNormOne), fq6.square(ofNormOne))).toBe(true);
        expect(fq6.equals(fq6.multiply(ofNormOne, fq6.conjugate(ofNormOne)), fq6.one)).toBe(true);
      }),
      { numRuns: 20 },
    );
  });

  it('has the p-th power for Frobenius; applied three times it is the conjugation', () => {
    fc.assert(
      fc.property(element, (a) => {
        const x = from(a);
        expect(fq6.equals(fq6.frobenius(x), power(x, P))).toBe(true);
        expect(fq6.equals(fq6.frobenius(fq6.frobenius(fq6.frobenius(x))), fq6.conjugate(x))).toBe(true);
      }),
      { numRuns: 2 },
    );
  });
});
