import { describe, expect, it } from 'vitest';
import { curves } from '../../../test/support/curve-backends.ts';
import vectors from '../../../test/vectors/curves.json' with { type: 'json' };
import { finish } from '../finish.ts';
import { R } from './constants.ts';
import type { Affine, Point } from './jacobian.ts';

/** The cofactor: the number of points of the twist divided by that of G2. */
const COFACTOR = BigInt(vectors.mnt6_753.g2_cofactor);

/** All primes below a million that divide it. */
const SMALL = [2n, 3n, 5n, 7n, 641n, 6689n, 26_921n];

it('has no other small primes in its cofactor', () => {
  let rest = COFACTOR;
  const found: bigint[] = [];
  for (let prime = 2n; prime < 1_000_000n; prime += 1n) {
    if (rest % prime === 0n) found.push(prime);
    while (rest % prime === 0n) rest /= prime;
  }
  expect(found).toEqual(SMALL);
  expect(rest % R).not.toBe(0n);
});

describe.each(curves)('the subgroup check on $name', ({ curve: { field, g2 } }) => {
  const times = (point: Affine<unknown>, scalar: bigint): Point<unknown> => g2.toAffine(finish(g2.multiplySteps(point, scalar)));
  const isInSubgroup = (point: Affine<unknown>) => finish(g2.isInSubgroupSteps(point));

  /** A point of this prime order: a point of the twist, multiplied by all other factors of its order. */
  function pointOfOrder(prime: bigint): Affine<unknown> {
    let others = COFACTOR * R;
    while (others % prime === 0n) others /= prime;
    for (let x = 1n; ; x += 1n) {
      const at = field.fromFq(x);
      const y = finish(g2.ySteps(at));
      let point = y === undefined ? 'infinity' : times({ x: at, y }, others);
      while (point !== 'infinity') {
        const next = times(point, prime);
        if (next === 'infinity') return point;
        point = next;
      }
    }
  }

  it('accepts multiples of the generator', () => {
    for (const scalar of [1n, 2n, R - 1n, 0x1234_5678_9abcn]) expect(isInSubgroup(times(g2.generator, scalar) as Affine<unknown>)).toBe(true);
  });

  it.each(SMALL)('refuses a point of order %i, alone and in a sum with the generator', (prime) => {
    const point = pointOfOrder(prime);
    expect(g2.isOnTwist(point)).toBe(true);
    expect(isInSubgroup(point)).toBe(false);
    const sum = g2.toAffine(g2.add(g2.fromAffine(g2.generator), point)) as Affine<unknown>;
    expect(g2.isOnTwist(sum)).toBe(true);
    expect(isInSubgroup(sum)).toBe(false);
  });
});
