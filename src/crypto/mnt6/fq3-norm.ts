/**
 * Operations of Fq3 that use the norm, the product of an element's three conjugates, which is in Fq. They are the same for every back end.
 * @module
 */
import { P } from './constants.ts';
import { fq } from './fq.ts';
import type { Fq3Backend } from './fq3-backend.ts';
import { powerSteps } from './power.ts';

/** 1/a = (a^p · a^(p²)) / norm(a), of a nonzero element. */
export function invertFq3<E>(field: Pick<Fq3Backend<E>, 'frobenius' | 'multiply' | 'multiplyByFq' | 'toCoefficients' | 'fromFq'>, a: E): E {
  const conjugate = field.frobenius(a);
  const others = field.multiply(conjugate, field.frobenius(conjugate));
  const norm = field.toCoefficients(field.multiply(a, others)).c0;
  return field.multiplyByFq(others, field.fromFq(fq.invert(norm)));
}

/**
 * A square root, or undefined if there is none. With s = a^((p + 1) / 2) and b = s^p, the product a b² is the norm of a. The norm is in Fq,
 * and it is a square there exactly if a is one; so sqrt(a) = sqrt(a b²) / b (Albatross cryptography reference, 4.3).
 */
export function* sqrtFq3Steps<E>(field: Fq3Backend<E>, a: E): Generator<void, E | undefined> {
  if (field.isZero(a)) return field.zero;
  const b = field.frobenius(yield* powerSteps(field, field, a, (P + 1n) / 2n));
  const norm = field.toCoefficients(field.multiply(a, field.square(b))).c0;
  const [root] = yield* field.sqrtFqManySteps([norm]);
  if (root === undefined) return undefined;
  return field.multiplyByFq(field.invert(b), field.fromFq(root));
}
