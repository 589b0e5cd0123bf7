import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { finish } from '../finish.ts';
import { R } from './constants.ts';
import { encodeG1 } from './encoding.ts';
import { g1, g1Generator } from './g1.ts';
import type { G1Affine } from './g1.ts';

const bytesOf = (p: ReturnType<typeof g1.double>) => encodeG1(g1.toAffine(p));
const times = (scalar: bigint, p: G1Affine = g1Generator) => finish(g1.multiplySteps(p, scalar));
const generator = g1.fromAffine(g1Generator);

describe('the group law', () => {
  it('adds equal, opposite and infinite points', () => {
    expect(bytesOf(g1.add(generator, g1Generator))).toEqual(bytesOf(g1.double(generator)));
    expect(g1.isInfinity(g1.add(generator, g1.negate(g1Generator)))).toBe(true);
    expect(bytesOf(g1.add(g1.infinity, g1Generator))).toEqual(bytesOf(generator));
    expect(g1.isInfinity(g1.double(g1.infinity))).toBe(true);
    // The same for a point with Z other than one.
    const four = g1.double(g1.double(generator));
    const affine = g1.toAffine(four) as G1Affine;
    expect(bytesOf(g1.add(four, affine))).toEqual(bytesOf(g1.double(four)));
    expect(g1.isInfinity(g1.add(four, g1.negate(affine)))).toBe(true);
    expect(g1.equalsAffine(four, affine)).toBe(true);
    expect(g1.equalsAffine(four, g1Generator)).toBe(false);
    expect(g1.equalsAffine(g1.infinity, g1Generator)).toBe(false);
  });

  it('multiplies by small numbers and by the order', () => {
    let sum = g1.infinity;
    for (let i = 0n; i < 20n; i++, sum = g1.add(sum, g1Generator)) expect(bytesOf(times(i))).toEqual(bytesOf(sum));
    expect(g1.isInfinity(times(R))).toBe(true);
    expect(bytesOf(times(R - 1n))).toEqual(encodeG1(g1.negate(g1Generator)));
  });

  it('is linear', () => {
    const scalar = fc.bigInt({ min: 0n, max: R - 1n });
    fc.assert(
      fc.property(scalar, scalar, (a, b) => {
        const aG = g1.toAffine(times(a));
        const sum = aG === 'infinity' ? times(b) : g1.add(times(b), aG);
        expect(bytesOf(sum)).toEqual(bytesOf(times((a + b) % R)));
      }),
      { numRuns: 5 },
    );
  });

  it('sums multiples with shared doublings', () => {
    const points = [1n, 2n, 5n].map((scalar) => g1.toAffine(times(scalar)) as G1Affine);
    const scalar = fc.oneof(fc.bigInt({ min: 0n, max: 9n }), fc.bigInt({ min: 0n, max: R - 1n }));
    fc.assert(
      fc.property(fc.array(fc.record({ i: fc.nat(2), scalar }), { maxLength: 4 }), (items) => {
        const expected = items.reduce((sum, { i, scalar: factor }) => sum + [1n, 2n, 5n][i]! * factor, 0n);
        const sum = finish(g1.sumOfMultiplesSteps(items.map(({ i, scalar: factor }) => ({ point: points[i]!, scalar: factor }))));
        expect(bytesOf(sum)).toEqual(bytesOf(times(expected % R)));
      }),
      { numRuns: 10 },
    );
  });

  it('sums points by weight', () => {
    const points = [1n, 2n, 5n].map((scalar) => g1.toAffine(times(scalar)) as G1Affine);
    fc.assert(
      fc.property(fc.array(fc.record({ i: fc.nat(2), weight: fc.integer({ min: 1, max: 600 }) }), { maxLength: 6 }), (items) => {
        const expected = items.reduce((sum, { i, weight }) => sum + [1n, 2n, 5n][i]! * BigInt(weight), 0n);
        const sum = finish(g1.weightedSumSteps(items.map(({ i, weight }) => ({ point: points[i]!, weight }))));
        expect(bytesOf(sum)).toEqual(bytesOf(times(expected)));
      }),
      { numRuns: 20 },
    );
  });
});
