/**
 * What the curve arithmetic asks of a field. Fq and Fq3 implement it in BigInt; anything faster can take the place of the latter.
 * Elements are immutable values and may be kept in a form that is not unique, so they are compared with `equals` only.
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
  /** Of a nonzero element. */
  invert(a: E): E;
  equals(a: E, b: E): boolean;
  isZero(a: E): boolean;
}
