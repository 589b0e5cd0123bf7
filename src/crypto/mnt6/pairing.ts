/**
 * The reduced ate pairing e: G1 x G2 -> Fq6, e(P, Q) = f_{T,Q}(P)^((p⁶ - 1) / r) (Albatross cryptography reference, 4.2). Up to two
 * factors, the lines of the Miller loop depend only on Q, so they are prepared once per Q and used for many P.
 * @module
 */
import { T } from './constants.ts';
import type { Fq3Backend, Fq3Store, Fq6, Line, LineArgument } from './fq3-backend.ts';
import { fq6Over } from './fq6.ts';
import type { Fq6Field } from './fq6.ts';
import { fq } from './fq.ts';
import type { G1Affine } from './g1.ts';
import type { G2Group } from './g2.ts';
import type { Affine, Jacobian } from './jacobian.ts';
import { signedDigits } from './signed-digits.ts';

/** The digits of T after the leading one. */
const LOOP = signedDigits(T).slice(1);

/** Three coefficients for each of the 499 lines of a point. */
const PREPARED_LENGTH = 3 * (LOOP.length + LOOP.filter((digit) => digit !== 0).length);

/** The 499 lines of a point of G2 in the order of their use, k0, k1 and k2 of each; some 0.5 MB. */
export type PreparedG2<E> = Fq3Store<E>;

/** One pairing in a product. */
export interface Pair<E> {
  readonly p: G1Affine;
  readonly q: PreparedG2<E>;
}

export interface Pairing<E> {
  readonly fq6: Fq6Field<E>;
  /**
   * The lines for `q`, which must be a finite point of G2 (outside the subgroup the loop can meet degenerate lines). One step per digit of
   * T.
   */
  prepareSteps(q: Affine<E>): Generator<void, PreparedG2<E>>;
  /** The first half of a product of pairings: one Miller loop in lockstep. A step per pair and digit of T. */
  millerLoopSteps(pairs: readonly Pair<E>[]): Generator<void, Fq6<E>>;
  /** The second half, of a product of Miller loops: the power (p⁶ - 1) / r. A step per digit of T. */
  finalExponentiationSteps(f: Fq6<E>): Generator<void, Fq6<E>>;
  /** The product of the pairings. */
  productSteps(pairs: readonly Pair<E>[]): Generator<void, Fq6<E>>;
  /** Whether the product of the pairings is one. */
  isProductOneSteps(pairs: readonly Pair<E>[]): Generator<void, boolean>;
}

interface LineStep<E> {
  readonly point: Jacobian<E>;
  readonly line: Line<E>;
}

export function pairingOver<E>(field: Fq3Backend<E>, g2: G2Group<E>): Pairing<E> {
  const { add, subtract, multiply, square, scale, differenceOfProducts } = field;
  const fq6 = fq6Over(field);

  function* prepareSteps(q: Affine<E>): Generator<void, PreparedG2<E>> {
    const before = field.mark();
    const negative = g2.negate(q);
    const lines = field.createStore(PREPARED_LENGTH);
    const mark = field.mark();
    let r = g2.fromAffine(q);
    const take = ({ point, line }: LineStep<E>) => {
      lines.push(line.k0);
      lines.push(line.k1);
      lines.push(line.k2);
      const [x, y, z] = field.release(mark, [point.x, point.y, point.z]) as [E, E, E];
      r = { x, y, z };
    };
    for (const digit of LOOP) {
      take(doubleWithLine(r));
      if (digit !== 0) take(addWithLine(r, digit === 1 ? q : negative));
      yield;
    }
    field.release(before, []);
    return lines;
  }

  /**
   * [2] r and the tangent at r, scaled by Z3 Z². The formulas are those of `jacobian.ts`; they are repeated because their parts are needed
   * too.
   */
  function doubleWithLine(r: Jacobian<E>): LineStep<E> {
    const yy = square(r.y);
    const zz = square(r.z);
    const s = scale(multiply(r.x, yy), 4n);
    const m = add(scale(square(r.x), 3n), g2.timesTwistA(square(zz)));
    const x = subtract(square(m), scale(s, 2n));
    const y = differenceOfProducts(m, subtract(s, x), scale(yy, 8n), yy);
    const z = scale(multiply(r.y, r.z), 2n);
    return { point: { x, y, z }, line: { k0: subtract(multiply(m, r.x), scale(yy, 2n)), k1: multiply(m, zz), k2: multiply(z, zz) } };
  }

  /** r + q and the line through both, scaled by Z3. The points are never equal or opposite, as r = [k] q with 1 < k < r - 1. */
  function addWithLine(r: Jacobian<E>, q: Affine<E>): LineStep<E> {
    const zz = square(r.z);
    const h = subtract(multiply(q.x, zz), r.x);
    const w = subtract(multiply(q.y, multiply(zz, r.z)), r.y);
    const hh = square(h);
    const hhh = multiply(hh, h);
    const v = multiply(r.x, hh);
    const x = subtract(subtract(square(w), hhh), scale(v, 2n));
    const y = differenceOfProducts(w, subtract(v, x), r.y, hhh);
    const z = multiply(r.z, h);
    return { point: { x, y, z }, line: { k0: differenceOfProducts(w, q.x, q.y, z), k1: w, k2: z } };
  }

  /** 1/y and x/y. No point of G1 has y = 0: the group has odd order. */
  function lineArgument({ x, y }: G1Affine): LineArgument<E> {
    const inverseY = fq.invert(y);
    return { inverseY: field.fromFq(inverseY), xOverY: field.fromFq(fq.multiply(x, inverseY)) };
  }

  function keep(mark: number, { a0, a1 }: Fq6<E>): Fq6<E> {
    const kept = field.release(mark, [a0, a1]);
    return { a0: kept[0]!, a1: kept[1]! };
  }

  function* millerLoopSteps(pairs: readonly Pair<E>[]): Generator<void, Fq6<E>> {
    const before = field.mark();
    const loops = pairs.map(({ p, q }) => ({ at: lineArgument(p), q }));
    const mark = field.mark();
    let f = fq6.one;
    let next = 0;
    for (const digit of LOOP) {
      f = fq6.square(f);
      const count = digit === 0 ? 1 : 2;
      for (const { at, q } of loops) {
        for (let i = next; i < next + 3 * count; i += 3) {
          f = keep(mark, field.multiplyByLine(f, { k0: q.get(i), k1: q.get(i + 1), k2: q.get(i + 2) }, at));
        }
        yield;
      }
      next += 3 * count;
    }
    return keep(before, f);
  }

  /** (p⁶ - 1) / r = (p³ - 1) (p + 1) (p + T). */
  function* finalExponentiationSteps(f: Fq6<E>): Generator<void, Fq6<E>> {
    const before = field.mark();
    const e1 = fq6.multiply(fq6.conjugate(f), fq6.invert(f));
    const e2 = fq6.multiply(fq6.frobenius(e1), e1);
    const inverse = fq6.conjugate(e2);
    const mark = field.mark();
    let power = e2;
    for (const digit of LOOP) {
      power = fq6.squareNormOne(power);
      if (digit !== 0) power = fq6.multiply(power, digit === 1 ? e2 : inverse);
      power = keep(mark, power);
      yield;
    }
    return keep(before, fq6.multiply(fq6.frobenius(e2), power));
  }

  function* productSteps(pairs: readonly Pair<E>[]): Generator<void, Fq6<E>> {
    const mark = field.mark();
    return keep(mark, yield* finalExponentiationSteps(yield* millerLoopSteps(pairs)));
  }

  return {
    fq6,
    prepareSteps,
    millerLoopSteps,
    finalExponentiationSteps,
    productSteps,
    *isProductOneSteps(pairs) {
      return fq6.equals(yield* productSteps(pairs), fq6.one);
    },
  };
}
