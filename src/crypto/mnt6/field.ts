/**
 * The operations that the curve arithmetic needs from a field. Elements are immutable and may be kept in a form that is not unique, so
 * compare them only with `equals`.
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
  /** The inverse of a nonzero element. */
  invert(a: E): E;
  equals(a: E, b: E): boolean;
  isZero(a: E): boolean;
}
