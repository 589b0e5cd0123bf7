/**
 * Many aggregate signatures verified together, by a random linear combination. Item i has the error E_i = e(S_i, -G2) · e(H_i, K_i), with
 * S_i the signature, H_i the hashed message and K_i the sum of the keys; E_i = 1 exactly if the item is valid. The multipliers r_i are
 * random and were unknown when the items were made. The product of all E_i^(r_i) is one pairing product. If any E_i is not 1, that product
 * is 1 only with probability 2^-64: GT has prime order, and all S_i, H_i and keys are in their groups. An attacker cannot search for such a
 * batch offline, because each batch gets new multipliers here. At a hundred batches a second it would take 10^9 years, and each failed
 * batch costs the sender its connection. Infinity needs no special case: for a K_i that is infinity, E_i = e(S_i, -G2) is not 1, because
 * S_i must not be infinity.
 * Tests: `src/crypto/run-justifications.test.ts`.
 * @module
 */
import { isWellFormed } from './signer.ts';
import type { Signer } from './signer.ts';
import type { KeySumSteps } from './key-sums.ts';
import { fromLittleEndian } from './little-endian.ts';
import { decodeG1ManySteps } from './mnt6/encoding.ts';
import type { Fq } from './mnt6/fq.ts';
import { g1ToAffineManySteps, multiScalarSteps } from './mnt6/g1-sums.ts';
import type { Term } from './mnt6/g1-sums.ts';
import { g1 } from './mnt6/g1.ts';
import type { G1Affine } from './mnt6/g1.ts';
import { hashToG1ManySteps } from './mnt6/hash-to-g1.ts';
import type { Jacobian } from './mnt6/jacobian.ts';
import type { Mnt6 } from './mnt6/mnt6.ts';
import type { Pair } from './mnt6/pairing.ts';
import type { PreparedLines } from './prepared-lines.ts';
import type { VotingKey } from './voting-key.ts';

/** Bytes of a multiplier: a bad batch passes with probability 2^-64. Each bit costs ten products in Fq per item. */
const MULTIPLIER_LENGTH = 8;

/** Pairs whose Miller loops run in lockstep: they share the squarings, but the lines of all are in memory, 0.5 MB each. */
const LOCKSTEP = 16;

/** The cost of the parts of a verification, in products in Fq; only their ratio matters (Albatross cryptography reference, 9). */
const COST = { prepare: 38_000, millerLoop: 12_000, g2Addition: 62, g1Addition: 10 };

/** One signature over one message. */
export interface BatchItem<E> {
  /** 32 bytes; 95 bytes. */
  readonly sigHash: Uint8Array;
  readonly signature: Uint8Array;
  readonly signers: readonly Signer<E>[];
}

/** Random bytes that no peer can predict. */
export type RandomBytes = (length: number) => Uint8Array;

export const systemRandomBytes: RandomBytes = (length) => crypto.getRandomValues(new Uint8Array(length));

/** The index of the first item that `verifyWeightedSteps` would refuse, or undefined if it would accept all. */
export type FirstInvalidSteps<E> = (items: readonly BatchItem<E>[]) => Generator<void, number | undefined>;

/** An item as points, multiplied by its multiplier r: r H and r S. */
interface Scaled<E> {
  readonly message: G1Affine;
  readonly signature: G1Affine;
  readonly multiplier: bigint;
  readonly signers: readonly Signer<E>[];
}

interface Parts<E> {
  readonly curve: Mnt6<E>;
  readonly lines: PreparedLines<E>;
  readonly keySumSteps: KeySumSteps<E>;
  readonly random: RandomBytes;
}

export function firstInvalidOf<E>({ curve, lines, keySumSteps, random }: Parts<E>): FirstInvalidSteps<E> {
  const { field, pairing } = curve;

  /** Hashes, decodes and multiplies all items before the first malformed one. */
  function* scaleSteps(items: readonly BatchItem<E>[]): Generator<void, Scaled<E>[]> {
    const malformed = items.findIndex((item) => !isWellFormed(item));
    const formed = malformed < 0 ? items : items.slice(0, malformed);
    const signatures: G1Affine[] = [];
    for (const signature of yield* decodeG1ManySteps(formed.map(({ signature }) => signature), field.sqrtFqManySteps)) {
      if (!signature || signature === 'infinity') break;
      signatures.push(signature);
    }
    const good = formed.slice(0, signatures.length);
    const hashed = yield* hashToG1ManySteps(good.map(({ sigHash }) => sigHash), field.sqrtFqManySteps);
    const multipliers: bigint[] = [];
    const multiplied: Jacobian<Fq>[] = [];
    for (const message of hashed) {
      // From 1 to 2^64.
      const multiplier = fromLittleEndian(random(MULTIPLIER_LENGTH)) + 1n;
      multipliers.push(multiplier);
      multiplied.push(yield* g1.multiplySteps(message, multiplier));
    }
    // Never infinity: the group's order is prime and larger than the multiplier.
    const messages = (yield* g1ToAffineManySteps(multiplied)) as G1Affine[];
    return good.map(({ signers }, i) => ({ message: messages[i]!, signature: signatures[i]!, multiplier: multipliers[i]!, signers }));
  }

  /** Whether the product over these items is one. */
  function* holdsSteps(items: readonly Scaled<E>[]): Generator<void, boolean> {
    const [signature] = yield* multiScalarSteps(
      items.map((item) => item.signature),
      [items.map(({ multiplier }, index) => ({ index, scalar: multiplier }))],
    );
    const first: Pair<E>[] = signature === 'infinity' ? [] : [{ p: signature!, q: yield* lines.generatorSteps() }];
    const terms = yield* termsByKeySteps(items);
    return yield* productIsOneSteps(first, isSwapCheaper(items, terms) ? byKeySteps(items, terms) : byItemSteps(items));
  }

  /** One pair per item: e(r H, K). */
  function* byItemSteps(items: readonly Scaled<E>[]): PairSteps<E> {
    for (const { message, signers } of items) {
      const sum = yield* keySumSteps(signers);
      // Such an item is invalid. Left out of the product, it still makes the product differ from one.
      if (sum !== 'infinity') yield { p: message, q: yield* lines.sumSteps(sum) };
    }
  }

  /** The sums swapped, one pair per key: the product over j of e(sum over i of r_i k_ij H_i, PK_j). */
  function* byKeySteps(items: readonly Scaled<E>[], terms: Map<string, KeyTerms<E>>): PairSteps<E> {
    const sums = yield* multiScalarSteps(
      items.map(({ message }) => message),
      [...terms.values()].map(({ terms }) => terms),
    );
    for (const [i, { key }] of [...terms.values()].entries()) {
      const sum = sums[i]!;
      if (sum !== 'infinity') yield { p: sum, q: yield* lines.keySteps(key) };
    }
  }

  function* productIsOneSteps(first: readonly Pair<E>[], more: PairSteps<E>): Generator<void, boolean> {
    const { fq6 } = pairing;
    const mark = field.mark();
    let product = fq6.one;
    let group = [...first];
    for (;;) {
      const step = more.next();
      if (!step.done) {
        if (step.value) group.push(step.value);
        else yield;
      }
      if (group.length < LOCKSTEP && !step.done) continue;
      product = fq6.multiply(product, yield* pairing.millerLoopSteps(group));
      const [a0, a1] = field.release(mark, [product.a0, product.a1]) as [E, E];
      product = { a0, a1 };
      group = [];
      if (step.done) break;
    }
    return fq6.equals(yield* pairing.finalExponentiationSteps(product), fq6.one);
  }

  function isSwapCheaper(items: readonly Scaled<E>[], terms: Map<string, KeyTerms<E>>): boolean {
    let byKey = 0;
    let additions = 0;
    for (const { key, terms: ofKey } of terms.values()) {
      // The lines of a key are also used by later batches.
      byKey += COST.millerLoop + (lines.hasKey(key) ? 0 : COST.prepare / 2);
      additions += ofKey.length;
    }
    return byKey + additions * COST.g1Addition < items.length * (COST.millerLoop + COST.prepare) + additions * COST.g2Addition;
  }

  /** Halves a batch that is known to be bad until one item is left. */
  function* firstBadSteps(items: readonly Scaled<E>[]): Generator<void, number> {
    if (items.length === 1) return 0;
    const half = Math.ceil(items.length / 2);
    const left = items.slice(0, half);
    if (!(yield* holdsSteps(left))) return yield* firstBadSteps(left);
    // The product of both halves is not one, but that of the left half is. So the right half is bad.
    return half + (yield* firstBadSteps(items.slice(half)));
  }

  return function* firstInvalidSteps(items) {
    const scaled = yield* scaleSteps(items);
    if (scaled.length > 0 && !(yield* holdsSteps(scaled))) return yield* firstBadSteps(scaled);
    return scaled.length < items.length ? scaled.length : undefined;
  };
}

/** Pairs as they become ready, with steps in between. */
type PairSteps<E> = Generator<Pair<E> | void, void>;

interface KeyTerms<E> {
  readonly key: VotingKey<E>;
  readonly terms: Term[];
}

/** By the name of the key: the items it signs, and how often. */
function* termsByKeySteps<E>(items: readonly { readonly signers: readonly Signer<E>[] }[]): Generator<void, Map<string, KeyTerms<E>>> {
  const byKey = new Map<string, KeyTerms<E>>();
  for (const [index, { signers }] of items.entries()) {
    yield;
    for (const { key, weight } of signers) {
      const known = byKey.get(key.name) ?? { key, terms: [] };
      known.terms.push({ index, scalar: BigInt(weight) });
      byKey.set(key.name, known);
    }
  }
  return byKey;
}
