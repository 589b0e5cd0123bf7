import { describe, expect, it } from 'vitest';
import vectors from '../../../test/vectors/curves.json' with { type: 'json' };
import { A, B, FROBENIUS, G1_GENERATOR, G2_GENERATOR, NON_RESIDUE, P, R, ROOT_OF_UNITY, T, TWO_ADICITY } from './constants.ts';
import { signedDigits } from './signed-digits.ts';

const curve = vectors.mnt6_753;

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  for (const bit of exponent.toString(2)) result = (result * result * (bit === '1' ? base : 1n)) % P;
  return result;
}

describe('the constants of MNT6-753', () => {
  it('equal those of the vectors', () => {
    expect(P.toString()).toBe(curve.p);
    expect(R.toString()).toBe(curve.r);
    expect(A.toString()).toBe(curve.a);
    expect(B.toString()).toBe(curve.b);
    expect(TWO_ADICITY).toBe(curve.p_two_adicity);
    expect(ROOT_OF_UNITY.toString()).toBe(curve.two_adic_root_of_unity_p);
    expect(FROBENIUS.toString()).toBe(curve.Fq6.frobenius_v[1]);
    expect(T.toString()).toBe(curve.ate_loop_count);
    expect(T.toString()).toBe(curve.final_exponent_w0);
    expect([G1_GENERATOR.x, G1_GENERATOR.y].map(String)).toEqual([curve.g1.x, curve.g1.y]);
    expect(Object.values(G2_GENERATOR.x).map(String)).toEqual(curve.g2.x);
    expect(Object.values(G2_GENERATOR.y).map(String)).toEqual(curve.g2.y);
    expect(curve.Fq3.relation).toBe(`u^3 = ${NON_RESIDUE}`);
    expect(signedDigits(T)).toEqual(curve.ate_loop_naf_msb_first);
  });

  it('are consistent with each other', () => {
    expect(P + 1n - (T + 1n)).toBe(R);
    expect((P - 1n) % (1n << BigInt(TWO_ADICITY))).toBe(0n);
    expect(power(BigInt(curve.p_multiplicative_generator), (P - 1n) >> BigInt(TWO_ADICITY))).toBe(ROOT_OF_UNITY);
    expect(power(ROOT_OF_UNITY, 1n << BigInt(TWO_ADICITY - 1))).toBe(P - 1n);
    expect(power(NON_RESIDUE, (P - 1n) / 6n)).toBe(FROBENIUS);
    expect((FROBENIUS * FROBENIUS) % P).toBe(FROBENIUS - 1n);
    expect((P ** 2n - P + 1n) % R).toBe(0n);
    expect((P ** 2n - P + 1n) / R).toBe(P + T);
  });
});
