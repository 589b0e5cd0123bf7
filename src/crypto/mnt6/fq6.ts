/**
 * Fq6 = Fq3[v] / (v² - u): where pairings take their values. The back end implements the operations that are faster in one piece; this file
 * adds the rest.
 * @module
 */
import { FROBENIUS } from './constants.ts';
import type { Fq3Backend, Fq6 } from './fq3-backend.ts';

export interface Fq6Field<E> {
  readonly one: Fq6<E>;
  multiply(a: Fq6<E>, b: Fq6<E>): Fq6<E>;
  square(a: Fq6<E>): Fq6<E>;
  /** The square of an element of norm one. */
  squareNormOne(a: Fq6<E>): Fq6<E>;
  /** a0 - a1 v, which is a^(p³), and the inverse of an element of norm one. */
  conjugate(a: Fq6<E>): Fq6<E>;
  /** a^p. */
  frobenius(a: Fq6<E>): Fq6<E>;
  /** 1/a, of a nonzero element. */
  invert(a: Fq6<E>): Fq6<E>;
  equals(a: Fq6<E>, b: Fq6<E>): boolean;
}

export function fq6Over<E>(field: Fq3Backend<E>): Fq6Field<E> {
  const g = field.fromFq(FROBENIUS);
  return {
    one: { a0: field.one, a1: field.zero },
    multiply: (a, b) => field.multiplyFq6(a, b),
    square: (a) => field.squareFq6(a),
    squareNormOne: (a) => field.squareNormOne(a),
    conjugate: ({ a0, a1 }) => ({ a0, a1: field.negate(a1) }),
    // The p-th power of v is g v.
    frobenius: ({ a0, a1 }) => ({ a0: field.frobenius(a0), a1: field.multiplyByFq(field.frobenius(a1), g) }),
    // The conjugate divided by the norm, which is in Fq3.
    invert(a) {
      const inverse = field.invert(field.normFq6(a));
      return { a0: field.multiply(a.a0, inverse), a1: field.negate(field.multiply(a.a1, inverse)) };
    },
    equals: (a, b) => field.equals(a.a0, b.a0) && field.equals(a.a1, b.a1),
  };
}
