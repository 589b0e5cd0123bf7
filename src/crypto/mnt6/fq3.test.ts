import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backends } from '../../../test/support/curve-backends.ts';
import { finish } from '../finish.ts';
import { NON_RESIDUE, P } from './constants.ts';
import { canonical } from './fq.ts';
import type { Coefficients } from './fq3-backend.ts';
import { sqrtFq3Steps } from './fq3-norm.ts';
import { powerSteps } from './power.ts';

const coefficient = fc.oneof(fc.bigInt({ min: -4n * P, max: 4n * P }), fc.constantFrom(0n, 1n, -1n, P, P - 1n, 2n ** 753n));
const element = fc.record({ c0: coefficient, c1: coefficient, c2: coefficient });
const u: Coefficients = { c0: 0n, c1: 1n, c2: 0n };

const reduced = ({ c0, c1, c2 }: Coefficients): Coefficients => ({ c0: canonical(c0), c1: canonical(c1), c2: canonical(c2) });

/** The product by the definition. */
function schoolbook(a: Coefficients, b: Coefficients): Coefficients {
  return reduced({
    c0: a.c0 * b.c0 + NON_RESIDUE * (a.c1 * b.c2 + a.c2 * b.c1),
    c1: a.c0 * b.c1 + a.c1 * b.c0 + NON_RESIDUE * a.c2 * b.c2,
    c2: a.c0 * b.c2 + a.c1 * b.c1 + a.c2 * b.c0,
  });
}

const plus = (a: Coefficients, b: Coefficients) => reduced({ c0: a.c0 + b.c0, c1: a.c1 + b.c1, c2: a.c2 + b.c2 });
const times = (a: Coefficients, factor: bigint) => reduced({ c0: a.c0 * factor, c1: a.c1 * factor, c2: a.c2 * factor });

describe.each(backends.map((field) => ({ name: field.name, field })))('Fq3 on $name', ({ field }) => {
  const from = (a: Coefficients) => field.fromCoefficients(a);
  const to = (a: unknown) => field.toCoefficients(a);

  it('adds, multiplies and squares', () => {
    fc.assert(
      fc.property(element, element, element, element, (a, b, c, d) => {
        expect(to(from(a))).toEqual(reduced(a));
        expect(to(field.add(from(a), from(b)))).toEqual(plus(a, b));
        expect(to(field.subtract(from(a), from(b)))).toEqual(plus(a, times(b, -1n)));
        expect(to(field.negate(from(a)))).toEqual(times(a, -1n));
        for (const factor of [2n, 3n, 4n, 8n, 11n, 121n]) expect(to(field.scale(from(a), factor))).toEqual(times(a, factor));
        expect(to(field.multiply(from(a), from(b)))).toEqual(schoolbook(a, b));
        expect(to(field.square(from(a)))).toEqual(schoolbook(a, a));
        expect(to(field.multiplyByU(from(a)))).toEqual(schoolbook(a, u));
        expect(to(field.multiplyByFq(from(a), field.fromFq(b.c1)))).toEqual(times(a, b.c1));
        expect(to(field.differenceOfProducts(from(a), from(b), from(c), from(d)))).toEqual(plus(schoolbook(a, b), times(schoolbook(c, d), -1n)));
      }),
    );
  });

  it('multiplies unreduced sums and multiples', () => {
    fc.assert(
      fc.property(element, element, (a, b) => {
        let sum = field.multiplyByU(field.multiplyByU(field.scale(from(a), NON_RESIDUE)));
        for (let i = 0; i < 10; i++) sum = field.add(sum, field.negate(from(b)));
        const expected = plus(times(schoolbook(schoolbook(a, u), u), NON_RESIDUE), times(b, -10n));
        expect(to(field.square(sum))).toEqual(schoolbook(expected, expected));
        expect(to(field.multiply(sum, field.scale(sum, 8n)))).toEqual(times(schoolbook(expected, expected), 8n));
      }),
    );
  });

  it('recognises an element in any of its representations', () => {
    fc.assert(
      fc.property(element, (a) => {
        const other = from(plus(a, { c0: 0n, c1: 0n, c2: 1n }));
        const difference = field.subtract(field.add(from(a), other), other);
        expect(field.equals(difference, from(a))).toBe(true);
        expect(field.equals(other, from(a))).toBe(false);
        expect(field.isZero(field.subtract(difference, from(a)))).toBe(true);
        expect(field.isZero(field.subtract(other, from(a)))).toBe(false);
      }),
    );
    expect(field.isZero(field.zero)).toBe(true);
    expect(to(field.one)).toEqual({ c0: 1n, c1: 0n, c2: 0n });
  });

  it('inverts', () => {
    fc.assert(
      fc.property(element, (a) => {
        fc.pre(!field.isZero(from(a)));
        expect(field.equals(field.multiply(from(a), field.invert(from(a))), field.one)).toBe(true);
      }),
      { numRuns: 20 },
    );
  });

  it('has the p-th power for Frobenius', () => {
    fc.assert(
      fc.property(element, (a) => {
        expect(to(field.frobenius(from(a)))).toEqual(to(finish(powerSteps(field, field, from(a), P))));
      }),
      { numRuns: 3 },
    );
  });

  it('takes roots of squares, and refuses all others', () => {
    fc.assert(
      fc.property(element, (a) => {
        const square = field.square(from(a));
        const root = finish(sqrtFq3Steps(field, square));
        expect(to(field.square(root))).toEqual(schoolbook(a, a));
        fc.pre(!field.isZero(from(a)));
        // u is no square: its norm is 11.
        expect(finish(sqrtFq3Steps(field, field.multiplyByU(square)))).toBeUndefined();
      }),
      { numRuns: 10 },
    );
    expect(field.isZero(finish(sqrtFq3Steps(field, field.zero)))).toBe(true);
  });

  it('takes many roots in Fq at once', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(coefficient, fc.boolean()), { maxLength: 5 }), (list) => {
        // 17 generates the group, so the product is no square.
        const values = list.map(([a, isSquare]) => (isSquare ? a * a : 17n * a * a));
        const roots = finish(field.sqrtFqManySteps(values));
        // Zero is a square, also times 17.
        expect(roots.map((root) => root !== undefined)).toEqual(list.map(([a, isSquare]) => isSquare || canonical(a) === 0n));
        expect(roots.map((root, i) => canonical(root === undefined ? values[i]! : root ** 2n))).toEqual(values.map(canonical));
      }),
      { numRuns: 10 },
    );
  });

  it('releases elements that are not kept, and keeps the rest in order', () => {
    const outer = field.mark();
    const old = from({ c0: 5n, c1: 6n, c2: 7n });
    const mark = field.mark();
    const made = Array.from({ length: 50 }, (_, i) => from({ c0: BigInt(i), c1: 1n, c2: P - 1n }));
    const kept = field.release(mark, [made[40]!, made[3]!, old, made[3]!, field.one, made[0]!]);
    // Overwrites all elements that were not kept.
    for (let i = 0; i < 100; i++) field.square(old);
    expect(kept.map((a) => to(a).c0)).toEqual([40n, 3n, 5n, 3n, 1n, 0n]);
    expect(to(old)).toEqual({ c0: 5n, c1: 6n, c2: 7n });
    expect(field.release(outer, [])).toEqual([]);
    expect(to(field.one).c0).toBe(1n);
  });

  it('stored elements survive a release', () => {
    const mark = field.mark();
    const store = field.createStore(2);
    for (let i = 0n; i < 5n; i++) store.push(from({ c0: i, c1: -i, c2: i * i }));
    field.release(mark, []);
    for (let i = 0; i < 100; i++) field.square(field.one);
    expect(store.length).toBe(5);
    for (let i = 0; i < 5; i++) expect(to(store.get(i))).toEqual(reduced({ c0: BigInt(i), c1: -BigInt(i), c2: BigInt(i * i) }));
    field.release(mark, []);
  });
});
