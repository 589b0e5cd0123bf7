/**
 * The reduced ate pairing e: G1 x G2 -> Fq6, e(P, Q) = f_{T,Q}(P)^((p⁶ - 1) / r) (Albatross cryptography reference, 4.2). The lines
 * of the Miller loop depend on Q alone up to two factors, so they are prepared once per Q and used for many P.
 * @module
 */
import { T } from './constants.ts';
import { conjugate, equalsFq6, frobeniusFq6, invertFq6, multiplyFq6, ONE, squareFq6, squareNormOne } from './fq6.ts';
import type { Fq6 } from './fq6.ts';
import { fq } from './fq.ts';
import type { Fq } from './fq.ts';
import { fq3, multiplyByFqWide, multiplyByU, multiplyWide, reduce, subtract } from './fq3.ts';
import type { Fq3 } from './fq3.ts';
import type { G1Affine } from './g1.ts';
import { g2, timesTwistA } from './g2.ts';
import type { G2Affine } from './g2.ts';
import type { Jacobian } from './jacobian.ts';
import { signedDigits } from './signed-digits.ts';

/** The digits of T after the leading one. */
const LOOP = signedDigits(T).slice(1);

/** A line through points of the twist, at P = (x, y): (k0 - k1 u x) + k2 u y v, up to a factor from Fq3. */
interface Line {
  readonly k0: Fq3;
  readonly k1: Fq3;
  readonly k2: Fq3;
}

/** The 499 lines of a point of G2 in the order of their use; some 0.5 MB. */
export type PreparedG2 = readonly Line[];

/** One pairing of a product. */
export interface Pair {
  readonly p: G1Affine;
  readonly q: PreparedG2;
}

/**
 * The lines for `q`, which must be a finite point of G2 (outside of the subgroup the loop can meet degenerate lines). A step per
 * digit of T.
 */
export function* prepareSteps(q: G2Affine): Generator<void, PreparedG2> {
  const negative = g2.negate(q);
  const lines: Line[] = [];
  let r = g2.fromAffine(q);
  for (const digit of LOOP) {
    const doubled = doubleWithLine(r);
    lines.push(doubled.line);
    r = doubled.point;
    if (digit !== 0) {
      const added = addWithLine(r, digit === 1 ? q : negative);
      lines.push(added.line);
      r = added.point;
    }
    yield;
  }
  return lines;
}

interface LineStep {
  readonly point: Jacobian<Fq3>;
  readonly line: Line;
}

/** [2] r and the tangent at r, scaled by Z3 Z². The point's formulas are those of `jacobian.ts`; here their parts are needed too. */
function doubleWithLine(r: Jacobian<Fq3>): LineStep {
  const yy = fq3.square(r.y);
  const zz = fq3.square(r.z);
  const s = fq3.scale(fq3.multiply(r.x, yy), 4n);
  const m = fq3.add(fq3.scale(fq3.square(r.x), 3n), timesTwistA(fq3.square(zz)));
  const x = fq3.subtract(fq3.square(m), fq3.scale(s, 2n));
  const y = fq3.subtract(fq3.multiply(m, fq3.subtract(s, x)), fq3.scale(fq3.square(yy), 8n));
  const z = fq3.scale(fq3.multiply(r.y, r.z), 2n);
  return {
    point: { x, y, z },
    line: { k0: fq3.subtract(fq3.multiply(m, r.x), fq3.scale(yy, 2n)), k1: fq3.multiply(m, zz), k2: fq3.multiply(z, zz) },
  };
}

/** r + q and the line through both, scaled by Z3. Never the same or opposite points, as r = [k] q with 1 < k < r - 1. */
function addWithLine(r: Jacobian<Fq3>, q: G2Affine): LineStep {
  const zz = fq3.square(r.z);
  const h = fq3.subtract(fq3.multiply(q.x, zz), r.x);
  const w = fq3.subtract(fq3.multiply(q.y, fq3.multiply(zz, r.z)), r.y);
  const hh = fq3.square(h);
  const hhh = fq3.multiply(hh, h);
  const v = fq3.multiply(r.x, hh);
  const x = fq3.subtract(fq3.subtract(fq3.square(w), hhh), fq3.scale(v, 2n));
  const y = fq3.subtract(fq3.multiply(w, fq3.subtract(v, x)), fq3.multiply(r.y, hhh));
  const z = fq3.multiply(r.z, h);
  return {
    point: { x, y, z },
    line: { k0: reduce(subtract(multiplyWide(w, q.x), multiplyWide(q.y, z))), k1: w, k2: z },
  };
}

/** Whether the product of the pairings is one. */
export function* isPairingProductOneSteps(pairs: readonly Pair[]): Generator<void, boolean> {
  return equalsFq6(yield* pairingProductSteps(pairs), ONE);
}

/** The product of the pairings: one Miller loop in lockstep and one final exponentiation for all. A step per digit of T. */
export function* pairingProductSteps(pairs: readonly Pair[]): Generator<void, Fq6> {
  return yield* finalExponentiationSteps(yield* millerLoopSteps(pairs));
}

function* millerLoopSteps(pairs: readonly Pair[]): Generator<void, Fq6> {
  const loops = pairs.map(({ p, q }) => ({ at: lineArgument(p), lines: q.values() }));
  let f = ONE;
  for (const digit of LOOP) {
    f = squareFq6(f);
    for (const { at, lines } of loops) {
      f = multiplyFq6(f, evaluate(lines.next().value!, at));
      if (digit !== 0) f = multiplyFq6(f, evaluate(lines.next().value!, at));
    }
    yield;
  }
  return f;
}

/** 1/y and x/y of a point of G1. */
interface LineArgument {
  readonly inverseY: Fq;
  readonly xOverY: Fq;
}

/** No point of G1 has y = 0: the group has odd order. */
function lineArgument({ x, y }: G1Affine): LineArgument {
  const inverseY = fq.invert(y);
  return { inverseY, xOverY: fq.multiply(x, inverseY) };
}

/** The line divided by y, which saves three reductions; the final exponentiation takes all factors from Fq3 to one. */
function evaluate({ k0, k1, k2 }: Line, { inverseY, xOverY }: LineArgument): Fq6 {
  return {
    a0: reduce(subtract(multiplyByFqWide(k0, inverseY), multiplyByU(multiplyByFqWide(k1, xOverY)))),
    a1: multiplyByU(k2),
  };
}

/** The power (p⁶ - 1) / r = (p³ - 1) (p + 1) (p + T). */
function* finalExponentiationSteps(f: Fq6): Generator<void, Fq6> {
  const e1 = multiplyFq6(conjugate(f), invertFq6(f));
  const e2 = multiplyFq6(frobeniusFq6(e1), e1);
  const inverse = conjugate(e2);
  let power = e2;
  for (const digit of LOOP) {
    power = squareNormOne(power);
    if (digit !== 0) power = multiplyFq6(power, digit === 1 ? e2 : inverse);
    yield;
  }
  return multiplyFq6(frobeniusFq6(e2), power);
}
