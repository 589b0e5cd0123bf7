/**
 * Sums of voting keys by weight. From block to block most signers are the same. So the sum over all recent signers is kept, which soon
 * covers the full set, and the missing signers are subtracted from it where that is less work.
 * @module
 */
import type { Signer } from './signer.ts';
import type { Fq3Store } from './mnt6/fq3-backend.ts';
import type { Affine, Jacobian, Point, Weighted } from './mnt6/jacobian.ts';
import type { Mnt6 } from './mnt6/mnt6.ts';
import { pointOf, storePoint } from './voting-key.ts';
import type { VotingKey } from './voting-key.ts';

interface Share<E> {
  readonly key: VotingKey<E>;
  readonly weight: number;
}

interface KnownSum<E> {
  /** By the name of the key. */
  readonly shares: ReadonlyMap<string, Share<E>>;
  readonly point: Fq3Store<E>;
}

/** The sum of all signers' keys, each taken as often as its weight. */
export type KeySumSteps<E> = (signers: readonly Signer<E>[]) => Generator<void, Point<E>>;

export function keySumsOf<E>(curve: Mnt6<E>): KeySumSteps<E> {
  const { g2 } = curve;
  let known: KnownSum<E> | undefined;

  /** The sum of [weight] key over all shares; those in `minus` are subtracted. */
  function* sumSteps(plus: readonly Share<E>[], minus: readonly Share<E>[] = []): Generator<void, Jacobian<E>> {
    const terms: Weighted<E>[] = [
      ...plus.map(({ key, weight }) => ({ point: pointOf(key), weight })),
      ...minus.map(({ key, weight }) => ({ point: g2.negate(pointOf(key)), weight })),
    ];
    return yield* g2.weightedSumSteps(terms);
  }

  /** Remembers a sum, unless it is infinity: a sum of keys that cancel out is not worth keeping. */
  function remember(shares: ReadonlyMap<string, Share<E>>, point: Point<E>): KnownSum<E> | undefined {
    known = point === 'infinity' ? undefined : { shares, point: storePoint(curve, point) };
    return known;
  }

  return function* keySumSteps(signers) {
    // Computations on BigInt take turns, so `known` may change after each step.
    const base = known;
    const shares = sharesOf(signers);
    const more = surplus(shares, base?.shares);
    const missing = base ? surplus(base.shares, shares) : [];
    if (!base || additions(more) + additions(missing) >= additions([...shares.values()])) {
      const sum = g2.toAffine(yield* sumSteps([...shares.values()]));
      remember(shares, sum);
      return sum;
    }
    const widened = more.length === 0 ? base : remember(withMore(base.shares, more), g2.toAffine(g2.add(yield* sumSteps(more), load(base))));
    if (!widened) return g2.toAffine(yield* sumSteps([...shares.values()]));
    return g2.toAffine(g2.add(yield* sumSteps([], missing), load(widened)));
  };
}

function load<E>({ point }: KnownSum<E>): Affine<E> {
  return { x: point.get(0), y: point.get(1) };
}

/** The part of each key's weight in `a` that exceeds its weight in `b`. */
function surplus<E>(a: ReadonlyMap<string, Share<E>>, b: ReadonlyMap<string, Share<E>> | undefined): Share<E>[] {
  const shares: Share<E>[] = [];
  for (const [name, { key, weight }] of a) {
    const more = weight - (b?.get(name)?.weight ?? 0);
    if (more > 0) shares.push({ key, weight: more });
  }
  return shares;
}

function withMore<E>(shares: ReadonlyMap<string, Share<E>>, more: readonly Share<E>[]): Map<string, Share<E>> {
  const widened = new Map(shares);
  for (const { key, weight } of more) widened.set(key.name, { key, weight: weight + (widened.get(key.name)?.weight ?? 0) });
  return widened;
}

/** Each key once, with the sum of its weights. */
function sharesOf<E>(signers: readonly Signer<E>[]): Map<string, Share<E>> {
  const shares = new Map<string, Share<E>>();
  for (const { key, weight } of signers) shares.set(key.name, { key, weight: weight + (shares.get(key.name)?.weight ?? 0) });
  return shares;
}

/** The number of point additions for the sum: the one bits of all weights. */
function additions<E>(shares: readonly Share<E>[]): number {
  let count = 0;
  for (const { weight } of shares) for (let rest = weight; rest > 0; rest = Math.floor(rest / 2)) count += rest % 2;
  return count;
}
