/**
 * Sums of many points of G1 in affine coordinates: the inversions of all independent additions are done as one (Montgomery's trick). That
 * leaves six products per addition, while Jacobian coordinates need eleven.
 * @module
 */
import { A, P } from './constants.ts';
import { fq } from './fq.ts';
import type { Fq } from './fq.ts';
import { g1 } from './g1.ts';
import type { G1Affine, G1Point } from './g1.ts';
import type { Jacobian } from './jacobian.ts';
import { signedDigits } from './signed-digits.ts';

/** Additions or terms per step: a few hundred microseconds. */
const STEP = 32;

/** A point, by its index in a list, and its factor: an integer above zero. */
export interface Term {
  readonly index: number;
  readonly scalar: bigint;
}

/**
 * For each set of terms, the sum of [scalar] points[index]. The points are sorted by set and digit, summed together, and only the sums are
 * doubled. At 64 bits and a hundred points this is as fast as Pippenger's buckets: 21 additions per term and no tables.
 */
export function* multiScalarSteps(points: readonly G1Affine[], sets: readonly (readonly Term[])[]): Generator<void, G1Point[]> {
  const negatives = points.map((point) => g1.negate(point));
  // byPlace[s][k]: the points to sum for digit 2^k of set s.
  const byPlace: G1Affine[][][] = [];
  for (const terms of sets) {
    const places: G1Affine[][] = [];
    for (const [n, { index, scalar }] of terms.entries()) {
      if (n % STEP === 0) yield;
      for (const [i, digit] of signedDigits(scalar).toReversed().entries()) {
        const place = (places[i] ??= []);
        if (digit !== 0) place.push(digit === 1 ? points[index]! : negatives[index]!);
      }
    }
    byPlace.push(places);
    yield;
  }
  const sums = (yield* sumListsSteps(byPlace.flat())).values();
  const results: Jacobian<Fq>[] = [];
  for (const places of byPlace) {
    const ofSet = places.map(() => sums.next().value!);
    let sum = g1.infinity;
    for (const point of ofSet.toReversed()) {
      sum = g1.double(sum);
      if (point !== 'infinity') sum = g1.add(sum, point);
      yield;
    }
    results.push(sum);
  }
  return yield* g1ToAffineManySteps(results);
}

/** The sum of each list. */
export function* sumListsSteps(lists: readonly (readonly G1Affine[])[]): Generator<void, G1Point[]> {
  let level: readonly (readonly G1Affine[])[] = lists;
  while (level.some((list) => list.length > 1)) {
    const pairs: [G1Affine, G1Affine][] = [];
    for (const list of level) for (let i = 0; i + 1 < list.length; i += 2) pairs.push([list[i]!, list[i + 1]!]);
    const sums = (yield* addPairsSteps(pairs)).values();
    level = level.map((list) => {
      const next: G1Affine[] = [];
      for (let i = 0; i + 1 < list.length; i += 2) {
        const sum = sums.next().value!;
        if (sum !== 'infinity') next.push(sum);
      }
      if (list.length % 2 === 1) next.push(list.at(-1)!);
      return next;
    });
  }
  return level.map(([sum]) => sum ?? 'infinity');
}

/** The sum of each pair. Equal points are doubled; opposite points give infinity. */
function* addPairsSteps(pairs: readonly (readonly [G1Affine, G1Affine])[]): Generator<void, G1Point[]> {
  const slopes: { readonly over: Fq; readonly under: Fq | undefined }[] = [];
  for (const [i, [p, q]] of pairs.entries()) {
    if (i % STEP === 0) yield;
    slopes.push(slopeOf(p, q));
  }
  const inverses = yield* invertManySteps(slopes.map(({ under }) => under ?? 1n));
  const sums: G1Point[] = [];
  for (const [i, [p, q]] of pairs.entries()) {
    const { over, under } = slopes[i]!;
    if (under === undefined) {
      sums.push('infinity');
      continue;
    }
    const slope = fq.multiply(over, inverses[i]!);
    const x = (slope * slope - p.x - q.x) % P;
    sums.push({ x, y: (slope * (p.x - x) - p.y) % P });
    if (i % STEP === 0) yield;
  }
  return sums;
}

/**
 * The slope of the line through both points as a fraction, or of the tangent if they are equal. For opposite points there is no
 * denominator.
 */
function slopeOf(p: G1Affine, q: G1Affine): { readonly over: Fq; readonly under: Fq | undefined } {
  const width = q.x - p.x;
  if (!fq.isZero(width)) return { over: q.y - p.y, under: width };
  // No point has y = 0: the group has odd order.
  return fq.equals(p.y, q.y) ? { over: 3n * fq.square(p.x) + A, under: 2n * p.y } : { over: 0n, under: undefined };
}

/** 1/a of each, all nonzero: one inversion, and three products each. */
function* invertManySteps(values: readonly Fq[]): Generator<void, Fq[]> {
  const products: Fq[] = [];
  let product: Fq = 1n;
  for (const [i, value] of values.entries()) {
    products.push(product);
    product = fq.multiply(product, value);
    if (i % STEP === 0) yield;
  }
  let inverse = fq.invert(product);
  const inverses: Fq[] = [];
  for (let i = values.length - 1; i >= 0; i--) {
    inverses[i] = fq.multiply(inverse, products[i]!);
    inverse = fq.multiply(inverse, values[i]!);
    if (i % STEP === 0) yield;
  }
  return inverses;
}

/** Jacobian points converted to affine ones, with one inversion for all. */
export function* g1ToAffineManySteps(points: readonly Jacobian<Fq>[]): Generator<void, G1Point[]> {
  const inverses = yield* invertManySteps(points.map((point) => (g1.isInfinity(point) ? 1n : point.z)));
  return points.map((point, i) => {
    if (g1.isInfinity(point)) return 'infinity';
    const square = fq.square(inverses[i]!);
    return { x: fq.multiply(point.x, square), y: fq.multiply(point.y, fq.multiply(square, inverses[i]!)) };
  });
}
