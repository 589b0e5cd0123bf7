/**
 * The group of points of y² = x³ + a x + b over any field, in Jacobian coordinates (x = X/Z², y = Y/Z³; Z = 0 is infinity), which need no
 * inversion. The formulas are complete: equal, opposite and infinite operands give correct results. That is needed because points from
 * peers may be outside the prime-order subgroup and lead to any of these. Nothing here runs in constant time.
 * @module
 */
import { garbageCollected } from './arena.ts';
import type { Arena } from './arena.ts';
import type { Field } from './field.ts';
import { signedDigits } from './signed-digits.ts';

/** A finite point. */
export interface Affine<E> {
  readonly x: E;
  readonly y: E;
}

/** A point of the curve in the form that is encoded. */
export type Point<E> = Affine<E> | 'infinity';

export interface Jacobian<E> {
  readonly x: E;
  readonly y: E;
  readonly z: E;
}

/** A point and how often it is taken. */
export interface Weighted<E> {
  readonly point: Affine<E>;
  /** A positive integer. */
  readonly weight: number;
}

/** A point and a scalar that it is multiplied by. */
export interface Multiple<E> {
  readonly point: Affine<E>;
  /** Not negative. */
  readonly scalar: bigint;
}

export interface Curve<E> {
  readonly infinity: Jacobian<E>;
  isInfinity(p: Jacobian<E>): boolean;
  fromAffine(p: Affine<E>): Jacobian<E>;
  /** Costs an inversion. */
  toAffine(p: Jacobian<E>): Point<E>;
  negate(p: Affine<E>): Affine<E>;
  double(p: Jacobian<E>): Jacobian<E>;
  /** p + q. */
  add(p: Jacobian<E>, q: Affine<E>): Jacobian<E>;
  /** [scalar] p, scalar >= 0; a step per binary digit. */
  multiplySteps(p: Affine<E>, scalar: bigint): Generator<void, Jacobian<E>>;
  /** The sum of [scalar] point over all items, scalar >= 0; a step per binary digit of the largest scalar. */
  sumOfMultiplesSteps(items: readonly Multiple<E>[]): Generator<void, Jacobian<E>>;
  /** The sum of [weight] point over all items; a step per item and binary digit of the largest weight. */
  weightedSumSteps(items: readonly Weighted<E>[]): Generator<void, Jacobian<E>>;
  /** Whether the finite point `p` is the affine point `q`. */
  equalsAffine(p: Jacobian<E>, q: Affine<E>): boolean;
}

/** `timesA` multiplies by the coefficient a, which is a constant, so no product is needed. */
export function curveOver<E>(field: Field<E>, timesA: (x: E) => E, arena: Arena<E> = garbageCollected): Curve<E> {
  const { add: plus, subtract: minus, multiply: times, square, scale, differenceOfProducts } = field;
  const infinity: Jacobian<E> = { x: field.one, y: field.one, z: field.zero };

  const isInfinity = (p: Jacobian<E>) => field.isZero(p.z);
  const fromAffine = ({ x, y }: Affine<E>): Jacobian<E> => ({ x, y, z: field.one });
  const negate = ({ x, y }: Affine<E>): Affine<E> => ({ x, y: field.negate(y) });

  function toAffine(p: Jacobian<E>): Point<E> {
    if (isInfinity(p)) return 'infinity';
    const inverse = field.invert(p.z);
    const inverseSquare = square(inverse);
    return { x: times(p.x, inverseSquare), y: times(p.y, times(inverseSquare, inverse)) };
  }

  /** Also correct for infinity and for points of order two: Z becomes zero. */
  function double(p: Jacobian<E>): Jacobian<E> {
    const yy = square(p.y);
    const s = scale(times(p.x, yy), 4n);
    const m = plus(scale(square(p.x), 3n), timesA(square(square(p.z))));
    const x = minus(square(m), scale(s, 2n));
    const y = differenceOfProducts(m, minus(s, x), scale(yy, 8n), yy);
    return { x, y, z: scale(times(p.y, p.z), 2n) };
  }

  function addAffine(p: Jacobian<E>, q: Affine<E>): Jacobian<E> {
    if (isInfinity(p)) return fromAffine(q);
    const zz = square(p.z);
    const h = minus(times(q.x, zz), p.x);
    const w = minus(times(q.y, times(zz, p.z)), p.y);
    if (field.isZero(h)) return field.isZero(w) ? double(p) : infinity;
    const hh = square(h);
    const hhh = times(hh, h);
    const v = times(p.x, hh);
    const x = minus(minus(square(w), hhh), scale(v, 2n));
    const y = differenceOfProducts(w, minus(v, x), p.y, hhh);
    return { x, y, z: times(p.z, h) };
  }

  /** Releases everything made since `mark`, except `p`. */
  function keep(mark: number, { x, y, z }: Jacobian<E>): Jacobian<E> {
    const kept = arena.release(mark, [x, y, z]);
    return { x: kept[0]!, y: kept[1]!, z: kept[2]! };
  }

  function multiplySteps(p: Affine<E>, scalar: bigint): Generator<void, Jacobian<E>> {
    return sumOfMultiplesSteps([{ point: p, scalar }]);
  }

  /** Processes all scalars together digit by digit, so that the doublings are shared. */
  function* sumOfMultiplesSteps(items: readonly Multiple<E>[]): Generator<void, Jacobian<E>> {
    const before = arena.mark();
    const terms = items.map(({ point, scalar }) => ({ point, negative: negate(point), digits: signedDigits(scalar) }));
    const mark = arena.mark();
    let sum = infinity;
    for (let place = Math.max(0, ...terms.map(({ digits }) => digits.length)); place > 0; place--) {
      sum = double(sum);
      for (const { point, negative, digits } of terms) {
        const digit = digits.at(-place) ?? 0;
        if (digit !== 0) sum = addAffine(sum, digit === 1 ? point : negative);
      }
      sum = keep(mark, sum);
      yield;
    }
    return keep(before, sum);
  }

  /** Processes all weights together bit by bit, so that the doublings are shared. */
  function* weightedSumSteps(items: readonly Weighted<E>[]): Generator<void, Jacobian<E>> {
    const digits = items.map(({ weight }) => weight.toString(2));
    const length = Math.max(0, ...digits.map((text) => text.length));
    const mark = arena.mark();
    let sum = infinity;
    for (let place = length; place > 0; place--) {
      sum = keep(mark, double(sum));
      for (const [i, { point }] of items.entries()) {
        if (digits[i]!.at(-place) !== '1') continue;
        sum = keep(mark, addAffine(sum, point));
        yield;
      }
    }
    return sum;
  }

  function equalsAffine(p: Jacobian<E>, q: Affine<E>): boolean {
    if (isInfinity(p)) return false;
    const zz = square(p.z);
    return field.equals(p.x, times(q.x, zz)) && field.equals(p.y, times(q.y, times(zz, p.z)));
  }

  return { infinity, isInfinity, fromAffine, toAffine, negate, double, add: addAffine, multiplySteps, sumOfMultiplesSteps, weightedSumSteps, equalsAffine };
}
