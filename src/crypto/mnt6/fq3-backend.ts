/**
 * The interface between the curve and its arithmetic: what a back end must offer. All code above it (the twist, the pairing, encodings,
 * batches) uses only this interface and treats elements as opaque. The BigInt back end is the reference.
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

/** A line through points of the twist, evaluated at P = (x, y): (k0 - k1 u x) + k2 u y v, up to a factor from Fq3. */
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

/** Elements that outlive the arena: prepared lines, decoded keys. Freed by the garbage collector; the owner bounds it. */
export interface Fq3Store<E> {
  readonly length: number;
  push(element: E): void;
  /** The element at `index`, 0 <= index < length, as a new element of the arena. */
  get(index: number): E;
}

/**
 * Fq3 = Fq[u] / (u³ - 11). Elements are immutable, and no function changes its arguments. All functions accept elements that are not
 * reduced, within bounds: sums of the results of a few products; `scale` by at most 121; no more than some ten additions in a row.
 */
export interface Fq3Backend<E> extends Field<E>, Arena<E> {
  /** The name of the back end, for logs and the page. */
  readonly name: string;

  /** Accepts any integers, also non-canonical ones. */
  fromCoefficients(coefficients: Coefficients): E;
  toCoefficients(a: E): Coefficients;
  /** An element of the subfield Fq, from any integer; used as the second argument of `multiplyByFq`. */
  fromFq(value: bigint): E;

  /** a · b with b from `fromFq`: b's coefficients of u and u² are ignored. */
  multiplyByFq(a: E, b: E): E;
  /** u · a. */
  multiplyByU(a: E): E;
  /** a^p. */
  frobenius(a: E): E;
  /** a b - c d; needs one reduction less than two products. */
  differenceOfProducts(a: E, b: E, c: E, d: E): E;

  multiplyFq6(a: Fq6<E>, b: Fq6<E>): Fq6<E>;
  squareFq6(a: Fq6<E>): Fq6<E>;
  /** The square of an element of norm one: a0² - u a1² = 1. */
  squareNormOne(a: Fq6<E>): Fq6<E>;
  /** a0² - u a1². */
  normFq6(a: Fq6<E>): E;
  /**
   * f times the line, divided by y, at a point of G1: f · ((k0 / y - u k1 x / y) + u k2 v). Factors from Fq3 do not matter, so the result
   * need only be right up to such a factor.
   */
  multiplyByLine(f: Fq6<E>, line: Line<E>, at: LineArgument<E>): Fq6<E>;

  /** The square roots in Fq of any integers, each undefined if there is none; a few hundred squarings each, in steps. */
  sqrtFqManySteps(values: readonly bigint[]): Generator<void, (bigint | undefined)[]>;

  /** An empty store that will hold about `capacity` elements. */
  createStore(capacity: number): Fq3Store<E>;
}
