/**
 * Fq3 = Fq[u] / (u³ - 11) in BigInt, with the extension Fq6 = Fq3[v] / (v² - u): the reference back end, which runs everywhere. Products
 * are summed before they are reduced, because a reduction costs as much as two products of coefficients.
 * @module
 */
import { garbageCollected } from './arena.ts';
import { FROBENIUS, NON_RESIDUE, P } from './constants.ts';
import { canonical, fq, sqrtFqManySteps } from './fq.ts';
import type { Fq } from './fq.ts';
import type { Fq3Backend, Fq3Store, Fq6, Line, LineArgument } from './fq3-backend.ts';
import { invertFq3 } from './fq3-norm.ts';

/** c0 + c1 u + c2 u². */
export interface Fq3 {
  readonly c0: Fq;
  readonly c1: Fq;
  readonly c2: Fq;
}

/** A product, or a sum of a few, whose coefficients are not reduced yet. */
interface Fq3Wide {
  readonly c0: bigint;
  readonly c1: bigint;
  readonly c2: bigint;
}

/** The p-th power of u is g² u, that of u² is g⁴ u², with g² = g - 1 and g⁴ = -g. */
const FROBENIUS_U = FROBENIUS - 1n;
const FROBENIUS_UU = -FROBENIUS;

const ZERO: Fq3 = { c0: 0n, c1: 0n, c2: 0n };
const ONE: Fq3 = { c0: 1n, c1: 0n, c2: 0n };

/** a · b by Karatsuba's method: six products of coefficients. */
function multiplyWide(a: Fq3, b: Fq3): Fq3Wide {
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
function squareWide(a: Fq3): Fq3Wide {
  const twoC0 = a.c0 + a.c0;
  return {
    c0: a.c0 * a.c0 + 2n * NON_RESIDUE * (a.c1 * a.c2),
    c1: twoC0 * a.c1 + NON_RESIDUE * (a.c2 * a.c2),
    c2: twoC0 * a.c2 + a.c1 * a.c1,
  };
}

/** a · b with b from Fq: three products. */
function multiplyByFqWide(a: Fq3, b: Fq): Fq3Wide {
  return { c0: a.c0 * b, c1: a.c1 * b, c2: a.c2 * b };
}

function reduce(wide: Fq3Wide): Fq3 {
  return { c0: wide.c0 % P, c1: wide.c1 % P, c2: wide.c2 % P };
}

/** The sum; for both wide and narrow elements. */
function add(a: Fq3, b: Fq3): Fq3 {
  return { c0: a.c0 + b.c0, c1: a.c1 + b.c1, c2: a.c2 + b.c2 };
}

/** The difference; for both wide and narrow elements. */
function subtract(a: Fq3, b: Fq3): Fq3 {
  return { c0: a.c0 - b.c0, c1: a.c1 - b.c1, c2: a.c2 - b.c2 };
}

/** u · a; for both wide and narrow elements. */
function multiplyByU(a: Fq3): Fq3 {
  return { c0: NON_RESIDUE * a.c2, c1: a.c0, c2: a.c1 };
}

/** Karatsuba's method: three products in Fq3, two reductions. */
function multiplyFq6(a: Fq6<Fq3>, b: Fq6<Fq3>): Fq6<Fq3> {
  const low = multiplyWide(a.a0, b.a0);
  const high = multiplyWide(a.a1, b.a1);
  const cross = multiplyWide(add(a.a0, a.a1), add(b.a0, b.a1));
  return {
    a0: reduce(add(low, multiplyByU(high))),
    a1: reduce(subtract(subtract(cross, low), high)),
  };
}

/** With m = a0 a1: a² = (a0 + a1)(a0 + u a1) - m - u m + 2 m v. Two products in Fq3. */
function squareFq6(a: Fq6<Fq3>): Fq6<Fq3> {
  const m = multiplyWide(a.a0, a.a1);
  const product = multiplyWide(add(a.a0, a.a1), add(a.a0, multiplyByU(a.a1)));
  return {
    a0: reduce(subtract(subtract(product, m), multiplyByU(m))),
    a1: reduce(add(m, m)),
  };
}

/** Two squares in Fq3 (Albatross cryptography reference, 4.2). */
function squareNormOne(a: Fq6<Fq3>): Fq6<Fq3> {
  const s = squareWide(a.a1);
  const us = multiplyByU(s);
  const cross = squareWide(add(a.a0, a.a1));
  return {
    a0: reduce(add(ONE, add(us, us))),
    a1: reduce(subtract(subtract(subtract(cross, us), ONE), s)),
  };
}

/** Dividing by y saves three reductions. */
function multiplyByLine(f: Fq6<Fq3>, { k0, k1, k2 }: Line<Fq3>, { inverseY, xOverY }: LineArgument<Fq3>): Fq6<Fq3> {
  return multiplyFq6(f, {
    a0: reduce(subtract(multiplyByFqWide(k0, inverseY.c0), multiplyByU(multiplyByFqWide(k1, xOverY.c0)))),
    a1: multiplyByU(k2),
  });
}

function createStore(): Fq3Store<Fq3> {
  const elements: Fq3[] = [];
  return {
    get length() {
      return elements.length;
    },
    push: (element) => void elements.push(element),
    get: (index) => elements[index]!,
  };
}

export const fq3: Fq3Backend<Fq3> = {
  ...garbageCollected,
  name: 'bigint',
  zero: ZERO,
  one: ONE,
  fromCoefficients: ({ c0, c1, c2 }) => ({ c0, c1, c2 }),
  toCoefficients: (a) => ({ c0: canonical(a.c0), c1: canonical(a.c1), c2: canonical(a.c2) }),
  fromFq: (value) => ({ c0: value, c1: 0n, c2: 0n }),
  add,
  subtract,
  negate: (a) => ({ c0: -a.c0, c1: -a.c1, c2: -a.c2 }),
  scale: (a, factor) => multiplyByFqWide(a, factor),
  multiply: (a, b) => reduce(multiplyWide(a, b)),
  square: (a) => reduce(squareWide(a)),
  multiplyByFq: (a, b) => reduce(multiplyByFqWide(a, b.c0)),
  multiplyByU,
  frobenius: (a) => ({ c0: a.c0, c1: fq.multiply(a.c1, FROBENIUS_U), c2: fq.multiply(a.c2, FROBENIUS_UU) }),
  differenceOfProducts: (a, b, c, d) => reduce(subtract(multiplyWide(a, b), multiplyWide(c, d))),
  invert: (a) => invertFq3(fq3, a),
  equals: (a, b) => fq.equals(a.c0, b.c0) && fq.equals(a.c1, b.c1) && fq.equals(a.c2, b.c2),
  isZero: (a) => fq.isZero(a.c0) && fq.isZero(a.c1) && fq.isZero(a.c2),
  multiplyFq6,
  squareFq6,
  squareNormOne,
  normFq6: (a) => reduce(subtract(squareWide(a.a0), multiplyByU(squareWide(a.a1)))),
  multiplyByLine,
  sqrtFqManySteps,
  createStore,
};
