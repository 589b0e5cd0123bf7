import { finish } from '../../src/crypto/finish.ts';
import { G1_GENERATOR, P } from '../../src/crypto/mnt6/constants.ts';
import { fq } from '../../src/crypto/mnt6/fq.ts';
import type { Coefficients, Fq3Backend, Fq6 } from '../../src/crypto/mnt6/fq3-backend.ts';
import { g1 } from '../../src/crypto/mnt6/g1.ts';
import type { G1Affine } from '../../src/crypto/mnt6/g1.ts';
import { mnt6 } from '../../src/crypto/mnt6/mnt6.ts';

/** Computes coefficients with one back end; both back ends get the same inputs. */
type Compute = <E>(field: Fq3Backend<E>, of: (i: number) => E, values: readonly Coefficients[]) => readonly (E | Coefficients | boolean)[];

const halves = <E>({ a0, a1 }: Fq6<E>): readonly E[] => [a0, a1];

/** One function per operation. Inputs 0 to 5 are random values or edge cases. */
const operations: Readonly<Record<string, Compute>> = {
  fromCoefficients: (_, of) => [of(0), of(1)],
  fromFq: (field, _, values) => [field.fromFq(values[0]!.c0), field.fromFq(-values[0]!.c1)],
  add: (field, of) => [field.add(of(0), of(1))],
  subtract: (field, of) => [field.subtract(of(0), of(1))],
  negate: (field, of) => [field.negate(of(0))],
  scale: (field, of) => [0n, 1n, -1n, 2n, 3n, -4n, 5n, 8n, 11n, 121n, -121n, 512n, 513n, 1n << 80n].map((factor) => field.scale(of(0), factor)),
  multiply: (field, of) => [field.multiply(of(0), of(1)), field.multiply(of(0), of(0))],
  square: (field, of) => [field.square(of(0))],
  multiplyByFq: (field, of, values) => [field.multiplyByFq(of(0), field.fromFq(values[1]!.c0))],
  multiplyByU: (field, of) => [field.multiplyByU(of(0))],
  frobenius: (field, of) => [field.frobenius(of(0))],
  differenceOfProducts: (field, of) => [field.differenceOfProducts(of(0), of(1), of(2), of(3)), field.differenceOfProducts(of(0), of(1), of(0), of(1))],
  equals: (field, of) => [field.equals(of(0), of(1)), field.equals(of(0), field.subtract(field.add(of(0), of(1)), of(1))), field.isZero(of(0)), field.isZero(field.subtract(of(0), of(0)))],
  multiplyFq6: (field, of) => halves(field.multiplyFq6({ a0: of(0), a1: of(1) }, { a0: of(2), a1: of(3) })),
  squareFq6: (field, of) => halves(field.squareFq6({ a0: of(0), a1: of(1) })),
  // For any element: the formulas are the same whether or not its norm is one.
  squareNormOne: (field, of) => halves(field.squareNormOne({ a0: of(0), a1: of(1) })),
  normFq6: (field, of) => [field.normFq6({ a0: of(0), a1: of(1) })],
  multiplyByLine: (field, of, values) =>
    halves(field.multiplyByLine({ a0: of(0), a1: of(1) }, { k0: of(2), k1: of(3), k2: of(4) }, { inverseY: field.fromFq(values[5]!.c0), xOverY: field.fromFq(values[5]!.c1) })),
  invert: (field, of) => [field.isZero(of(0)) ? field.zero : field.invert(of(0))],
  // Long sums and products of unreduced values.
  chains(field, of) {
    let sum = field.multiplyByU(field.multiplyByU(field.scale(of(0), 121n)));
    for (let i = 0; i < 40; i++) sum = field.subtract(field.scale(sum, 4n), of(i % 6));
    return [sum, field.square(sum), field.multiply(sum, field.scale(sum, 121n))];
  },
};

/**
 * The names of the operations, up to whole pairings, in which `candidate` and `reference` differ on random and edge inputs. Runs
 * wherever both back ends run: the tests run it in Node and in Chromium.
 */
export function differences<A, B>(reference: Fq3Backend<A>, candidate: Fq3Backend<B>, { seed, rounds }: { seed: number; rounds: number }): string[] {
  const random = randomFrom(seed);
  const found = new Set<string>();
  for (let round = 0; round < rounds; round++) {
    const values = Array.from({ length: 6 }, () => ({ c0: coefficient(random), c1: coefficient(random), c2: coefficient(random) }));
    for (const [name, compute] of Object.entries(operations)) {
      if (outcome(reference, compute, values) !== outcome(candidate, compute, values)) found.add(name);
    }
  }
  const roots = [...Array.from({ length: 4 }, () => coefficient(random) ** 2n), coefficient(random) * 17n, 0n, 1n, 17n];
  if (`${squaresOf(reference, roots)}` !== `${squaresOf(candidate, roots)}`) found.add('sqrtFqManySteps');
  const scalar = coefficient(random);
  if (curveOutcome(reference, scalar) !== curveOutcome(candidate, scalar)) found.add('curve');
  return [...found];
}

function outcome<E>(field: Fq3Backend<E>, compute: Compute, values: readonly Coefficients[]): string {
  const mark = field.mark();
  const elements = values.map((value) => field.fromCoefficients(value));
  const results = compute(field, (i) => elements[i]!, values).map((result) => (typeof result === 'boolean' ? String(result) : text(field.toCoefficients(result as E))));
  field.release(mark, []);
  return results.join();
}

/** Compares squares, because either root is a correct result. */
function squaresOf<E>(field: Fq3Backend<E>, values: readonly bigint[]): readonly unknown[] {
  return finish(field.sqrtFqManySteps(values)).map((root) => (root === undefined ? root : ((root * root) % P).toString(16)));
}

/** A multiple of the generator, decoded from its encoding, and pairings with it. */
function curveOutcome<E>(field: Fq3Backend<E>, scalar: bigint): string {
  const mark = field.mark();
  const { g2, encoding, pairing } = mnt6(field);
  const bytes = encoding.encode(g2.toAffine(finish(g2.multiplySteps(g2.generator, scalar + 5n))));
  const point = finish(encoding.decodeSteps(bytes));
  if (!point || point === 'infinity') return `${bytes} is no point`;
  const p = g1.toAffine(finish(g1.multiplySteps(G1_GENERATOR, 1_000_003n))) as G1Affine;
  const pairs = [
    { p: G1_GENERATOR, q: finish(pairing.prepareSteps(point)) },
    { p, q: finish(pairing.prepareSteps(g2.generator)) },
  ];
  const value = finish(pairing.productSteps(pairs));
  const result = [String(bytes), ...halves(value).map((half) => text(field.toCoefficients(half)))].join();
  field.release(mark, []);
  return result;
}

function text({ c0, c1, c2 }: Coefficients): string {
  return [c0, c1, c2].map((value) => value.toString(16)).join(' ');
}

/** Zero, one, values next to p, half of p, unreduced values, single bits at the edges of limbs, and random values. */
function coefficient(random: () => number): bigint {
  const any = () => Array.from({ length: 24 }, random).reduce((value, word) => (value << 32n) | BigInt(Math.floor(word * 2 ** 32)), 0n) % P;
  const bit = 1n << BigInt(Math.floor(random() * 752));
  const edges = [0n, 1n, P - 1n, P, P + 1n, -1n, P >> 1n, (P >> 1n) + 1n, 4n * P - 1n, -3n * P, bit, bit - 1n, P - bit, fq.invert(1n << 765n)];
  const choice = Math.floor(random() * 3 * edges.length);
  return edges[choice] ?? any();
}

/** Mulberry32. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
