/**
 * Sums of voting keys by weight. From block to block most signers are the same, so that the sum over all who have signed of late is
 * kept, which soon is that of the full set, and those who are missing are subtracted from it, where that is less work.
 * @module
 */
import type { Signer } from './bls-verifier.ts';
import type { Fq3Store } from './mnt6/fq3-backend.ts';
import type { Jacobian, Point, Weighted } from './mnt6/jacobian.ts';
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

/** The sum of all signers' keys, each as often as its weight says. */
export type KeySumSteps<E> = (signers: readonly Signer<E>[]) => Generator<void, Point<E>>;

export function keySumsOf<E>(curve: Mnt6<E>): KeySumSteps<E> {
  const { g2 } = curve;
  let known: KnownSum<E> | undefined;

  /** [weight] key of all shares; what is in `minus` is subtracted. */
  function* sumSteps(plus: readonly Share<E>[], minus: readonly Share<E>[] = []): Generator<void, Jacobian<E>> {
    const terms: Weighted<E>[] = [
      ...plus.map(({ key, weight }) => ({ point: pointOf(key), weight })),
      ...minus.map(({ key, weight }) => ({ point: g2.negate(pointOf(key)), weight })),
    ];
    return yield* g2.weightedSumSteps(terms);
  }

  return function* keySumSteps(signers) {
    const shares = sharesOf(signers);
    const more: Share<E>[] = [];
    for (const [name, { key, weight }] of shares) {
      const surplus = weight - (known?.shares.get(name)?.weight ?? 0);
      if (surplus > 0) more.push({ key, weight: surplus });
    }
    const missing: Share<E>[] = [];
    for (const [name, { key, weight }] of known?.shares ?? []) {
      const surplus = weight - (shares.get(name)?.weight ?? 0);
      if (surplus > 0) missing.push({ key, weight: surplus });
    }
    if (!known || additions(more) + additions(missing) >= additions([...shares.values()])) {
      const sum = g2.toAffine(yield* sumSteps([...shares.values()]));
      known = sum === 'infinity' ? undefined : { shares, point: storePoint(curve, sum) };
      return sum;
    }
    if (more.length > 0) {
      const all = g2.toAffine(g2.add(yield* sumSteps(more), { x: known.point.get(0), y: known.point.get(1) }));
      // Keys that cancel out: nothing that is worth keeping.
      if (all === 'infinity') {
        known = undefined;
        return g2.toAffine(yield* sumSteps([...shares.values()]));
      }
      const widened = new Map(known.shares);
      for (const { key, weight } of more) widened.set(key.name, { key, weight: weight + (widened.get(key.name)?.weight ?? 0) });
      known = { shares: widened, point: storePoint(curve, all) };
    }
    return g2.toAffine(g2.add(yield* sumSteps([], missing), { x: known.point.get(0), y: known.point.get(1) }));
  };
}

/** Each key once, with the sum of its weights. */
function sharesOf<E>(signers: readonly Signer<E>[]): Map<string, Share<E>> {
  const shares = new Map<string, Share<E>>();
  for (const { key, weight } of signers) shares.set(key.name, { key, weight: weight + (shares.get(key.name)?.weight ?? 0) });
  return shares;
}

/** Point additions that the sum costs: a weight's ones. */
function additions<E>(shares: readonly Share<E>[]): number {
  let count = 0;
  for (const { weight } of shares) for (let rest = weight; rest > 0; rest = Math.floor(rest / 2)) count += rest % 2;
  return count;
}
