import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { finish } from '../finish.ts';
import { R } from './constants.ts';
import { encodeG1 } from './encoding.ts';
import { g1ToAffineManySteps, multiScalarSteps, sumListsSteps } from './g1-sums.ts';
import { g1, g1Generator } from './g1.ts';
import type { G1Affine } from './g1.ts';

const times = (scalar: bigint) => finish(g1.multiplySteps(g1Generator, ((scalar % R) + R) % R));
const bytesOf = (scalar: bigint) => encodeG1(g1.toAffine(times(scalar)));

/** Only a few values, so that equal and opposite points often meet. */
const logarithms = [1n, -1n, 2n, 3n, -3n, 12_345_678_901_234_567_890n];
const points = logarithms.map((k) => g1.toAffine(times(k)) as G1Affine);
const index = fc.nat(logarithms.length - 1);

describe('sums of lists', () => {
  it('equal those of the group law', () => {
    fc.assert(
      fc.property(fc.array(fc.array(index, { maxLength: 12 }), { maxLength: 5 }), (lists) => {
        const sums = finish(sumListsSteps(lists.map((list) => list.map((i) => points[i]!))));
        expect(sums.map(encodeG1)).toEqual(lists.map((list) => bytesOf(list.reduce((sum, i) => sum + logarithms[i]!, 0n))));
      }),
      { numRuns: 20 },
    );
  });
});

describe('sums of multiples', () => {
  it('equal those of the group law', () => {
    const term = fc.record({ index, scalar: fc.oneof(fc.bigInt({ min: 1n, max: 40n }), fc.bigInt({ min: 1n, max: 2n ** 128n - 1n })) });
    fc.assert(
      fc.property(fc.array(fc.array(term, { maxLength: 6 }), { maxLength: 4 }), (sets) => {
        const sums = finish(multiScalarSteps(points, sets));
        const expected = sets.map((terms) => terms.reduce((sum, { index, scalar }) => sum + logarithms[index]! * scalar, 0n));
        expect(sums.map(encodeG1)).toEqual(expected.map(bytesOf));
      }),
      { numRuns: 20 },
    );
  });
});

describe('affine coordinates of many points', () => {
  it('equal those of each point', () => {
    const many = [g1.infinity, times(5n), g1.infinity, times(7n)];
    expect(finish(g1ToAffineManySteps(many)).map(encodeG1)).toEqual(many.map((point) => encodeG1(g1.toAffine(point))));
    expect(finish(g1ToAffineManySteps([]))).toEqual([]);
  });
});
