import { describe, expect, it } from 'vitest';
import vectors from '../../../test/vectors/pairing.json' with { type: 'json' };
import { finish } from '../finish.ts';
import { R } from './constants.ts';
import { canonicalFq3 } from './fq3.ts';
import { equalsFq6, multiplyFq6, ONE } from './fq6.ts';
import type { Fq6 } from './fq6.ts';
import { g1, g1Generator } from './g1.ts';
import type { G1Affine } from './g1.ts';
import { g2, g2Generator } from './g2.ts';
import type { G2Affine } from './g2.ts';
import { isPairingProductOneSteps, pairingProductSteps, prepareSteps } from './pairing.ts';

const g1Times = (scalar: bigint) => g1.toAffine(finish(g1.multiplySteps(g1Generator, scalar))) as G1Affine;
const g2Times = (scalar: bigint) => g2.toAffine(finish(g2.multiplySteps(g2Generator, scalar))) as G2Affine;
const pair = (p: G1Affine, q: G2Affine) => ({ p, q: finish(prepareSteps(q)) });
const pairing = (p: G1Affine, q: G2Affine) => finish(pairingProductSteps([pair(p, q)]));

function power(base: Fq6, exponent: bigint): Fq6 {
  let result = ONE;
  for (const bit of exponent.toString(2)) {
    result = multiplyFq6(result, result);
    if (bit === '1') result = multiplyFq6(result, base);
  }
  return result;
}

describe('the pairing', () => {
  const value = pairing(g1Generator, g2Generator);

  it('has the known value at the generators, of order r', () => {
    const hex = (a: Fq6['a0']) => Object.values(canonicalFq3(a)).map((c) => `0x${c.toString(16).padStart(190, '0')}`);
    const known = (list: string[]) => list.map((c) => `0x${BigInt(c).toString(16).padStart(190, '0')}`);
    expect(hex(value.a0)).toEqual(known(vectors.reduced_e_G1_G2.c0));
    expect(hex(value.a1)).toEqual(known(vectors.reduced_e_G1_G2.c1));
    expect(equalsFq6(power(value, R), ONE)).toBe(true);
  });

  it.each([
    [3n, 1n],
    [1n, 7n],
    [R - 1n, 2n],
    [0x1234_5678_9abc_def0_1234_5678n, 2n ** 600n + 1n],
  ])('is bilinear: e([%s] G1, [%s] G2)', (a, b) => {
    expect(equalsFq6(pairing(g1Times(a), g2Times(b)), power(value, (a * b) % R))).toBe(true);
  });

  it('multiplies in one go', () => {
    const six = pair(g1Times(6n), g2.negate(g2Generator));
    expect(finish(isPairingProductOneSteps([six, pair(g1Times(2n), g2Times(3n))]))).toBe(true);
    expect(finish(isPairingProductOneSteps([six, pair(g1Times(2n), g2Times(4n))]))).toBe(false);
    expect(finish(isPairingProductOneSteps([]))).toBe(true);
  });
});
