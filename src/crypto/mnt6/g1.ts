/**
 * G1: the points of MNT6-753 over Fq. All of them form the group of prime order r, so a point on the curve is in the group.
 * @module
 */
import { A, B, G1_GENERATOR } from './constants.ts';
import { fq } from './fq.ts';
import type { Fq } from './fq.ts';
import { curveOver } from './jacobian.ts';
import type { Affine, Point } from './jacobian.ts';

export type G1Affine = Affine<Fq>;
export type G1Point = Point<Fq>;

export const g1 = curveOver<Fq>(fq, (x) => A * x);

export const g1Generator: G1Affine = G1_GENERATOR;

/** x³ + 11 x + b: the value of y². */
export function g1RightSide(x: Fq): Fq {
  return fq.add(fq.multiply(fq.add(fq.square(x), A), x), B);
}

export function isOnCurve(p: G1Affine): boolean {
  return fq.equals(fq.square(p.y), g1RightSide(p.x));
}
