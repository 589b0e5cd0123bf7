/**
 * Fq3 = Fq[u] / (u³ - 11): where the coordinates of the twist live. This is the level at which a faster back end can replace BigInt:
 * everything above uses these functions only.
 * @module
 */
import { FROBENIUS, NON_RESIDUE, P } from './constants.ts';
import { canonical, fq, sqrtFqSteps } from './fq.ts';
import type { Fq } from './fq.ts';
import type { Field } from './field.ts';
import { powerSteps } from './power.ts';

/** c0 + c1 u + c2 u². */
export interface Fq3 {
  readonly c0: Fq;
  readonly c1: Fq;
  readonly c2: Fq;
}

/** A product, or a sum of a few, whose coefficients are not reduced yet: a reduction costs twice a product of coefficients. */
export interface Fq3Wide {
  readonly c0: bigint;
  readonly c1: bigint;
  readonly c2: bigint;
}

/** The p-th power of u is g² u, that of u² is g⁴ u², with g² = g - 1 and g⁴ = -g. */
const FROBENIUS_U = FROBENIUS - 1n;
const FROBENIUS_UU = -FROBENIUS;

/** a · b by Karatsuba's method: six products of coefficients. */
export function multiplyWide(a: Fq3, b: Fq3): Fq3Wide {
  const v0 = a.c0 * b.c0;
  const v1 = a.c1 * b.c1;
  const v2 = a.c2 * b.c2;
  return {
    c0: v0 + NON_RESIDUE * ((a.c1 + a.c2) * (b.c1 + b.c2) - v1 - v2),
    c1: (a.c0 + a.c1) * (b.c0 + b.c1) - v0 - v1 + NON_RESIDUE * v2,
    c2: (a.c0 + a.c2) * (b.c0 + b.c2) - v0 + v1 - v2,
  };
}

/** a². */
export function squareWide(a: Fq3): Fq3Wide {
  const twoC0 = a.c0 + a.c0;
  return {
    c0: a.c0 * a.c0 + 2n * NON_RESIDUE * (a.c1 * a.c2),
    c1: twoC0 * a.c1 + NON_RESIDUE * (a.c2 * a.c2),
    c2: twoC0 * a.c2 + a.c1 * a.c1,
  };
}

/** a · b with b from Fq: three products. */
export function multiplyByFqWide(a: Fq3, b: Fq): Fq3Wide {
  return { c0: a.c0 * b, c1: a.c1 * b, c2: a.c2 * b };
}

export function reduce(wide: Fq3Wide): Fq3 {
  return { c0: wide.c0 % P, c1: wide.c1 % P, c2: wide.c2 % P };
}

/** The sum, of wide and of narrow elements alike. */
export function add(a: Fq3, b: Fq3): Fq3 {
  return { c0: a.c0 + b.c0, c1: a.c1 + b.c1, c2: a.c2 + b.c2 };
}

/** The difference, of wide and of narrow elements alike. */
export function subtract(a: Fq3, b: Fq3): Fq3 {
  return { c0: a.c0 - b.c0, c1: a.c1 - b.c1, c2: a.c2 - b.c2 };
}

/** u · a, of wide and of narrow elements alike. */
export function multiplyByU(a: Fq3): Fq3 {
  return { c0: NON_RESIDUE * a.c2, c1: a.c0, c2: a.c1 };
}

export const fq3: Field<Fq3> = {
  zero: { c0: 0n, c1: 0n, c2: 0n },
  one: { c0: 1n, c1: 0n, c2: 0n },
  add,
  subtract,
  negate: (a) => ({ c0: -a.c0, c1: -a.c1, c2: -a.c2 }),
  scale: (a, factor) => multiplyByFqWide(a, factor),
  multiply: (a, b) => reduce(multiplyWide(a, b)),
  square: (a) => reduce(squareWide(a)),
  invert: invertFq3,
  equals: (a, b) => fq.equals(a.c0, b.c0) && fq.equals(a.c1, b.c1) && fq.equals(a.c2, b.c2),
  isZero: (a) => fq.isZero(a.c0) && fq.isZero(a.c1) && fq.isZero(a.c2),
};

/** Coefficients from 0 to p - 1. */
export function canonicalFq3(a: Fq3): Fq3 {
  return { c0: canonical(a.c0), c1: canonical(a.c1), c2: canonical(a.c2) };
}

/** a^p. */
export function frobeniusFq3(a: Fq3): Fq3 {
  return { c0: a.c0, c1: fq.multiply(a.c1, FROBENIUS_U), c2: fq.multiply(a.c2, FROBENIUS_UU) };
}

/** 1/a = (a^p · a^(p²)) / norm(a), and the norm, the product of all three conjugates, is in Fq. */
function invertFq3(a: Fq3): Fq3 {
  const conjugate = frobeniusFq3(a);
  const others = fq3.multiply(conjugate, frobeniusFq3(conjugate));
  const norm = fq3.multiply(a, others).c0;
  return reduce(multiplyByFqWide(others, fq.invert(norm)));
}

/**
 * A square root, or undefined if there is none. With s = a^((p + 1) / 2) and b = s^p, the product a b² is the norm of a, which is in
 * Fq and a square there just if a is one; so sqrt(a) = sqrt(a b²) / b (Albatross cryptography reference, 4.3).
 */
export function* sqrtFq3Steps(a: Fq3): Generator<void, Fq3 | undefined> {
  if (fq3.isZero(a)) return fq3.zero;
  const b = frobeniusFq3(yield* powerSteps(fq3, a, (P + 1n) / 2n));
  const norm = fq3.multiply(a, fq3.square(b)).c0;
  const root = yield* sqrtFqSteps(norm);
  if (root === undefined) return undefined;
  return reduce(multiplyByFqWide(fq3.invert(b), root));
}
