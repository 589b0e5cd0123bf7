import { describe, expect, it } from 'vitest';
import { curves } from '../../../test/support/curve-backends.ts';
import vectors from '../../../test/vectors/pairing.json' with { type: 'json' };
import { finish } from '../finish.ts';
import { R } from './constants.ts';
import type { Fq6 } from './fq3-backend.ts';
import { g1, g1Generator } from './g1.ts';
import type { G1Affine } from './g1.ts';
import type { Affine } from './jacobian.ts';

const g1Times = (scalar: bigint) => g1.toAffine(finish(g1.multiplySteps(g1Generator, scalar))) as G1Affine;

describe.each(curves)('the pairing on $name', ({ curve: { field, g2, pairing } }) => {
  const { fq6 } = pairing;
  const g2Times = (scalar: bigint) => g2.toAffine(finish(g2.multiplySteps(g2.generator, scalar))) as Affine<unknown>;
  const pair = (p: G1Affine, q: Affine<unknown>) => ({ p, q: finish(pairing.prepareSteps(q)) });
  const pairingOf = (p: G1Affine, q: Affine<unknown>) => finish(pairing.productSteps([pair(p, q)]));

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

  const value = pairingOf(g1Generator, g2.generator);

  it('has the known value at the generators, of order r', () => {
    const hex = (a: unknown) => Object.values(field.toCoefficients(a)).map((c) => `0x${c.toString(16).padStart(190, '0')}`);
    const known = (list: string[]) => list.map((c) => `0x${BigInt(c).toString(16).padStart(190, '0')}`);
    expect(hex(value.a0)).toEqual(known(vectors.reduced_e_G1_G2.c0));
    expect(hex(value.a1)).toEqual(known(vectors.reduced_e_G1_G2.c1));
    expect(fq6.equals(power(value, R), fq6.one)).toBe(true);
  });

  it.each([
    [3n, 1n],
    [1n, 7n],
    [R - 1n, 2n],
    [0x1234_5678_9abc_def0_1234_5678n, 2n ** 600n + 1n],
  ])('is bilinear: e([%s] G1, [%s] G2)', (a, b) => {
    expect(fq6.equals(pairingOf(g1Times(a), g2Times(b)), power(value, (a * b) % R))).toBe(true);
  });

  it('multiplies several pairings in one computation', () => {
    const six = pair(g1Times(6n), g2.negate(g2.generator));
    expect(finish(pairing.isProductOneSteps([six, pair(g1Times(2n), g2Times(3n))]))).toBe(true);
    expect(finish(pairing.isProductOneSteps([six, pair(g1Times(2n), g2Times(4n))]))).toBe(false);
    expect(finish(pairing.isProductOneSteps([]))).toBe(true);
  });
});
