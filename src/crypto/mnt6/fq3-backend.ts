/**
 * The seam between the curve and its arithmetic: what a back end must offer. Everything above (the twist, the pairing, encodings,
 * batches) is written against this interface and knows nothing of an element but that it exists. BigInt is the reference.
 * @module
 */
import type { Arena } from './arena.ts';
import type { Field } from './field.ts';

/** Canonical coefficients of 1, u and u², each from 0 to p - 1. */
export interface Coefficients {
  readonly c0: bigint;
  readonly c1: bigint;
  readonly c2: bigint;
}

/** a0 + a1 v, of Fq6 = Fq3[v] / (v² - u). */
export interface Fq6<E> {
  readonly a0: E;
  readonly a1: E;
}

/** A line through points of the twist, at P = (x, y): (k0 - k1 u x) + k2 u y v, up to a factor from Fq3. */
export interface Line<E> {
  readonly k0: E;
  readonly k1: E;
  readonly k2: E;
}

/** 1/y and x/y of a point of G1, as elements of Fq (`fromFq`). */
export interface LineArgument<E> {
  readonly inverseY: E;
  readonly xOverY: E;
}

/** Elements that outlive the arena: lines prepared, keys decoded. Freed by the garbage collector; bounded by whoever keeps it. */
export interface Fq3Store<E> {
  readonly length: number;
  push(element: E): void;
  /** The element at `index`, 0 <= index < length, as a new element of the arena. */
  get(index: number): E;
}

/**
 * Fq3 = Fq[u] / (u³ - 11). Elements are immutable. No function changes its arguments, and all take elements that are not reduced, as
 * far as sums of a few products' results go: `scale` at most by 121, and no more than some ten additions in a row.
 */
export interface Fq3Backend<E> extends Field<E>, Arena<E> {
  /** For logs and the page: which one this is. */
  readonly name: string;

  /** Takes any integers in place of canonical ones. */
  fromCoefficients(coefficients: Coefficients): E;
  toCoefficients(a: E): Coefficients;
  /** An element of the subfield Fq, by any integer; what `multiplyByFq` takes for its second argument. */
  fromFq(value: bigint): E;

  /** a · b with b from `fromFq`: b's coefficients of u and u² are not looked at. */
  multiplyByFq(a: E, b: E): E;
  /** u · a. */
  multiplyByU(a: E): E;
  /** a^p. */
  frobenius(a: E): E;
  /** a b - c d; a reduction less than with two products. */
  differenceOfProducts(a: E, b: E, c: E, d: E): E;

  multiplyFq6(a: Fq6<E>, b: Fq6<E>): Fq6<E>;
  squareFq6(a: Fq6<E>): Fq6<E>;
  /** The square of an element of norm one: a0² - u a1² = 1. */
  squareNormOne(a: Fq6<E>): Fq6<E>;
  /** a0² - u a1². */
  normFq6(a: Fq6<E>): E;
  /**
   * f times the line, divided by y, at a point of G1: f · ((k0 / y - u k1 x / y) + u k2 v). Factors from Fq3 do not matter, so that
   * it need be right up to one.
   */
  multiplyByLine(f: Fq6<E>, line: Line<E>, at: LineArgument<E>): Fq6<E>;

  /** The square roots in Fq of any integers, each undefined if there is none; a few hundred squarings each, in steps. */
  sqrtFqManySteps(values: readonly bigint[]): Generator<void, (bigint | undefined)[]>;

  /** An empty store that will hold about `capacity` elements. */
  createStore(capacity: number): Fq3Store<E>;
}
