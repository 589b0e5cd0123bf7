/**
 * G2: the subgroup of prime order r of the twist y² = x³ + 11 u² x + 11 b over Fq3. The twist has many more points, some of small order, so
 * every point from outside must be checked to be in the subgroup.
 * @module
 */
import { B, FROBENIUS, G2_GENERATOR, NON_RESIDUE, T } from './constants.ts';
import type { Fq3Backend } from './fq3-backend.ts';
import { sqrtFq3Steps } from './fq3-norm.ts';
import { curveOver } from './jacobian.ts';
import type { Affine, Curve } from './jacobian.ts';

export interface G2Group<E> extends Curve<E> {
  readonly generator: Affine<E>;
  /** 11 u² x. */
  timesTwistA(x: E): E;
  /** One of the two y of a point of the twist with this x (the other is its negative), or undefined if there is none. */
  ySteps(x: E): Generator<void, E | undefined>;
  /** Whether the point is on the twist; not whether it is in the subgroup. */
  isOnTwist(p: Affine<E>): boolean;
  /** Whether a point of the twist is in G2. */
  isInSubgroupSteps(q: Affine<E>): Generator<void, boolean>;
}

export function g2Over<E>(field: Fq3Backend<E>): G2Group<E> {
  const twistB = field.fromFq(NON_RESIDUE * B);
  const minusG = field.fromFq(-FROBENIUS);
  const generator = { x: field.fromCoefficients(G2_GENERATOR.x), y: field.fromCoefficients(G2_GENERATOR.y) };

  const timesTwistA = (x: E) => field.scale(field.multiplyByU(field.multiplyByU(x)), NON_RESIDUE);
  const curve = curveOver<E>(field, timesTwistA, field);

  /** x³ + a' x + b': the value of y² on the twist. */
  const rightSide = (x: E) => field.add(field.add(field.multiply(field.square(x), x), timesTwistA(x)), twistB);

  /** (g^-2 x^p, -y^p), and g^-2 = g⁴ = -g: the Frobenius endomorphism on the twist. */
  const psi = ({ x, y }: Affine<E>): Affine<E> => ({ x: field.multiplyByFq(field.frobenius(x), minusG), y: field.negate(field.frobenius(y)) });

  /**
   * True exactly if psi(Q) = [T] Q, at half the cost of multiplying by r. This is sufficient: the endomorphism psi satisfies psi² - t psi +
   * p = 0 on the whole twist. So for a Q with psi(Q) = [T] Q, T² - t T + p annihilates Q, and for T = t - 1 this is p + 1 - t = r. As r is
   * prime, Q has order r or is infinity. It is necessary: G2 is where psi has the eigenvalue p, and p = T modulo r (Albatross cryptography
   * reference, 4.4).
   */
  function* isInSubgroupSteps(q: Affine<E>): Generator<void, boolean> {
    return curve.equalsAffine(yield* curve.multiplySteps(q, T), psi(q));
  }

  return {
    ...curve,
    generator,
    timesTwistA,
    ySteps: (x) => sqrtFq3Steps(field, rightSide(x)),
    isOnTwist: ({ x, y }) => field.equals(field.square(y), rightSide(x)),
    isInSubgroupSteps,
  };
}
