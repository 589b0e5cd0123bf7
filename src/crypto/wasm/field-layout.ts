/**
 * The layout of numbers modulo p in the module's memory, and the sizes that the generator and the back end share.
 *
 * A number is 15 limbs of 51 bits, each a double that holds an integer from -2^50 to 2^50 - 1, in Montgomery form with R = 2^765. An
 * element of Fq3 is 15 groups of 32 bytes: a limb of c0, of c1, of c2, and one unused. So two SIMD lanes hold two coefficients.
 * @module
 */
import { P } from '../mnt6/constants.ts';

export const LIMBS = 15;
export const LIMB_BITS = 51n;
/** Bytes of an element of Fq3. */
export const ELEMENT_BYTES = 32 * LIMBS;
/** The Montgomery factor. */
export const MONTGOMERY = 1n << (LIMB_BITS * BigInt(LIMBS));

/** `value` in `count` limbs from -2^50 to 2^50 - 1; anything above the last limb is cut off. */
export function toLimbs(value: bigint, count = LIMBS): number[] {
  const limbs: number[] = [];
  for (let i = 0, rest = value; i < count; i++) {
    const limb = BigInt.asIntN(Number(LIMB_BITS), rest);
    limbs.push(Number(limb));
    rest = (rest - limb) >> LIMB_BITS;
  }
  return limbs;
}

/** The representative of a residue nearest to zero. */
export function nearestToZero(value: bigint): bigint {
  const rest = ((value % P) + P) % P;
  return 2n * rest > P ? rest - P : rest;
}

/** Start of the back end's own memory: after tables and scratch space, on a page boundary. */
export const ARENA_START = 65_536;
/** Pages of 64 kB the memory may grow to: 64 MB, a hundred thousand elements; a job needs a few thousand. */
export const MAX_PAGES = 1024;
