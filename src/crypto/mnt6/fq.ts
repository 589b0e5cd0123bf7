/**
 * The prime field Fq of MNT6-753 in BigInt. An element is any integer of its residue class, also a negative one. Only products are reduced,
 * sums and differences are not, because that is fastest in BigInt (a sum takes 0.04 µs, a product 0.3, a reduction 0.7). Between two
 * products an element may grow by a few bits; 15 bits fit before BigInt needs another 64-bit digit.
 * @module
 */
import { garbageCollected } from './arena.ts';
import { P, ROOT_OF_UNITY, TWO_ADICITY } from './constants.ts';
import type { Field } from './field.ts';
import { powerSteps } from './power.ts';

/** A residue modulo p, represented by any integer not far beyond p in absolute value. */
export type Fq = bigint;

/** p - 1 = 2^30 · ODD. */
const ODD = (P - 1n) >> BigInt(TWO_ADICITY);

/** The representative from 0 to p - 1. */
export function canonical(a: Fq): bigint {
  const rest = a % P;
  return rest < 0n ? rest + P : rest;
}

export const fq: Field<Fq> = {
  zero: 0n,
  one: 1n,
  add: (a, b) => a + b,
  subtract: (a, b) => a - b,
  negate: (a) => -a,
  scale: (a, factor) => a * factor,
  multiply: (a, b) => (a * b) % P,
  square: (a) => (a * a) % P,
  differenceOfProducts: (a, b, c, d) => (a * b - c * d) % P,
  invert: invertFq,
  equals: (a, b) => (a - b) % P === 0n,
  isZero: (a) => a % P === 0n,
};

/** By the extended Euclidean algorithm, which is ten times as fast as Fermat's little theorem. */
function invertFq(a: Fq): Fq {
  let [r0, r1] = [P, canonical(a)];
  let [s0, s1] = [0n, 1n];
  while (r1 !== 0n) {
    const quotient = r0 / r1;
    [r0, r1] = [r1, r0 - quotient * r1];
    [s0, s1] = [s1, s0 - quotient * s1];
  }
  return s0;
}

/** Bits of a discrete logarithm found at once; a divisor of its 30 bits. */
const LOG_WINDOW = 6;

/** Row i: z^(k · 2^(6 i)) for each k of six bits, with z = ROOT_OF_UNITY. */
const ROOT_POWERS = rootPowers();

/** Finds k from z^(k · 2^24), which has an order of at most 64. */
const LOGARITHMS = new Map(ROOT_POWERS.at(-1)!.map((power, k) => [power, k]));

function rootPowers(): readonly (readonly bigint[])[] {
  const rows: bigint[][] = [];
  let base = ROOT_OF_UNITY;
  for (let i = 0; i < TWO_ADICITY; i += LOG_WINDOW) {
    const row = [1n];
    for (let k = 1; k < 1 << LOG_WINDOW; k++) row.push(fq.multiply(row[k - 1]!, base));
    rows.push(row);
    base = fq.multiply(row.at(-1)!, base);
  }
  return rows;
}

/**
 * A square root, or undefined if there is none. Tonelli-Shanks, with the logarithm to the base z taken by Pohlig-Hellman six bits at a time
 * from a table, instead of bit by bit.
 */
export function* sqrtFqSteps(a: Fq): Generator<void, Fq | undefined> {
  return rootByPower(a, yield* powerSteps<Fq>(fq, garbageCollected, a, SQRT_EXPONENT));
}

/** The exponent used on the way to a square root: computing this power is nearly all of the work. */
export const SQRT_EXPONENT = (ODD - 1n) / 2n;

/** As `sqrtFqSteps`, given w = a^SQRT_EXPONENT. */
export function rootByPower(a: Fq, w: Fq): Fq | undefined {
  if (fq.isZero(a)) return 0n;
  const root = fq.multiply(a, w);
  // root² = a · rest, and the order of `rest` divides 2^30: rest = z^log.
  const rest = canonical(fq.multiply(root, w));
  const log = logarithm(rest);
  if (log % 2 !== 0) return undefined;
  // root / z^(log / 2); z has order 2^30.
  return fq.multiply(root, powerOfRoot((2 ** TWO_ADICITY - log) / 2));
}

/** The roots of several values, one after the other. */
export function* sqrtFqManySteps(values: readonly Fq[]): Generator<void, (Fq | undefined)[]> {
  const roots: (Fq | undefined)[] = [];
  for (const value of values) roots.push(yield* sqrtFqSteps(value));
  return roots;
}

/** log from 0 to 2^30 - 1 with z^log = `a`, which has an order that divides 2^30. */
function logarithm(a: Fq): number {
  // powers[i] = a^(2^(6 i)).
  const powers = [a];
  for (let i = LOG_WINDOW; i < TWO_ADICITY; i += LOG_WINDOW) {
    let power = powers.at(-1)!;
    for (let k = 0; k < LOG_WINDOW; k++) power = fq.square(power);
    powers.push(power);
  }
  let log = 0;
  // From the lowest bits of the logarithm, which need the highest power, upwards.
  for (let known = 0; known < TWO_ADICITY; known += LOG_WINDOW) {
    const shift = TWO_ADICITY - LOG_WINDOW - known;
    // a^(2^shift) without the part already known: in the subgroup of order 64.
    const left = fq.multiply(powers[shift / LOG_WINDOW]!, powerOfRoot(2 ** TWO_ADICITY - log * 2 ** shift));
    log += LOGARITHMS.get(canonical(left))! * 2 ** known;
  }
  return log;
}

/** z^exponent, for 0 <= exponent <= 2^30. */
function powerOfRoot(exponent: number): Fq {
  let power = 1n;
  for (const [i, row] of ROOT_POWERS.entries()) power = fq.multiply(power, row[(exponent >> (i * LOG_WINDOW)) & ((1 << LOG_WINDOW) - 1)]!);
  return power;
}

/** Whether `a` has a square root, by Jacobi's symbol: much cheaper than finding the root. */
export function isSquareFq(a: Fq): boolean {
  let [x, n] = [canonical(a), P];
  if (x === 0n) return true;
  let sign = 1;
  while (x !== 0n) {
    const zeros = trailingZeros(x);
    x >>= BigInt(zeros);
    const nMod8 = Number(BigInt.asUintN(3, n));
    // (2 / n) = -1 for n = 3 or 5 modulo 8; and reciprocity.
    if (zeros % 2 === 1 && (nMod8 === 3 || nMod8 === 5)) sign = -sign;
    if (nMod8 % 4 === 3 && Number(BigInt.asUintN(2, x)) === 3) sign = -sign;
    [x, n] = [n % x, x];
  }
  return sign === 1;
}

/** The number of trailing zero bits of a positive integer. */
function trailingZeros(a: bigint): number {
  for (let zeros = 0; ; zeros += 30) {
    const word = Number(BigInt.asUintN(30, a >> BigInt(zeros)));
    if (word !== 0) return zeros + 31 - Math.clz32(word & -word);
  }
}
