/**
 * G2: the subgroup of prime order r of the twist y² = x³ + 11 u² x + 11 b over Fq3. The twist has many more points, some of small
 * order, so that a point that comes from outside must be checked for being in the subgroup.
 * @module
 */
import { B, FROBENIUS, G2_GENERATOR, NON_RESIDUE, T } from './constants.ts';
import { fq3, frobeniusFq3, multiplyByFqWide, multiplyByU, reduce, sqrtFq3Steps } from './fq3.ts';
import type { Fq3 } from './fq3.ts';
import { curveOver } from './jacobian.ts';
import type { Affine, Point } from './jacobian.ts';

export type G2Affine = Affine<Fq3>;
export type G2Point = Point<Fq3>;

const TWIST_B: Fq3 = { c0: NON_RESIDUE * B, c1: 0n, c2: 0n };

/** 11 u² x. */
export function timesTwistA(x: Fq3): Fq3 {
  return fq3.scale(multiplyByU(multiplyByU(x)), NON_RESIDUE);
}

export const g2 = curveOver<Fq3>(fq3, timesTwistA);

export const g2Generator: G2Affine = G2_GENERATOR;

/** x³ + a' x + b': what y² is on the twist. */
function rightSide(x: Fq3): Fq3 {
  return fq3.add(fq3.add(fq3.multiply(fq3.square(x), x), timesTwistA(x)), TWIST_B);
}

/** One of the two y of a point of the twist with this x (the other is its negative), or undefined if there is none. */
export function* g2YSteps(x: Fq3): Generator<void, Fq3 | undefined> {
  return yield* sqrtFq3Steps(rightSide(x));
}

/** Whether the point is on the twist; not whether it is in the subgroup. */
export function isOnTwist(p: G2Affine): boolean {
  return fq3.equals(fq3.square(p.y), rightSide(p.x));
}

/**
 * Whether a point of the twist is in G2: just if psi(Q) = [T] Q. The endomorphism psi, which is Frobenius seen on the twist,
 * satisfies psi² - t psi + p = 0, so that psi = T = t - 1 makes p + 1 - t = r annul Q (Albatross cryptography reference, 4.4). Half
 * the cost of multiplying by r.
 */
export function* isInSubgroupSteps(q: G2Affine): Generator<void, boolean> {
  const multiple = yield* g2.multiplySteps(q, T);
  return g2.equalsAffine(multiple, psi(q));
}

/** (g^-2 x^p, -y^p), and g^-2 = g⁴ = -g. */
function psi({ x, y }: G2Affine): G2Affine {
  return {
    x: reduce(multiplyByFqWide(frobeniusFq3(x), -FROBENIUS)),
    y: fq3.negate(frobeniusFq3(y)),
  };
}
