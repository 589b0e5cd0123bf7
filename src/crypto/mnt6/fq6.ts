/**
 * Fq6 = Fq3[v] / (v² - u): where pairings take their values. Products are summed up before they are reduced.
 * @module
 */
import { FROBENIUS } from './constants.ts';
import { add, fq3, frobeniusFq3, multiplyByFqWide, multiplyByU, multiplyWide, reduce, squareWide, subtract } from './fq3.ts';
import type { Fq3 } from './fq3.ts';

/** a0 + a1 v. */
export interface Fq6 {
  readonly a0: Fq3;
  readonly a1: Fq3;
}

export const ONE: Fq6 = { a0: fq3.one, a1: fq3.zero };

/** Karatsuba's method: three products in Fq3, two reductions. */
export function multiplyFq6(a: Fq6, b: Fq6): Fq6 {
  const low = multiplyWide(a.a0, b.a0);
  const high = multiplyWide(a.a1, b.a1);
  const cross = multiplyWide(add(a.a0, a.a1), add(b.a0, b.a1));
  return {
    a0: reduce(add(low, multiplyByU(high))),
    a1: reduce(subtract(subtract(cross, low), high)),
  };
}

/** With m = a0 a1: a² = (a0 + a1)(a0 + u a1) - m - u m + 2 m v. Two products in Fq3. */
export function squareFq6(a: Fq6): Fq6 {
  const m = multiplyWide(a.a0, a.a1);
  const product = multiplyWide(add(a.a0, a.a1), add(a.a0, multiplyByU(a.a1)));
  return {
    a0: reduce(subtract(subtract(product, m), multiplyByU(m))),
    a1: reduce(add(m, m)),
  };
}

/** The square of an element of norm one, a0² - u a1² = 1: two squares in Fq3 (Albatross cryptography reference, 4.2). */
export function squareNormOne(a: Fq6): Fq6 {
  const s = squareWide(a.a1);
  const us = multiplyByU(s);
  const cross = squareWide(add(a.a0, a.a1));
  return {
    a0: reduce(add(fq3.one, add(us, us))),
    a1: reduce(subtract(subtract(subtract(cross, us), fq3.one), s)),
  };
}

/** a0 - a1 v, which is a^(p³), and the inverse of an element of norm one. */
export function conjugate(a: Fq6): Fq6 {
  return { a0: a.a0, a1: fq3.negate(a.a1) };
}

/** a^p: the p-th power of v is g v. */
export function frobeniusFq6(a: Fq6): Fq6 {
  return { a0: frobeniusFq3(a.a0), a1: reduce(multiplyByFqWide(frobeniusFq3(a.a1), FROBENIUS)) };
}

/** 1/a, of a nonzero element: the conjugate divided by the norm, which is in Fq3. */
export function invertFq6(a: Fq6): Fq6 {
  const norm = reduce(subtract(squareWide(a.a0), multiplyByU(squareWide(a.a1))));
  const inverse = fq3.invert(norm);
  return { a0: fq3.multiply(a.a0, inverse), a1: fq3.negate(fq3.multiply(a.a1, inverse)) };
}

export function equalsFq6(a: Fq6, b: Fq6): boolean {
  return fq3.equals(a.a0, b.a0) && fq3.equals(a.a1, b.a1);
}
