/**
 * What the curve arithmetic asks of a field. Elements are immutable values and may be kept in a form that is not unique, so they are
 * compared with `equals` only.
 */
export interface Field<E> {
  readonly zero: E;
  readonly one: E;
  add(a: E, b: E): E;
  subtract(a: E, b: E): E;
  negate(a: E): E;
  /** `a` times a small integer. */
  scale(a: E, factor: bigint): E;
  multiply(a: E, b: E): E;
  square(a: E): E;
  /** a b - c d. */
  differenceOfProducts(a: E, b: E, c: E, d: E): E;
  /** Of a nonzero element. */
  invert(a: E): E;
  equals(a: E, b: E): boolean;
  isZero(a: E): boolean;
}
